import { expect, it } from 'vitest';
import { messageOf } from '../../../src/format/error-message.ts';

it.each([
  ["ENOENT: no such file or directory, open '/x'", 'no such file or directory: /x'],
  ['EIO: i/o error, read', 'i/o error'],
  ['EISDIR: illegal operation on a directory, read', 'it is a directory'],
  [
    "EXDEV: cross-device link not permitted, rename '/a' -> '/b'",
    'cross-device link not permitted: /a -> /b',
  ],
  ['connect ECONNREFUSED 127.0.0.1:9093', 'connection refused: 127.0.0.1:9093'],
  ['connect ENOENT /var/run/docker.sock', 'no such file or directory: /var/run/docker.sock'],
  ['getaddrinfo ENOTFOUND nowhere.example', 'unknown host name: nowhere.example'],
  ['listen EADDRINUSE: address already in use :::10058', 'address already in use: :::10058'],
  ['read ECONNRESET', 'connection reset'],
  ['a sentence of our own', 'a sentence of our own'],
])('says %j in plain words', (message, plain) => {
  expect(messageOf(new Error(message))).toBe(plain);
});

it('takes anything that is thrown', () => {
  expect(messageOf('text')).toBe('text');
  expect(messageOf(undefined)).toBe('undefined');
});
