import { readdirSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { sources } from '../../../src/collectors/index.ts';
import type { Host } from '../../../src/model/host.ts';
import { hostsDir, replayCase } from '../../support/replayed.ts';

/** Every command that any way of any source would run on this host. */
function commandsFor(host: Host): string[] {
  return sources
    .flatMap((source) => source.questions(host, { segMonitor: 'on' }))
    .flatMap((question) => question.ways)
    .flatMap(({ access }) => ('command' in access ? [access.command.join(' ')] : []));
}

/** Every path of Docker's Engine API that any would ask. */
function requestsFor(host: Host): string[] {
  return sources
    .flatMap((source) => source.questions(host, { segMonitor: 'on' }))
    .flatMap((question) => question.ways)
    .flatMap(({ access }) => ('engine' in access ? access.engine : []));
}

async function allOf(asked: (host: Host) => string[]): Promise<string[]> {
  const hosts = await Promise.all(readdirSync(hostsDir).map((name) => replayCase(name)));
  return [...new Set(hosts.flatMap(({ host }) => asked(host)))];
}

// The exporter's own readings must not be what makes others hang.
describe('the commands of all sources on all captured hosts', async () => {
  const commands = await allOf(commandsFor);
  const starting = (words: string) => commands.filter((command) => command.startsWith(words));

  test('commit no metadata: every status of device-mapper is asked with --noflush', () => {
    expect(starting('dmsetup status').length).toBeGreaterThan(10);
    expect(starting('dmsetup status').filter((command) => !command.includes(' --noflush '))).toEqual([]);
    // With a target these two ask a status as well (lvm2 libdm/dm-tools/dmsetup.c, _process_all).
    expect(commands.filter((command) => /^dmsetup (?:ls|status) .*--target/.test(command))).toEqual([]);
  });

  test('take and give names as the kernel has them, so that one odd name does not blind the host', () => {
    expect(starting('dmsetup ').filter((command) => !command.includes(' --manglename none'))).toEqual([]);
  });

  test('change nothing', () => {
    const reading =
      /^(?:dmsetup (?:info|table|deps|status) |lvs |vgs |lvm (?:lvmconfig|dumpconfig) |docker (?:info|ps|inspect)|stat (?:-f|-L) )/;
    expect(commands.filter((command) => !reading.test(command))).toEqual([]);
  });

  test("ask Docker's daemon for what the commands ask it, and nothing else", async () => {
    const requests = await allOf(requestsFor);
    expect(requests.length).toBeGreaterThan(3);
    const known = /^\/(?:info|containers\/json|containers\/[0-9a-f]{64}\/json)$/;
    expect(requests.filter((path) => !known.test(path))).toEqual([]);
  });
});
