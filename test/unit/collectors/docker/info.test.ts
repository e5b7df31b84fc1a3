import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { toDockerInfo } from '../../../../src/collectors/docker/driver.ts';
import { parseDockerInfoJson } from '../../../../src/collectors/docker/info-json.ts';
import { parseDockerInfo } from '../../../../src/collectors/docker/info-text.ts';
import { Denied, Exited, ParseError, Unavailable } from '../../../../src/collectors/shared/errors.ts';
import type { DockerInfo } from '../../../../src/model/facts.ts';
import * as layouts from './layouts.ts';

const read = (text: string) => toDockerInfo(parseDockerInfo(text));
const readJson = (text: string) => toDockerInfo(parseDockerInfoJson(text));
const captured = (name: string) =>
  readFileSync(new URL(`../../../hosts/${name}/docker/info.text.txt`, import.meta.url), 'utf8');

const devicemapper = { kind: 'docker', driver: 'devicemapper', poolUnreadable: false } as const;
const loopFiles = {
  dataLoopFile: '/var/lib/docker/devicemapper/devicemapper/data',
  metadataLoopFile: '/var/lib/docker/devicemapper/devicemapper/metadata',
  loopback: true,
} as const;

describe('captured hosts', () => {
  test.each<[string, DockerInfo]>([
    [
      'docker-1.10.3-aufs',
      { kind: 'docker', version: '1.10.3', driver: 'aufs', poolUnreadable: false, loopback: false },
    ],
    [
      'docker-1.11.1-overlay',
      { kind: 'docker', version: '1.11.1', driver: 'overlay', poolUnreadable: false, loopback: false },
    ],
    [
      'docker-1.10.3-loop-ext4',
      {
        ...devicemapper,
        version: '1.10.3',
        poolName: 'docker-8:4-156237828-pool',
        blockSizeBytes: 65_536,
        baseDeviceSizeBytes: 10_740_000_000,
        backingFileSystem: 'ext4',
        dataUsedBytes: 11_610_000_000,
        dataSizeBytes: 322_100_000_000,
        dataAvailableBytes: 310_500_000_000,
        metadataUsedBytes: 15_800_000,
        metadataSizeBytes: 17_050_000_000,
        metadataAvailableBytes: 17_030_000_000,
        loopback: true,
      },
    ],
    [
      'docker-1.13.1-direct-lvm',
      {
        ...devicemapper,
        version: '1.13.1',
        poolName: 'docker-thinpool',
        blockSizeBytes: 524_288,
        baseDeviceSizeBytes: 10_740_000_000,
        backingFileSystem: 'xfs',
        dataUsedBytes: 7_039_000_000,
        dataSizeBytes: 10_200_000_000,
        dataAvailableBytes: 3_162_000_000,
        metadataUsedBytes: 11_900_000,
        metadataSizeBytes: 104_900_000,
        metadataAvailableBytes: 92_950_000,
        minimumFreeBytes: 1_020_000_000,
        loopback: false,
        deferredRemoval: true,
        deferredDeletion: true,
        deferredDeletedDevices: 0,
      },
    ],
    [
      'docker-17.03.2-direct-lvm',
      {
        ...devicemapper,
        version: '17.03.2-ce',
        poolName: 'docker-253:2-812-pool',
        blockSizeBytes: 65_536,
        baseDeviceSizeBytes: 10_740_000_000,
        backingFileSystem: 'xfs',
        dataUsedBytes: 38_140_000_000,
        dataSizeBytes: 214_700_000_000,
        dataAvailableBytes: 176_600_000_000,
        metadataUsedBytes: 47_070_000,
        metadataSizeBytes: 17_050_000_000,
        metadataAvailableBytes: 17_000_000_000,
        minimumFreeBytes: 21_470_000_000,
        loopback: false,
        deferredRemoval: false,
        deferredDeletion: false,
        deferredDeletedDevices: 0,
      },
    ],
    [
      'docker-centos6-loop',
      {
        ...devicemapper,
        poolName: 'docker-252:1-679218-pool',
        blockSizeBytes: 65_536,
        backingFileSystem: 'extfs',
        dataUsedBytes: 2_221_000_000,
        dataSizeBytes: 107_400_000_000,
        dataAvailableBytes: 9_648_000_000,
        metadataUsedBytes: 4_166_000,
        metadataSizeBytes: 2_147_000_000,
        metadataAvailableBytes: 2_143_000_000,
        loopback: false,
        deferredRemoval: false,
      },
    ],
    [
      'docker-loop-minimal',
      {
        ...devicemapper,
        poolName: 'docker-202:2-25220302-pool',
        blockSizeBytes: 65_536,
        backingFileSystem: 'xfs',
        ...loopFiles,
      },
    ],
  ])('%s', (name, dockerInfo) => {
    expect(read(captured(name))).toEqual(dockerInfo);
  });
});

describe('layouts of other releases, hand-written', () => {
  test('1.2: binary units, loop images named as data files, no version', () => {
    expect(read(layouts.docker1_2)).toEqual({
      ...devicemapper,
      poolName: 'docker-8:1-385640-pool',
      blockSizeBytes: 65_536,
      dataUsedBytes: 305_659_904,
      dataSizeBytes: 107_374_182_400,
      metadataUsedBytes: 734_003,
      metadataSizeBytes: 2_147_483_648,
      ...loopFiles,
    });
  });

  test('1.12: a warning amid the pairs', () => {
    expect(read(layouts.docker1_12)).toMatchObject({
      ...loopFiles,
      version: '1.12.1',
      minimumFreeBytes: 10_740_000_000,
    });
  });

  test('17.11 to 18.09: another order, no spaces, no file lines', () => {
    expect(read(layouts.docker18_06)).toEqual({
      ...devicemapper,
      version: '18.06.1-ce',
      poolName: 'docker-thinpool',
      blockSizeBytes: 524_288,
      baseDeviceSizeBytes: 10_740_000_000,
      backingFileSystem: 'xfs',
      dataUsedBytes: 6_162_000_000,
      dataSizeBytes: 94_480_000_000,
      dataAvailableBytes: 88_310_000_000,
      metadataUsedBytes: 860_200,
      metadataSizeBytes: 994_100_000,
      metadataAvailableBytes: 993_200_000,
      minimumFreeBytes: 9_448_000_000,
      loopback: false,
      deferredRemoval: true,
      deferredDeletion: true,
      deferredDeletedDevices: 2,
    });
  });

  test('19.03: sections, one space deeper, warnings at the end', () => {
    expect(read(layouts.docker19_03)).toMatchObject({
      ...loopFiles,
      version: '19.03.12',
      poolName: 'docker-253:1-423624832-pool',
      metadataAvailableBytes: 2_130_000_000,
      deferredDeletedDevices: 0,
    });
  });

  test("23, 24: the version is the daemon's; a minimum free of 0 is reported", () => {
    expect(read(layouts.docker24)).toMatchObject({
      version: '23.0.6',
      poolName: 'vg--data-docker--pool',
      minimumFreeBytes: 0,
      backingFileSystem: 'ext4',
    });
  });
});

test('JSON gives the same facts as text', () => {
  expect(readJson(layouts.dockerJson)).toEqual(read(layouts.docker18_06));
});

test('a pool that Docker could not read has no sizes', () => {
  expect(read(layouts.docker20_10Unreadable)).toEqual({
    kind: 'docker',
    version: '20.10.24',
    driver: 'devicemapper',
    poolName: 'docker-thinpool',
    poolUnreadable: true,
    baseDeviceSizeBytes: 10_740_000_000,
    backingFileSystem: 'xfs',
    loopback: false,
    deferredRemoval: true,
    deferredDeletion: true,
    deferredDeletedDevices: 1,
  });
});

const pool = (...lines: string[]) =>
  ['Storage Driver: devicemapper', ' Pool Name: p', ...lines.map((line) => ` ${line}`), ''].join('\n');

describe('odd but true', () => {
  test.each<[string, string[], Partial<DockerInfo>]>([
    [
      'a full pool',
      ['Data Space Total: 1 GB', 'Data Space Available: 0 B'],
      { dataAvailableBytes: 0, poolUnreadable: false },
    ],
    [
      'a minimum free switched off',
      ['Data Space Total: 1 GB', 'Thin Pool Minimum Free Space: 0 B'],
      { minimumFreeBytes: 0 },
    ],
    [
      'a key twice: the first holds',
      ['Data Space Total: 1 GB', 'Data Space Total: 2 GB'],
      { dataSizeBytes: 1e9 },
    ],
    ['one loop file', ['Metadata loop file: /m'], { loopback: true, metadataLoopFile: '/m' }],
    ['a path with colons', ['Data loop file: /a:b: c'], { dataLoopFile: '/a:b: c' }],
  ])('%s', (_, lines, expected) => {
    expect(read(pool(...lines))).toMatchObject(expected);
  });

  test.each<[string, string, keyof DockerInfo]>([
    ['a file system without a name', 'Backing Filesystem: <unknown>', 'backingFileSystem'],
    ['a block size between multiples', 'Pool Blocksize: 70 kB', 'blockSizeBytes'],
    ['a base device of no size', 'Base Device Size: 0 B', 'baseDeviceSizeBytes'],
    ['a path that is empty', 'Data loop file: ', 'dataLoopFile'],
    ['a line without a colon', 'Data loop file /a', 'dataLoopFile'],
  ])('%s stays unknown', (_, line, field) => {
    expect(read(pool(line))).not.toHaveProperty(field);
  });

  test('what is no version stays unknown', () => {
    expect(read(`Server Version: <script>\n${pool()}`)).not.toHaveProperty('version');
  });

  test('the version is the one next to the driver, not one in some list', () => {
    expect(read(`Client:\n  Server Version: 1.0\nServer Version: 2.0\n${pool()}`)).toHaveProperty(
      'version',
      '2.0',
    );
  });

  test('a warning at the margin does not end the lines of the driver', () => {
    const text = pool('Data Space Used: 0 B', 'Data Space Total: 1 GB').replace(
      ' Data Space Total',
      'WARNING: x\n$&',
    );
    expect(read(text)).toHaveProperty('dataSizeBytes', 1e9);
  });

  test('the lines of the driver end where the next key stands', () => {
    expect(read(`${pool()}Data Space Total: 1 GB\n`)).not.toHaveProperty('dataSizeBytes');
  });
});

describe('text that is no docker info is refused', () => {
  test.each([
    ['nothing', '', 'a "Storage Driver:" line of docker info'],
    ['another text', 'Client:\n Version: 1\n', 'a "Storage Driver:" line of docker info'],
    ['no driver', 'Storage Driver: \n', 'a storage driver'],
    ['a driver that is none', 'Storage Driver: over\ufffdlay\n', 'a storage driver'],
    [
      'text cut within a line',
      pool('Deferred Deleted Device Count: 12').slice(0, -2),
      'a line feed at the end',
    ],
    ['no pool', 'Storage Driver: devicemapper\n Pool Blocksize: 65.54 kB\n', 'the name of the pool'],
    ['a pool with a slash', 'Storage Driver: devicemapper\n Pool Name: a/b\n', 'the name of the pool'],
    [
      'a size that is none',
      pool('Data Space Used: many'),
      'a size such as 38.14 GB, got "Data Space Used: many"',
    ],
    ['a size that is empty', pool('Data Space Used:'), 'a size'],
    [
      'more used than there is',
      pool('Data Space Used: 2 GB', 'Data Space Total: 1 GB'),
      'Data Space Used to be at most',
    ],
    [
      'a minimum free above the pool',
      pool('Thin Pool Minimum Free Space: 2 GB', 'Data Space Total: 1 GB'),
      'at most Data Space Total',
    ],
    [
      'some sizes 0 and others not',
      pool('Data Space Total: 0 B', 'Metadata Space Used: 1 MB'),
      'Metadata Space Used to be 0',
    ],
    ['a flag that is none', pool('Deferred Removal Enabled: yes'), 'true or false'],
    ['a count that is none', pool('Deferred Deleted Device Count: -1'), 'a number of devices'],
    ['a path that is none', pool('Data loop file: data'), 'an absolute path'],
  ])('%s', (_, text, expected) => {
    expect(() => read(text)).toThrow(ParseError);
    expect(() => read(text)).toThrow(expected);
  });
});

describe('JSON', () => {
  test.each([
    ['null', null],
    ['nothing', undefined],
  ])('another driver has no pool, with %s as its status', (_, DriverStatus) => {
    expect(readJson(JSON.stringify({ Driver: 'overlay2', DriverStatus, ServerVersion: '28.2.2' }))).toEqual({
      kind: 'docker',
      version: '28.2.2',
      driver: 'overlay2',
      poolUnreadable: false,
      loopback: false,
    });
  });

  test.each<[string, string[], new (...args: never[]) => Error]>([
    [
      'no daemon',
      ['Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?'],
      Unavailable,
    ],
    [
      'no rights',
      [
        'Got permission denied while trying to connect to the Docker daemon socket: dial unix /var/run/docker.sock: connect: permission denied',
      ],
      Denied,
    ],
    ['a daemon with an error', ['Error response from daemon: boom'], Exited],
  ])('ServerErrors: %s', (_, ServerErrors, failure) => {
    const text = JSON.stringify({ Driver: '', DriverStatus: null, ServerErrors });
    expect(() => readJson(text)).toThrow(failure);
  });

  test("the answer of Podman is not Docker's", () => {
    expect(() => readJson('{"host":{},"store":{"graphDriverName":"overlay"},"version":{}}')).toThrow(
      Unavailable,
    );
  });

  test.each([
    ['nothing', '', 'JSON of docker info'],
    ['text', 'Containers: 0\n', 'JSON of docker info'],
    ['JSON that is cut', layouts.dockerJson.slice(0, 200), 'JSON of docker info'],
    ['a list', '[]', 'a JSON object'],
    ['null', 'null', 'a JSON object'],
    ['no driver', '{"DriverStatus":[]}', 'a "Driver"'],
    ['an empty driver', '{"Driver":"","DriverStatus":null}', 'a storage driver'],
    ['a status that is no list', '{"Driver":"x","DriverStatus":{"a":"b"}}', 'a list of pairs'],
    ['a pair that is none', '{"Driver":"x","DriverStatus":[["a",1]]}', 'a pair of strings'],
    ['pairs that are none', '{"Driver":"x","DriverStatus":["ab"]}', 'a pair of strings'],
  ])('%s is refused', (_, text, expected) => {
    expect(() => readJson(text)).toThrow(ParseError);
    expect(() => readJson(text)).toThrow(expected);
  });
});
