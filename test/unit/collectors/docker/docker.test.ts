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
import { makeHost, makePool, makeSource, makeUnknownPool } from '../../../support/makers.ts';
import { docker18_06, dockerJson } from './layouts.ts';

const ask = (known: Host = makeHost()) => {
  const [question] = docker.questions(known, { segMonitor: 'auto' });
  if (question === undefined) throw new Error('docker asks nothing');
  return question;
};

function answer(way: 'json' | 'text', reading: { stdout?: string; stderr?: string; exitCode?: number }) {
  const found = ask().ways.find(({ name }) => name === way);
  return found?.parse({ stdout: '', stderr: '', exitCode: 0, takenAt: 0, ...reading }, undefined);
}

test('asks for JSON first, for text where the client is too old, and the daemon itself where there is no client', () => {
  expect(ask().ways.map(({ access }) => access)).toEqual([
    { command: ['docker', 'info', '--format', '{{json .}}'] },
    { command: ['docker', 'info'] },
    { engine: ['/info'] },
  ]);
});

test.each([
  ['json', dockerJson],
  ['text', docker18_06],
] as const)('%s gives one consumer, warnings on stderr or not', (way, stdout) => {
  const stderr =
    'WARNING: the devicemapper storage-driver is deprecated, and will be removed in a future release.\n';
  expect(answer(way, { stdout, stderr })).toMatchObject({ consumers: [{ poolName: 'docker-thinpool' }] });
});

describe('holds back', () => {
  test('not while pools are well', () => {
    expect(ask(makeHost({ pools: [makePool()] }))).not.toHaveProperty('hold');
  });

  const own = makePool({ name: 'docker-8:1-7-pool', owner: 'docker' });
  const failedForGood = { ...makeUnknownPool({ name: 'old' }), state: 'failed' } as const;

  test("not for another's pool that has failed for good", () => {
    expect(ask(makeHost({ pools: [own, failedForGood] }))).not.toHaveProperty('hold');
  });

  test("for another's pool that is late, as storage may be shared", () => {
    const late = makePool({ name: 'other', late: { source: 'pools', since: 0, degree: 'overdue' } });
    expect(ask(makeHost({ pools: [own, late] })).hold).toContain('pool other');
  });

  test("for any sick pool where none is known to be Docker's", () => {
    expect(ask(makeHost({ pools: [makePool(), failedForGood] })).hold).toContain('pool old');
  });

  test('while one is sick, and says which and why', () => {
    const sick = makePool({ name: 'vg-sick', late: { source: 'pools', since: 0, degree: 'stuck' } });
    expect(ask(makeHost({ pools: [makePool(), sick] })).hold).toMatch(
      /^pool vg-sick has a query by collector pools stuck in the kernel, and `docker info` forces a metadata commit/,
    );
  });

  test.each([
    [
      'no device is known yet',
      makeHost({ discovered: false, sources: [makeSource({ namesThings: true, status: 'pending' })] }),
    ],
    ["a pool's status is not known yet", makeHost({ pools: [makeUnknownPool()] })],
  ])('while %s', (_, known) => {
    expect(ask(known)).toHaveProperty('hold');
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
  ] as const)('%s (%s)', (_, way, reading, failure) => {
    expect(() => answer(way, reading)).toThrow(failure);
  });

  test('the line that tells most is shown', () => {
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
