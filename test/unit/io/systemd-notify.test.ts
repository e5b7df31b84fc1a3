import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ReadResult } from '../../../src/io/read.ts';
import { failure } from '../../../src/io/read.ts';
import { openServiceManager } from '../../../src/io/systemd-notify.ts';
import { writeTools } from '../../support/program.ts';

const sent = (exitCode = 0, stderr = ''): ReadResult => ({
  ok: true,
  output: { stdout: '', stderr, exitCode, takenAt: 0 },
});

function open(environment: Record<string, string>, answer: () => Promise<ReadResult> = async () => sent()) {
  const words: string[] = [];
  const warnings: string[] = [];
  const manager = openServiceManager({
    environment,
    log: { warn: (fields) => warnings.push(JSON.stringify(fields)) },
    send: (message) => {
      words.push(message.join(' '));
      return answer();
    },
  });
  return { manager, words, warnings };
}

const watched = { NOTIFY_SOCKET: '/run/notify', WATCHDOG_USEC: '60000000' };

describe('words to systemd', () => {
  beforeEach(() => vi.useFakeTimers());
  afterEach(() => vi.useRealTimers());

  it('are not sent if nothing listens', async () => {
    const { manager, words } = open({ WATCHDOG_USEC: '60000000' });
    manager.ready();
    await vi.advanceTimersByTimeAsync(120_000);
    manager.stopping();
    expect(words).toEqual([]);
  });

  it('come twice in the time of the watchdog, until we stop', async () => {
    const { manager, words } = open(watched);
    manager.ready();
    await vi.advanceTimersByTimeAsync(95_000);
    expect(words).toEqual(['--ready', 'WATCHDOG=1', 'WATCHDOG=1', 'WATCHDOG=1']);
    manager.stopping();
    await vi.advanceTimersByTimeAsync(95_000);
    expect(words.slice(4)).toEqual(['STOPPING=1']);
  });

  it.each([
    ['no watchdog', { NOTIFY_SOCKET: '/run/notify' }],
    ['a watchdog of another process', { ...watched, WATCHDOG_PID: '1' }],
    ['a time that is none', { ...watched, WATCHDOG_USEC: 'soon' }],
  ])('report nothing more with %s', async (_, environment) => {
    const { manager, words } = open(environment);
    manager.ready();
    await vi.advanceTimersByTimeAsync(3_600_000);
    expect(words).toEqual(['--ready']);
  });

  it('wait for the one before', async () => {
    const { manager, words } = open(watched, () => new Promise(() => {}));
    manager.ready();
    await vi.advanceTimersByTimeAsync(600_000);
    expect(words).toEqual(['--ready', 'WATCHDOG=1']);
  });

  it.each([
    ['is not there', failure('not-installed', 'systemd-notify is not on the PATH'), /not on the PATH/],
    ['fails', sent(1, 'Failed to notify init system'), /exit status 1: Failed to notify/],
  ])('once say that systemd-notify %s', async (_, result, why) => {
    const { manager, warnings } = open(watched, async () => result);
    manager.ready();
    await vi.advanceTimersByTimeAsync(600_000);
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toMatch(why);
  });
});

it('does without --no-block where systemd-notify is older than that', async () => {
  const place = mkdtempSync(join(tmpdir(), 'notify-'));
  const seen = join(place, 'seen');
  const path = writeTools(join(place, 'bin'), {
    'systemd-notify': `[ "$1" = --no-block ] && { echo "unrecognized option '--no-block'" >&2; exit 1; }
echo "$NOTIFY_SOCKET $*" >>${seen}`,
  });
  const warn = vi.fn();
  const environment = { NOTIFY_SOCKET: '@socket', PATH: `${path}:/usr/bin:/bin` };
  openServiceManager({ environment, log: { warn } }).ready();
  await vi.waitFor(() => expect(readFileSync(seen, 'utf8')).toBe('@socket --ready\n'), 10_000);
  expect(warn).not.toHaveBeenCalled();
});
