import { describe, expect, test } from 'vitest';
import type { Query } from '../../../../src/collectors/collector.ts';
import { containers } from '../../../../src/collectors/docker/containers.ts';
import { Exited, ParseError, Unavailable } from '../../../../src/collectors/shared/errors.ts';
import type { CollectorState } from '../../../../src/model/collector-state.ts';
import type { DockerInfo } from '../../../../src/model/facts.ts';
import type { Host } from '../../../../src/model/host.ts';
import { makeCollector, makeHost, makePool } from '../../../support/makers.ts';

const id = (digit: string) => digit.repeat(64);
const docker = (parts: Partial<CollectorState> = {}) => makeCollector({ name: 'docker', ...parts });
const dockerInfo: DockerInfo = {
  kind: 'docker',
  driver: 'devicemapper',
  poolUnreadable: false,
  loopback: false,
  poolName: 'docker-thinpool',
};

function queriesOf(parts: Partial<Host> = {}): readonly Query[] {
  const host = { pools: [makePool()], dockerInfos: [dockerInfo], collectors: [docker()], ...parts };
  return containers.queries(makeHost(host), { segMonitor: 'auto' });
}

const running = [{ id: id('a') }, { id: id('b') }];
const commandsOf = (queries: readonly Query[]) =>
  queries.flatMap(({ variants }) =>
    variants.flatMap(({ input }) => ('command' in input ? [input.command] : [])),
  );

describe('queries', () => {
  test('which containers run, then of those that do which devices they have', () => {
    expect(commandsOf(queriesOf())).toEqual([['docker', 'ps', '--quiet', '--no-trunc']]);
    expect(commandsOf(queriesOf({ runningContainers: running }))[1]).toEqual([
      ...['docker', 'inspect', '--type', 'container', '--format'],
      '[{{json .Name}},{{json .Config.Image}},{{json .GraphDriver}}]',
      ...[id('a'), id('b')],
    ]);
  });

  test('the daemon itself where there is no docker command, and keeps only what it would have requested from the command', () => {
    const requests = queriesOf({ runningContainers: running }).map(({ variants }) => variants.at(-1)?.input);
    expect(requests).toEqual([
      { engine: ['/containers/json'], keep: [['Id']] },
      {
        engine: [`/containers/${id('a')}/json`, `/containers/${id('b')}/json`],
        keep: [['Name'], ['Config', 'Image'], ['GraphDriver']],
      },
    ]);
  });

  test('of a thousand at most, in one command', () => {
    const many = Array.from({ length: 3000 }, (_, index) => ({ id: `${index}`.padStart(64, '0') }));
    const queries = queriesOf({ runningContainers: many });
    expect(queries).toHaveLength(2);
    expect(commandsOf(queries)[1]).toHaveLength(1006);
  });

  test.each([
    [
      'Docker has another driver',
      { dockerInfos: [{ ...dockerInfo, driver: 'overlay2' }], runningContainers: running },
    ],
    ['there is no Docker', { dockerInfos: [], collectors: [docker({ status: 'absent' })] }],
    ['Docker was not queried yet', { dockerInfos: [], collectors: [docker({ status: 'pending' })] }],
    ['it is off', { dockerInfos: [], collectors: [docker({ status: 'off' })] }],
  ] as const)('nothing where %s', (_, parts) => {
    expect(queriesOf(parts)).toEqual([]);
  });
});

describe('blocks', () => {
  const blocks = (parts: Partial<Host>) =>
    queriesOf({ runningContainers: running, ...parts }).map(({ blockedBy }) => blockedBy);

  test('not while docker info is answered', () => {
    expect(blocks({})).toEqual([undefined, undefined]);
  });

  const query = { key: 'info', startedAt: 2000, finishedAt: 1000 };
  test.each([
    ['fails', { collectors: [docker({ status: 'failed' })] }, /^docker info does not respond,/],
    [
      'fails, and has no recent facts',
      { dockerInfos: [], collectors: [docker({ status: 'failed' })] },
      /docker info does not respond/,
    ],
    ['is under way', { collectors: [docker({ queries: [query] })] }, /^docker info has not responded yet/],
    ['is blocked', { collectors: [docker({ status: 'blocked' })] }, /docker info does not respond/],
    [
      'would be, for a sick pool',
      { pools: [makePool({ late: { collector: 'pools', since: 0, degree: 'stuck' } })] },
      /^pool docker-thinpool has a query by collector pools stuck/,
    ],
  ] as const)('both while docker info %s', (_, parts, reason) => {
    expect(blocks(parts)).toEqual([expect.stringMatching(reason), expect.stringMatching(reason)]);
  });
});

function answer(key: 'list' | 'inspect', output: { stdout?: string; stderr?: string; exitCode?: number }) {
  const query = queriesOf({ runningContainers: running }).find((candidate) => candidate.key === key);
  return query?.variants[0].parse({ stdout: '', stderr: '', exitCode: 0, takenAt: 0, ...output }, undefined);
}

const row = (...parts: readonly unknown[]) => `${JSON.stringify(parts)}\n`;
const driver = (name: string) => ({
  Data: { DeviceId: '4', DeviceName: name, DeviceSize: '10737418240' },
  Name: 'devicemapper',
});

describe('reads', () => {
  test('ids', () => {
    const stdout = `${id('a')}\n${id('b')}\n`;
    expect(answer('list', { stdout })).toEqual({ runningContainers: running });
    expect(answer('list', {})).toEqual({ runningContainers: [] });
  });

  test('names, images and devices', () => {
    const stdout =
      row('/web', 'nginx:1.19', driver('docker-0:30-25-ca')) + row('/db', null, driver('docker-x'));
    expect(answer('inspect', { stdout })).toEqual({
      deviceUsers: [
        { dmName: 'docker-0:30-25-ca', kind: 'docker-container', name: 'web', image: 'nginx:1.19' },
        { dmName: 'docker-x', kind: 'docker-container', name: 'db' },
      ],
    });
  });

  test('no device of a container of another driver', () => {
    const stdout =
      row('/web', 'nginx', { Data: { MergedDir: '/x' }, Name: 'overlay2' }) + row('/db', 'x', null);
    expect(answer('inspect', { stdout })).toEqual({ deviceUsers: [] });
  });

  test.each([
    'Error: No such container: abc\n',
    'Error: No such object: abc\n',
    'Error response from daemon: No such container: abc\n',
  ])('the others, where one has ended: %s', (stderr) => {
    const stdout = row('/web', 'nginx', driver('docker-x'));
    expect(answer('inspect', { stdout, stderr, exitCode: 1 })?.deviceUsers).toHaveLength(1);
  });
});

describe("reads the daemon's own answers:", () => {
  const byApi = (key: 'list' | 'inspect', stdout: string) => {
    const query = queriesOf({ runningContainers: running }).find((candidate) => candidate.key === key);
    return query?.variants.at(-1)?.parse({ stdout, stderr: '', exitCode: 0, takenAt: 0 }, undefined);
  };

  test('ids, and nothing that is none', () => {
    expect(byApi('list', row(id('a')) + row(id('b')))).toEqual({ runningContainers: running });
    expect(byApi('list', '')).toEqual({ runningContainers: [] });
    for (const bad of [null, 7, '../info', id('a').slice(1)])
      expect(() => byApi('list', row(bad))).toThrow(ParseError);
    expect(() => byApi('list', row(id('a'), id('b')))).toThrow(ParseError);
  });
});

describe('refuses', () => {
  const unreachable =
    'Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?\n';
  test.each([
    ['list', { stderr: unreachable, exitCode: 1 }, Unavailable],
    ['inspect', { stderr: unreachable, exitCode: 1 }, Unavailable],
    ['inspect', { stderr: 'template parsing error\n', exitCode: 64 }, Exited],
    ['inspect', { exitCode: 1 }, Exited],
    ['inspect', { stderr: `Error: No such container: a\n${unreachable}`, exitCode: 1 }, Unavailable],
    ['list', { stdout: `${id('a').slice(1)}\n` }, ParseError],
    ['list', { stdout: id('a') }, ParseError],
    ['inspect', { stdout: '["/web","nginx"]\n' }, ParseError],
    ['inspect', { stdout: '["/web","ngi\n' }, ParseError],
    ['inspect', { stdout: row('web', 'nginx', driver('x')) }, ParseError],
    ['inspect', { stdout: row('/we\nb', 'nginx', driver('x')) }, ParseError],
  ] as const)('%s %j', (key, output, kind) => {
    expect(() => answer(key, output)).toThrow(kind);
  });
});
