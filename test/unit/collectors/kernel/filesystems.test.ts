import { describe, expect, it } from 'vitest';
import type { Question } from '../../../../src/collectors/collector.ts';
import { filesystems } from '../../../../src/collectors/kernel/filesystems.ts';
import type { BlockDevice, Consumer, DeviceNumber } from '../../../../src/model/facts.ts';
import type { Host } from '../../../../src/model/host.ts';
import { makeHost, makePool } from '../../../support/makers.ts';

function ask(known: Host): readonly Question[] {
  return filesystems.questions(known, { segMonitor: 'auto' });
}

function placeOf(question: Question | undefined): string | undefined {
  const access = question?.ways[0].access;
  return access !== undefined && 'command' in access ? access.command.at(-1) : undefined;
}

function loopDevice(device: DeviceNumber, backingFile: string): BlockDevice {
  return { device, name: `loop-${device}`, slaves: [], backingFile };
}

function dockerWith(files: Pick<Consumer, 'dataLoopFile' | 'metadataLoopFile'>): Consumer {
  return { kind: 'docker', driver: 'devicemapper', poolUnreadable: false, loopback: true, ...files };
}

describe('filesystems', () => {
  it('asks nothing where no file lies under a pool', () => {
    expect(ask(makeHost({ pools: [makePool()], consumers: [dockerWith({})] }))).toEqual([]);
  });

  it('asks about each file once, and names the pool that waits for the answer', () => {
    const file = '/var/lib/docker/devicemapper/devicemapper/data';
    const known = makeHost({
      pools: [
        makePool({
          stack: [{ resource: 'data', depth: 1, device: '7:0', backingFile: file }],
          consumer: dockerWith({ dataLoopFile: file, metadataLoopFile: '/srv/meta' }),
        }),
      ],
      blockDevices: [loopDevice('7:0', file), loopDevice('7:5', '/srv/other')],
      consumers: [dockerWith({ dataLoopFile: '/srv/third' })],
    });
    expect(ask(known).map(({ key, about }) => [key, about])).toEqual([
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

  it('asks what is allocated of a file that still has its name', () => {
    const [, question, none] = ask(makeHost({ blockDevices: [loopDevice('7:0', '/srv/-a b')] }));
    expect(none).toBeUndefined();
    expect(question?.ways[0].access).toEqual({
      command: ['stat', '-L', '-c', '%b %B %s', '--', '/srv/-a b'],
    });
    const reading = { stdout: '2048 512 4194304\n', stderr: '', exitCode: 0, takenAt: 0 };
    expect(question?.ways[0].parse(reading, undefined)).toEqual({
      backingFiles: [{ path: '/srv/-a b', sizeBytes: 4_194_304, allocatedBytes: 1_048_576 }],
    });
    expect(() => question?.ways[0].parse({ ...reading, stdout: '2048 512\n' }, undefined)).toThrow(
      'a size in bytes',
    );
    expect(() => question?.ways[0].parse({ ...reading, exitCode: 1 }, undefined)).toThrow();
    expect(ask(makeHost({ blockDevices: [loopDevice('7:0', '/srv/a (deleted)')] }))).toHaveLength(1);
  });

  it('puts the path where it cannot be taken for an option', () => {
    const [question] = ask(makeHost({ blockDevices: [loopDevice('7:0', '/srv/-a b')] }));
    expect(question?.ways[0].access).toEqual({
      command: ['stat', '-f', '-c', '%S %b %f %T', '--', '/srv/-a b'],
    });
  });

  it('asks about the folder of a file that was deleted, and answers under the name that sysfs shows', () => {
    const file = '/srv/images/data (deleted)';
    const [question] = ask(makeHost({ blockDevices: [loopDevice('7:0', file)] }));
    expect(placeOf(question)).toBe('/srv/images');
    const reading = { stdout: '4096 100 50 xfs\n', stderr: '', exitCode: 0, takenAt: 0 };
    expect(question?.ways[0].parse(reading, undefined)).toEqual({
      fileSystems: [{ path: file, type: 'xfs', sizeBytes: 409_600, freeBytes: 204_800 }],
    });
    const [atRoot] = ask(makeHost({ blockDevices: [loopDevice('7:0', '/data (deleted)')] }));
    expect(placeOf(atRoot)).toBe('/');
  });

  it.each(['data', '', './data', '/srv/a\0b'])('does not ask about %j', (file) => {
    expect(ask(makeHost({ blockDevices: [loopDevice('7:0', file)] }))).toEqual([]);
  });

  it('bounds the number of files', () => {
    const blockDevices = Array.from({ length: 100 }, (_, minor) => loopDevice(`7:${minor}`, `/srv/${minor}`));
    expect(ask(makeHost({ blockDevices }))).toHaveLength(2 * 64);
  });
});
