import { describe, expect, it } from 'vitest';
import { ScriptedHost } from '../../support/scripted.ts';

const healthy = '1 20/1024 100/3200 - rw discard_passdown queue_if_no_space - 256 ';
const info = (driver: string) =>
  JSON.stringify({ Driver: driver, ServerVersion: '20.10.24', DriverStatus: [['Pool Name', 'p']] });
const id = (digit: string) => digit.repeat(64);
const row = (name: string, dmName: string) =>
  `${JSON.stringify([`/${name}`, 'nginx', { Data: { DeviceName: dmName }, Name: 'devicemapper' }])}\n`;

/** A host with two thin volumes, of which Docker names the first. */
async function start(): Promise<ScriptedHost> {
  const host = new ScriptedHost(['devices', 'pools', 'volumes', 'docker', 'containers']);
  host.pool('p', healthy);
  const volumes = ['docker-1:1-1-a', 'docker-1:1-1-b'];
  const lines = (text: (name: string, index: number) => string) => volumes.map(text).join('');
  host.outputs.set(
    'devices/info',
    `${lines((name, index) => `253|${5 + index}|L--w|1|0||${name}\n`)}253|2|L--w|1|0||p\n`,
  );
  host.outputs.set(
    'devices/table',
    lines((name, index) => `${name}: 0 2048 thin 253:2 ${index}\n`) +
      'p: 0 409600 thin-pool 253:0 253:1 128 0 0\n',
  );
  host.outputs.set(
    'volumes/p',
    lines((name) => `${name}: 0 2048 thin 128 127\n`),
  );
  host.outputs.set('docker/info', info('devicemapper'));
  host.outputs.set('containers/list', `${id('a')}\n`);
  host.outputs.set('containers/inspect', row('web', 'docker-1:1-1-a'));
  await host.pass(10);
  return host;
}

const names = ({ monitor }: ScriptedHost) =>
  monitor.current().host.pools[0]?.volumes.map(({ knownAs }) => knownAs?.name);
const timesRead = (host: ScriptedHost, what: string) => host.reads.filter((place) => place === what).length;

describe('names of containers', () => {
  it('are there within seconds, and new ones at the next list', async () => {
    const host = await start();
    expect(names(host)).toEqual(['web', undefined]);
    host.outputs.set('containers/list', `${id('a')}\n${id('b')}\n`);
    host.outputs.set('containers/inspect', row('web', 'docker-1:1-1-a') + row('app', 'docker-1:1-1-b'));
    await host.pass(64);
    expect(names(host)).toEqual(['web', 'app']);
  });

  it('are queried once a minute: a list, then the devices, never both at once', async () => {
    const host = await start();
    host.reads.length = 0;
    await host.pass(240);
    const own = host.reads.filter((place) => place.startsWith('containers/'));
    expect(own.length).toBeGreaterThanOrEqual(7);
    expect(own.length).toBeLessThanOrEqual(9);
    for (const [index, place] of own.entries()) expect(place).toBe(index % 2 === 0 ? own[0] : own[1]);
  });

  it('cost one child of a dockerd that hangs with docker inspect, and stay', async () => {
    const host = await start();
    host.outputs.set('containers/inspect', 'wait');
    host.reads.length = 0;
    await host.pass(200);
    expect(timesRead(host, 'containers/inspect')).toBe(1);
    expect(names(host)).toEqual(['web', undefined]);
  });

  it('cost one child of a dockerd that hangs with docker ps, and stay', async () => {
    const host = await start();
    host.outputs.set('containers/list', 'wait');
    host.outputs.set('containers/inspect', 'wait');
    host.reads.length = 0;
    await host.pass(200);
    expect(host.reads.filter((place) => place.startsWith('containers/'))).toEqual(['containers/list']);
    expect(names(host)).toEqual(['web', undefined]);
  });

  it('are not queried by the ids of an old list, while docker ps fails', async () => {
    const host = await start();
    host.outputs.delete('containers/list');
    host.reads.length = 0;
    await host.pass(200);
    expect(timesRead(host, 'containers/list')).toBeGreaterThanOrEqual(3);
    expect(timesRead(host, 'containers/inspect')).toBe(0);
    expect(names(host)).toEqual(['web', undefined]);
  });

  it('cost no child at all of a dockerd that hangs with docker info, stay, and are queried again after it', async () => {
    const host = await start();
    host.outputs.set('docker/info', 'wait');
    await host.pass(75);
    host.reads.length = 0;
    await host.pass(200);
    expect(host.reads.filter((place) => place.startsWith('containers/'))).toEqual([]);
    expect(host.monitor.current().host.dockerInfos).toEqual([]);
    expect(names(host)).toEqual(['web', undefined]);
    host.outputs.set('docker/info', info('devicemapper'));
    host.outputs.set('containers/inspect', row('renamed', 'docker-1:1-1-a'));
    await host.thaw();
    await host.pass(70);
    expect(names(host)).toEqual(['renamed', undefined]);
  });

  it('go with a driver that has no pool', async () => {
    const host = await start();
    host.outputs.set('docker/info', info('overlay2'));
    await host.pass(70);
    expect(names(host)).toEqual([undefined, undefined]);
  });

  it('are not left unqueried for an hour because the clock was set back an hour', async () => {
    const host = await start();
    host.now -= 3_600_000;
    host.outputs.set('containers/inspect', row('renamed', 'docker-1:1-1-a'));
    await host.pass(70);
    expect(names(host)).toEqual(['renamed', undefined]);
  });
});

describe('docker info', () => {
  it.each([
    // The client ends when it is killed, ten minutes after its deadline.
    ['docker inspect', 'containers/inspect', 'wait', 2],
    ['docker inspect, whose client cannot be killed,', 'containers/inspect', 'hang', 1],
    ['docker ps', 'containers/list', 'wait', 2],
    ['docker ps, whose client cannot be killed,', 'containers/list', 'hang', 1],
  ] as const)(
    'is queried once a minute as ever while %s hangs, which is not repeated beside it',
    async (_, place, how, times) => {
      const host = await start();
      host.outputs.set(place, how);
      host.reads.length = 0;
      let living = 0;
      for (let minute = 0; minute < 15; minute += 1) {
        const before = timesRead(host, 'docker/info');
        await host.pass(60);
        expect(timesRead(host, 'docker/info') - before, `minute ${minute}`).toBe(1);
        living = Math.max(living, host.living);
        const { host: seen, findings } = host.monitor.current();
        expect(seen.dockerInfos).toMatchObject([{ driver: 'devicemapper' }]);
        const failing = findings
          .filter(({ code }) => code === 'collector-failing')
          .map(({ collector }) => collector);
        expect(failing.filter((collector) => collector !== 'containers')).toEqual([]);
      }
      expect(living).toBe(1);
      expect(timesRead(host, place)).toBe(times);
    },
  );

  it('that hangs as well is not repeated either, and both are queried again once the daemon responds', async () => {
    const host = await start();
    host.outputs.set('containers/inspect', 'wait');
    await host.pass(120);
    host.outputs.set('docker/info', 'wait');
    host.reads.length = 0;
    await host.pass(500);
    expect(timesRead(host, 'docker/info')).toBe(1);
    expect(host.living).toBe(2);
    host.outputs.set('docker/info', info('devicemapper'));
    host.outputs.set('containers/inspect', row('renamed', 'docker-1:1-1-a'));
    await host.thaw();
    await host.pass(70);
    expect(names(host)).toEqual(['renamed', undefined]);
    expect(host.monitor.current().findings).toEqual([]);
  });
});
