import { describe, expect, it } from 'vitest';
import type { Query } from '../../../../src/collectors/collector.ts';
import { filesystems } from '../../../../src/collectors/kernel/filesystems.ts';
import type { BlockDevice, DeviceNumber, DockerInfo } from '../../../../src/model/facts.ts';
import type { Host } from '../../../../src/model/host.ts';
import { makeHost, makePool } from '../../../support/makers.ts';

function queriesOf(host: Host): readonly Query[] {
  return filesystems.queries(host, { segMonitor: 'auto' });
}

function placeOf(query: Query | undefined): string | undefined {
  const input = query?.variants[0].input;
  return input !== undefined && 'command' in input ? input.command.at(-1) : undefined;
}

function loopDevice(device: DeviceNumber, backingFile: string): BlockDevice {
  return { device, name: `loop-${device}`, slaves: [], backingFile };
}

function dockerWith(files: Pick<DockerInfo, 'dataLoopFile' | 'metadataLoopFile'>): DockerInfo {
  return { kind: 'docker', driver: 'devicemapper', poolUnreadable: false, loopback: true, ...files };
}

describe('filesystems', () => {
  it('queries nothing where no file lies under a pool', () => {
    expect(queriesOf(makeHost({ pools: [makePool()], dockerInfos: [dockerWith({})] }))).toEqual([]);
  });

  it('queries each file once, and names the pool that needs the facts', () => {
    const file = '/var/lib/docker/devicemapper/devicemapper/data';
    const host = makeHost({
      pools: [
        makePool({
          stack: [{ resource: 'data', depth: 1, device: '7:0', backingFile: file }],
          dockerInfo: dockerWith({ dataLoopFile: file, metadataLoopFile: '/srv/meta' }),
        }),
      ],
      blockDevices: [loopDevice('7:0', file), loopDevice('7:5', '/srv/other')],
      dockerInfos: [dockerWith({ dataLoopFile: '/srv/third' })],
    });
    expect(queriesOf(host).map(({ key, about }) => [key, about])).toEqual([
      [file, 'docker-thinpool'],
      [`allocated${file}`, 'docker-thinpool'],
      ['/srv/meta', 'docker-thinpool'],
      ['allocated/srv/meta', 'docker-thinpool'],
      ['/srv/other', undefined],
      ['allocated/srv/other', undefined],
      ['/srv/third', undefined],
      ['allocated/srv/third', undefined],
    ]);
  });

  it('queries what is allocated of a file that still has its name', () => {
    const [, query, none] = queriesOf(makeHost({ blockDevices: [loopDevice('7:0', '/srv/-a b')] }));
    expect(none).toBeUndefined();
    expect(query?.variants[0].input).toEqual({
      command: ['stat', '-L', '-c', '%b %B %s', '--', '/srv/-a b'],
    });
    const output = { stdout: '2048 512 4194304\n', stderr: '', exitCode: 0, takenAt: 0 };
    expect(query?.variants[0].parse(output, undefined)).toEqual({
      backingFiles: [{ path: '/srv/-a b', sizeBytes: 4_194_304, allocatedBytes: 1_048_576 }],
    });
    expect(() => query?.variants[0].parse({ ...output, stdout: '2048 512\n' }, undefined)).toThrow(
      'a size in bytes',
    );
    expect(() => query?.variants[0].parse({ ...output, exitCode: 1 }, undefined)).toThrow();
    expect(queriesOf(makeHost({ blockDevices: [loopDevice('7:0', '/srv/a (deleted)')] }))).toHaveLength(1);
  });

  it('puts the path where it cannot be taken for an option', () => {
    const [query] = queriesOf(makeHost({ blockDevices: [loopDevice('7:0', '/srv/-a b')] }));
    expect(query?.variants[0].input).toEqual({
      command: ['stat', '-f', '-c', '%S %b %f %T', '--', '/srv/-a b'],
    });
  });

  it('queries the folder of a deleted file, and reports it under the name that sysfs shows', () => {
    const file = '/srv/images/data (deleted)';
    const [query] = queriesOf(makeHost({ blockDevices: [loopDevice('7:0', file)] }));
    expect(placeOf(query)).toBe('/srv/images');
    const output = { stdout: '4096 100 50 xfs\n', stderr: '', exitCode: 0, takenAt: 0 };
    expect(query?.variants[0].parse(output, undefined)).toEqual({
      fileSystems: [{ path: file, type: 'xfs', sizeBytes: 409_600, freeBytes: 204_800 }],
    });
    const [atRoot] = queriesOf(makeHost({ blockDevices: [loopDevice('7:0', '/data (deleted)')] }));
    expect(placeOf(atRoot)).toBe('/');
  });

  it.each(['data', '', './data', '/srv/a\0b'])('does not query %j', (file) => {
    expect(queriesOf(makeHost({ blockDevices: [loopDevice('7:0', file)] }))).toEqual([]);
  });

  it('bounds the number of files', () => {
    const blockDevices = Array.from({ length: 100 }, (_, minor) => loopDevice(`7:${minor}`, `/srv/${minor}`));
    expect(queriesOf(makeHost({ blockDevices }))).toHaveLength(2 * 64);
  });
});
