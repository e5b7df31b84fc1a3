import { describe, expect, test } from 'vitest';
import type { Question } from '../../../../src/collectors/collector.ts';
import { containers } from '../../../../src/collectors/docker/containers.ts';
import { Exited, ParseError, Unavailable } from '../../../../src/collectors/shared/errors.ts';
import type { Consumer } from '../../../../src/model/facts.ts';
import type { Host } from '../../../../src/model/host.ts';
import type { SourceState } from '../../../../src/model/source-state.ts';
import { makeHost, makePool, makeSource } from '../../../support/makers.ts';

const id = (digit: string) => digit.repeat(64);
const docker = (parts: Partial<SourceState> = {}) => makeSource({ name: 'docker', ...parts });
const consumer: Consumer = {
  kind: 'docker',
  driver: 'devicemapper',
  poolUnreadable: false,
  loopback: false,
  poolName: 'docker-thinpool',
};

function ask(parts: Partial<Host> = {}): readonly Question[] {
  const known = { pools: [makePool()], consumers: [consumer], sources: [docker()], ...parts };
  return containers.questions(makeHost(known), { segMonitor: 'auto' });
}

const running = [{ id: id('a') }, { id: id('b') }];
const commandsOf = (questions: readonly Question[]) =>
  questions.flatMap(({ ways }) =>
    ways.flatMap(({ access }) => ('command' in access ? [access.command] : [])),
  );

describe('asks', () => {
  test('which containers run, then of those that do which devices they have', () => {
    expect(commandsOf(ask())).toEqual([['docker', 'ps', '--quiet', '--no-trunc']]);
    expect(commandsOf(ask({ runningContainers: running }))[1]).toEqual([
      ...['docker', 'inspect', '--type', 'container', '--format'],
      '[{{json .Name}},{{json .Config.Image}},{{json .GraphDriver}}]',
      ...[id('a'), id('b')],
    ]);
  });

  test('the daemon itself where there is no docker command, and keeps only what it would have asked the command', () => {
    const requests = ask({ runningContainers: running }).map(({ ways }) => ways.at(-1)?.access);
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
    const questions = ask({ runningContainers: many });
    expect(questions).toHaveLength(2);
    expect(commandsOf(questions)[1]).toHaveLength(1006);
  });

  test.each([
    [
      'Docker has another driver',
      { consumers: [{ ...consumer, driver: 'overlay2' }], runningContainers: running },
    ],
    ['there is no Docker', { consumers: [], sources: [docker({ status: 'absent' })] }],
    ['Docker was not asked yet', { consumers: [], sources: [docker({ status: 'pending' })] }],
    ['it is off', { consumers: [], sources: [docker({ status: 'off' })] }],
  ] as const)('nothing where %s', (_, parts) => {
    expect(ask(parts)).toEqual([]);
  });
});

describe('holds back', () => {
  const holds = (parts: Partial<Host>) =>
    ask({ runningContainers: running, ...parts }).map(({ hold }) => hold);

  test('not while docker info is answered', () => {
    expect(holds({})).toEqual([undefined, undefined]);
  });

  const question = { key: 'info', startedAt: 2000, finishedAt: 1000 };
  test.each([
    ['fails', { sources: [docker({ status: 'failed' })] }, /^docker info does not respond,/],
    [
      'fails, and told nothing lately',
      { consumers: [], sources: [docker({ status: 'failed' })] },
      /docker info does not respond/,
    ],
    ['is under way', { sources: [docker({ questions: [question] })] }, /^docker info has not responded yet/],
    ['is held back', { sources: [docker({ status: 'held' })] }, /docker info does not respond/],
    [
      'would be, for a sick pool',
      { pools: [makePool({ late: { source: 'pools', since: 0, degree: 'stuck' } })] },
      /^pool docker-thinpool has a query by collector pools stuck/,
    ],
  ] as const)('both while docker info %s', (_, parts, reason) => {
    expect(holds(parts)).toEqual([expect.stringMatching(reason), expect.stringMatching(reason)]);
  });
});

function answer(key: 'list' | 'inspect', reading: { stdout?: string; stderr?: string; exitCode?: number }) {
  const question = ask({ runningContainers: running }).find((candidate) => candidate.key === key);
  return question?.ways[0].parse({ stdout: '', stderr: '', exitCode: 0, takenAt: 0, ...reading }, undefined);
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
    const question = ask({ runningContainers: running }).find((candidate) => candidate.key === key);
    return question?.ways.at(-1)?.parse({ stdout, stderr: '', exitCode: 0, takenAt: 0 }, undefined);
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
  ] as const)('%s %j', (key, reading, kind) => {
    expect(() => answer(key, reading)).toThrow(kind);
  });
});
