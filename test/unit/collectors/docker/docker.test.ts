import { describe, expect, test } from 'vitest';
import { docker } from '../../../../src/collectors/docker/docker.ts';
import {
  Denied,
  Exited,
  ParseError,
  Unavailable,
  Unsupported,
} from '../../../../src/collectors/shared/errors.ts';
import type { Host } from '../../../../src/model/host.ts';
import { makeCollector, makeHost, makePool, makeUnknownPool } from '../../../support/makers.ts';
import { docker18_06, dockerJson } from './layouts.ts';

const queryOf = (host: Host = makeHost()) => {
  const [query] = docker.queries(host, { segMonitor: 'auto' });
  if (query === undefined) throw new Error('docker has no query');
  return query;
};

function answer(variant: 'json' | 'text', output: { stdout?: string; stderr?: string; exitCode?: number }) {
  const found = queryOf().variants.find(({ name }) => name === variant);
  return found?.parse({ stdout: '', stderr: '', exitCode: 0, takenAt: 0, ...output }, undefined);
}

test('requests JSON first, text if the client is too old, and queries the daemon itself if there is no client', () => {
  expect(queryOf().variants.map(({ input }) => input)).toEqual([
    { command: ['docker', 'info', '--format', '{{json .}}'] },
    { command: ['docker', 'info'] },
    { engine: ['/info'] },
  ]);
});

test.each([
  ['json', dockerJson],
  ['text', docker18_06],
] as const)('%s gives one consumer, warnings on stderr or not', (variant, stdout) => {
  const stderr =
    'WARNING: the devicemapper storage-driver is deprecated, and will be removed in a future release.\n';
  expect(answer(variant, { stdout, stderr })).toMatchObject({
    dockerInfos: [{ poolName: 'docker-thinpool' }],
  });
});

describe('blocks', () => {
  test('not while pools are healthy', () => {
    expect(queryOf(makeHost({ pools: [makePool()] }))).not.toHaveProperty('blockedBy');
  });

  const own = makePool({ name: 'docker-8:1-7-pool', owner: 'docker' });
  const failedForGood = { ...makeUnknownPool({ name: 'old' }), state: 'failed' } as const;

  test("not for another's pool that has failed for good", () => {
    expect(queryOf(makeHost({ pools: [own, failedForGood] }))).not.toHaveProperty('blockedBy');
  });

  test("for another's pool that is late, as storage may be shared", () => {
    const late = makePool({ name: 'other', late: { collector: 'pools', since: 0, degree: 'overdue' } });
    expect(queryOf(makeHost({ pools: [own, late] })).blockedBy).toContain('pool other');
  });

  test("for any pool that may keep it waiting, where none is known to be Docker's", () => {
    const suspended = makePool({ name: 'old', suspended: true });
    expect(queryOf(makeHost({ pools: [makePool(), suspended] })).blockedBy).toContain('pool old');
    expect(queryOf(makeHost({ pools: [own, suspended] }))).not.toHaveProperty('blockedBy');
  });

  test('not for its own pool that settled in failure: the kernel commits nothing then', () => {
    expect(queryOf(makeHost({ pools: [makePool({ ...own, state: 'failed' })] }))).not.toHaveProperty(
      'blockedBy',
    );
  });

  test('not where we have no right to read device-mapper, as nothing else is ever known', () => {
    const denied = makeCollector({
      discovers: true,
      status: 'failed',
      queries: [{ key: 'info', outcome: 'permission-denied' }],
    });
    expect(queryOf(makeHost({ discovered: false, collectors: [denied] }))).not.toHaveProperty('blockedBy');
  });

  test('while one is sick, and says which and why', () => {
    const sick = makePool({ name: 'vg-sick', late: { collector: 'pools', since: 0, degree: 'stuck' } });
    expect(queryOf(makeHost({ pools: [makePool(), sick] })).blockedBy).toMatch(
      /^pool vg-sick has a query by collector pools stuck in the kernel, and `docker info` forces a metadata commit/,
    );
  });

  test.each([
    [
      'no device is known yet',
      makeHost({ discovered: false, collectors: [makeCollector({ discovers: true, status: 'pending' })] }),
    ],
    ["a pool's status is not known yet", makeHost({ pools: [makeUnknownPool()] })],
  ])('while %s', (_, host) => {
    expect(queryOf(host)).toHaveProperty('blockedBy');
  });
});

const emptyInfo =
  '{"ID":"","Driver":"","DriverStatus":null,"ClientInfo":{"Version":"28.2.2"},"Warnings":null}\n';
const unreachable =
  'Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?\n';
const old = "flag provided but not defined: --format\nSee 'docker info --help'.\n";

describe('failures', () => {
  test.each([
    ['a client before 1.13', 'json', { stderr: old, exitCode: 2 }, Unsupported],
    [
      'a client between',
      'json',
      { stderr: "unknown flag: --format\nSee 'docker info --help'.\n", exitCode: 125 },
      Unsupported,
    ],
    ['no daemon, client 28', 'json', { stdout: emptyInfo, stderr: unreachable, exitCode: 1 }, Unavailable],
    [
      'no daemon, client 28',
      'text',
      { stdout: 'Client:\n\nServer:\n', stderr: unreachable, exitCode: 1 },
      Unavailable,
    ],
    [
      'no daemon, client 19.03',
      'text',
      { stdout: `Client:\n\nServer:\nERROR: ${unreachable}errors pretty printing info\n`, exitCode: 1 },
      Unavailable,
    ],
    [
      'no daemon, client 1.10',
      'text',
      {
        stderr: 'Cannot connect to the Docker daemon. Is the docker daemon running on this host?\n',
        exitCode: 1,
      },
      Unavailable,
    ],
    [
      'no daemon, client 29',
      'json',
      {
        stderr:
          'failed to connect to the docker API at unix:///var/run/docker.sock; check if the path is correct\n',
        exitCode: 1,
      },
      Unavailable,
    ],
    [
      'no rights',
      'json',
      {
        stdout: emptyInfo,
        stderr:
          'permission denied while trying to connect to the Docker daemon socket at unix:///var/run/docker.sock\n',
        exitCode: 1,
      },
      Denied,
    ],
    [
      'a daemon with an error',
      'text',
      {
        stdout: 'Client:\n\nServer:\n',
        stderr: 'ERROR: Error response from daemon: boom\nerrors pretty printing info\n',
        exitCode: 1,
      },
      Exited,
    ],
    ['text that is not JSON', 'json', { stdout: docker18_06 }, ParseError],
    ['nothing at all', 'text', {}, ParseError],
  ] as const)('%s (%s)', (_, variant, output, failure) => {
    expect(() => answer(variant, output)).toThrow(failure);
  });

  test('the most informative line is shown', () => {
    const stderr = 'ERROR: Error response from daemon: boom\nerrors pretty printing info\n';
    expect(() => answer('text', { stderr, exitCode: 1 })).toThrow(
      'exit code 1: ERROR: Error response from daemon: boom',
    );
  });

  test('words that a failing client prints on stdout do not decide', () => {
    const stdout = 'Labels:\n permission denied\n';
    expect(() => answer('text', { stdout, stderr: 'Error: EOF\n', exitCode: 1 })).toThrow(Exited);
  });
});
