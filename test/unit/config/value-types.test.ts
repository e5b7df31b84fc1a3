import { describe, expect, it } from 'vitest';
import {
  boolean,
  duration,
  label,
  listenAddress,
  listOf,
  minimumFree,
  path,
  percent,
  serverUrl,
  timeOfDay,
  urlPath,
  whole,
} from '../../../src/config/value-types.ts';

const hour = duration(1000, 3_600_000);

describe('values', () => {
  it.each([
    [hour, '5s', 5000],
    [hour, '1m30s', 90_000],
    [hour, '1h', 3_600_000],
    [hour, '1500ms', 1500],
    [timeOfDay, '00:00', 0],
    [timeOfDay, '03:30', 210],
    [timeOfDay, '23:59', 1439],
    [whole(1, 10), '10', 10],
    [percent(0, 100), '10%', 10],
    [percent(0, 100), '2.5', 2.5],
    [boolean, 'true', true],
    [boolean, 'false', false],
    [path('FILE'), 'a b', 'a b'],
    [urlPath, '/metrics', '/metrics'],
    [urlPath, '/a/b-c.d', '/a/b-c.d'],
    [urlPath, '/api', '/api'],
    [listenAddress, ':0', { port: 0 }],
    [listenAddress, 'localhost:65535', { host: 'localhost', port: 65_535 }],
    [listenAddress, '10.0.0.1:80', { host: '10.0.0.1', port: 80 }],
    [listenAddress, '[::]:80', { host: '::', port: 80 }],
    [listenAddress, '[fe80::1%eth0]:80', { host: 'fe80::1%eth0', port: 80 }],
    [listenAddress, 'unix:/run/a b.sock', { path: '/run/a b.sock' }],
    [listenAddress, `unix:/${'a'.repeat(106)}`, { path: `/${'a'.repeat(106)}` }],
    [minimumFree, '10%', { percent: 10 }],
    [minimumFree, 'docker-253:1-7-pool=5', { pool: 'docker-253:1-7-pool', percent: 5 }],
    [minimumFree, 'a=b=5%', { pool: 'a=b', percent: 5 }],
    [label, 'a_1=b=c d', { name: 'a_1', value: 'b=c d' }],
    [listOf(whole(0, 9)), '1, 2,3', [1, 2, 3]],
  ])('%o takes %j', (type, text, value) => {
    expect(type.parse(text)).toEqual(value);
  });

  it.each([
    [timeOfDay, ['', '3:30', '24:00', '03:60', '03:30:00', '0330', ' 03:30', '210']],
    [hour, ['5', '', 's', '5 s', '-5s', '1s1m', '999ms', '2h', '5S', '1.5s', '1e9s', '9999999s']],
    [whole(1, 10), ['0', '11', '1.0', '1e1', '0x1', '-1', ' 1', 'NaN', 'Infinity', '']],
    [percent(0, 50), ['51', '-1', '5%%', '%', '1e1', 'NaN', '']],
    [boolean, ['yes', '1', 'TRUE', 'toString', '']],
    [path('DIR'), ['a\0b']],
    [
      urlPath,
      [
        'metrics',
        '/',
        '/a/',
        '//a',
        '/a b',
        '/a?b',
        '/:a',
        '/*',
        '/../a',
        '/a/..',
        '/-/healthy',
        '/api/x',
        '/é',
      ],
    ],
    [
      listenAddress,
      [
        '10058',
        ':',
        ':65536',
        '::1:80',
        '[::1]',
        '[1.2.3.4]:80',
        '[zz]:80',
        'a b:1',
        '-a:1',
        '1.2.3:80',
        '999.1.1.1:1',
        'http://a:80',
        ':80/',
        'unix:',
        'unix:a.sock',
        'unix:/run/',
        'unix:/a\0b',
        `unix:/${'a'.repeat(107)}`,
        '/run/a.sock',
      ],
    ],
    [minimumFree, ['=5%', '100%', 'a=', 'a', 'a=-1', '']],
    [listOf(whole(0, 9)), ['1,,2', '1,10', ',', '']],
    [serverUrl, ['', 'a:9093', 'ftp://a', 'http://', 'http://u@a', 'http://a?x', 'http://a#x', 'http://a b']],
    [label, ['', 'a', '=b', '1a=b', 'a-b=c', '__a=b']],
  ])('%o refuses', (type, texts) => {
    for (const text of texts) expect([text, type.parse(text)]).toEqual([text, undefined]);
  });
});
