import { readdirSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { collectors } from '../../../src/collectors/index.ts';
import type { Host } from '../../../src/model/host.ts';
import { hostsDir, replayCase } from '../../support/replayed.ts';

/** Every command that any variant of any collector would run on this host. */
function commandsFor(host: Host): string[] {
  return collectors
    .flatMap((collector) => collector.queries(host, { segMonitor: 'on' }))
    .flatMap((query) => query.variants)
    .flatMap(({ input }) => ('command' in input ? [input.command.join(' ')] : []));
}

/** Every path of Docker's Engine API that any would request. */
function requestsFor(host: Host): string[] {
  return collectors
    .flatMap((collector) => collector.queries(host, { segMonitor: 'on' }))
    .flatMap((query) => query.variants)
    .flatMap(({ input }) => ('engine' in input ? input.engine : []));
}

async function allOf(listFor: (host: Host) => string[]): Promise<string[]> {
  const hosts = await Promise.all(readdirSync(hostsDir).map((name) => replayCase(name)));
  return [...new Set(hosts.flatMap(({ host }) => listFor(host)))];
}

// The exporter's own queries must not make others hang.
describe('the commands of all collectors on all captured hosts', async () => {
  const commands = await allOf(commandsFor);
  const starting = (words: string) => commands.filter((command) => command.startsWith(words));

  test('commit no metadata: every status of device-mapper is queried with --noflush', () => {
    expect(starting('dmsetup status').length).toBeGreaterThan(10);
    expect(starting('dmsetup status').filter((command) => !command.includes(' --noflush '))).toEqual([]);
    // With a target these two query a status as well (lvm2 libdm/dm-tools/dmsetup.c, _process_all).
    expect(commands.filter((command) => /^dmsetup (?:ls|status) .*--target/.test(command))).toEqual([]);
  });

  test('take and give names as the kernel has them, so that one odd name does not blind the host', () => {
    expect(starting('dmsetup ').filter((command) => !command.includes(' --manglename none'))).toEqual([]);
  });

  test('change nothing', () => {
    const readOnly =
      /^(?:dmsetup (?:info|table|deps|status) |lvs |vgs |lvm (?:lvmconfig|dumpconfig) |docker (?:info|ps|inspect)|stat (?:-f|-L) |df -P -k -- |qm status [0-9]+ --verbose$|virsh -r -c qemu:\/\/\/system domstate --reason --domain |pgrep -lx [a-z|-]+$|grep -(?:raHm1|raHoE|aF|aHoE|aoHE) .* -- (?:\/etc\/pve\/nodes|\/etc\/libvirt\/qemu|\/proc\/1\/mountinfo|(?:\/\S+\/vol_data\.json ?)+|(?:\/proc\/\d+\/(?:comm|cmdline|mountinfo) ?)+)$)/;
    expect(commands.filter((command) => !readOnly.test(command))).toEqual([]);
  });

  test("request from Docker's daemon what the commands request, and nothing else", async () => {
    const requests = await allOf(requestsFor);
    expect(requests.length).toBeGreaterThan(3);
    const host = /^\/(?:info|containers\/json|containers\/[0-9a-f]{64}\/json)$/;
    expect(requests.filter((path) => !host.test(path))).toEqual([]);
  });
});
