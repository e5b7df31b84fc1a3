import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';

import { scrambleRecorded } from '../../../../src/cli/capture/scramble-recorded.ts';
import { Slots } from '../../../../src/collect/concurrency.ts';
import { Monitor } from '../../../../src/collect/monitor.ts';
import { collectors } from '../../../../src/collectors/index.ts';
import { type HostReader, openHost } from '../../../../src/io/host-reader.ts';
import { failure, type Read } from '../../../../src/io/read.ts';
import { recordHost } from '../../../../src/io/record.ts';
import { replayHost } from '../../../../src/io/replay.ts';
import { renderFacts } from '../../../../src/metrics/exposition.ts';
import type { Snapshot } from '../../../../src/model/host.ts';
import { answer, FakeEngine, hang } from '../../../support/engine.ts';
import { capturedAt, hostsDir } from '../../../support/replayed.ts';
import { writeHost } from '../../../support/written.ts';

const captured = join(hostsDir, 'docker-containers');
const readCaptured = (file: string) => readFileSync(join(captured, file), 'utf8');

let daemon: FakeEngine;
let host: HostReader;
let dir: string;
beforeEach(async () => {
  daemon = await new FakeEngine().listen();
  host = openHost({ DOCKER_HOST: `unix://${daemon.path}` });
  dir = mkdtempSync(join(tmpdir(), 'docker-api-'));
});
afterEach(async () => {
  host.close();
  await daemon.close();
  rmSync(dir, { recursive: true });
});

/** Of the captured host, where Docker's API returns what its command printed there. */
function tellCaptured(): void {
  const ids = readCaptured('containers/list.txt').trim().split('\n');
  const rows = readCaptured('containers/inspect.txt').trim().split('\n');
  const listed = ids.map((Id) => ({ Id, Command: 'run --password=hunter2', Labels: {} }));
  daemon.behaviours.set('/info', answer(readCaptured('docker/info.json.txt')));
  daemon.behaviours.set('/containers/json', answer(JSON.stringify(listed)));
  for (const [index, id] of ids.entries()) {
    const [Name, Image, GraphDriver] = JSON.parse(rows[index] ?? '[]');
    const inspected = { Id: id, Name, Config: { Image, Env: ['TOKEN=hunter2'] }, GraphDriver };
    const exited = answer(`{"message":"No such container: ${id}"}`, '404 Not Found');
    daemon.behaviours.set(
      `/containers/${id}/json`,
      Name === undefined ? exited : answer(JSON.stringify(inspected)),
    );
  }
}

/** What is not Docker's comes from the captured host, there is no docker command, and the test turns the clock. */
function withoutCommand(now = () => capturedAt): { read: Read; commands: string[][] } {
  const replayed = replayHost(captured, now);
  const commands: string[][] = [];
  const read: Read = (input, place, bounds) => {
    if ('engine' in input) {
      const takenAt = now();
      const { result, exited } = host.read(input, place, bounds);
      const ofThen = result.then((result) =>
        result.ok ? { ...result, output: { ...result.output, takenAt } } : result,
      );
      return { result: ofThen, exited };
    }
    if (!('command' in input) || input.command[0] !== 'docker') return replayed(input, place, bounds);
    commands.push([...input.command]);
    const missing = failure('not-installed', 'docker is not on the PATH');
    return { result: Promise.resolve(missing), exited: Promise.resolve() };
  };
  return { read, commands };
}

function watch(read: Read, docker?: 'socket' | 'command', now = () => capturedAt): Monitor {
  return new Monitor({
    collectors: collectors.map((collector) => ({
      collector,
      mode: 'auto',
      settings: { ...collector.defaults, timeoutMs: 500 },
    })),
    queryOptions: { segMonitor: 'auto', ...(docker === undefined ? {} : { dockerTransport: docker }) },
    read,
    slots: new Slots(8),
    now,
    log: { warn: () => {}, info: () => {} },
    assemble: { maxVolumes: 100, minimumFree: [] },
    keepOutputs: true,
    missingRetentionMs: 3_600_000,
  });
}

async function metricsOf({ host: shown, findings }: Snapshot): Promise<string> {
  const page = await renderFacts({ host: shown, findings, pending: [], trends: [] }, 'text');
  return page.replaceAll(/^thinpool_collector_(?:queries|failures|duration).*\n/gm, '');
}

const namesIn = ({ host: shown }: Snapshot) =>
  shown.pools.flatMap(({ volumes }) => volumes.flatMap(({ knownAs }) => knownAs?.name ?? []));
const stateOf = ({ host: shown }: Snapshot, name: string) =>
  shown.collectors.find((collector) => collector.name === name);

describe('by its socket', () => {
  test('Docker returns what its command prints, and no more of it is kept', async () => {
    tellCaptured();
    const { read, commands } = withoutCommand();
    const monitor = watch(read);
    const bySocket = await monitor.collectOnce();
    const byCommand = await watch(replayHost(captured, () => capturedAt)).collectOnce();
    expect(bySocket.host.dockerInfos).toHaveLength(1);
    expect(namesIn(bySocket)).toEqual(expect.arrayContaining(['web', 'ci-runner']));
    expect({ ...bySocket.host, collectors: [] }).toEqual({ ...byCommand.host, collectors: [] });
    expect(bySocket.findings).toEqual(byCommand.findings);
    expect(stateOf(bySocket, 'docker')).toMatchObject({ status: 'ok', queries: [{ variant: 'api' }] });
    expect(JSON.stringify(monitor.trace('containers'))).not.toContain('hunter2');
    // One try is enough to see that there is no command.
    expect(commands.map(([, word]) => word)).toEqual(['info', 'ps', 'inspect']);
  });

  test('alone where the options say so, and not at all where they say that', async () => {
    tellCaptured();
    const one = withoutCommand();
    await watch(one.read, 'socket').collectOnce();
    expect(one.commands).toEqual([]);
    expect(daemon.requests[0]).toBe('GET /info HTTP/1.1');
    daemon.requests.length = 0;
    const snapshot = await watch(withoutCommand().read, 'command').collectOnce();
    expect(daemon.requests).toEqual([]);
    expect(stateOf(snapshot, 'docker')).toMatchObject({
      status: 'absent',
      queries: [{ failure: 'docker is not on the PATH' }],
    });
  });

  test('its output can be recorded, scrambled and replayed', async () => {
    tellCaptured();
    const recorder = recordHost(withoutCommand().read);
    const before = await watch(recorder.read).collectOnce();
    const plain = await writeHost(join(dir, 'plain'), recorder.recorded());
    const again = await watch(replayHost(plain, () => capturedAt)).collectOnce();
    expect(await metricsOf(again)).toBe(await metricsOf(before));
    const scrambled = join(dir, 'scrambled');
    await writeHost(scrambled, scrambleRecorded(recorder.recorded(), collectors, 'salt').recorded);
    const renamed = await watch(replayHost(scrambled, () => capturedAt)).collectOnce();
    expect(renamed.host.dockerInfos).toEqual(before.host.dockerInfos);
    expect(namesIn(renamed)).toHaveLength(namesIn(before).length);
    expect(namesIn(renamed)).not.toContain('web');
  });
});

describe('no facts where the socket', () => {
  test('is not there either: nothing is missed', async () => {
    const none = openHost({ DOCKER_HOST: `unix://${dir}/none` });
    host.close();
    host = none;
    const snapshot = await watch(withoutCommand().read).collectOnce();
    expect(stateOf(snapshot, 'docker')).toMatchObject({
      status: 'absent',
      queries: [
        {
          outcome: 'unavailable',
          failure: expect.stringMatching(
            /^docker is not on the PATH; no Docker daemon responds \(no such file or directory: /,
          ),
        },
      ],
    });
  });

  test.each([
    ['is of something else', answer('[1]'), 'unparseable', /JSON object of docker info/],
    [
      'is of a daemon that fails',
      answer('{"message":"boom"}', '500 Internal Server Error'),
      'exited',
      /boom/,
    ],
    [
      'wants another version of the API',
      answer(
        '{"message":"client version 1.10 is too old. Minimum supported API version is 1.24"}',
        '400 Bad Request',
      ),
      'exited',
      /Minimum supported API version is 1.24/,
    ],
  ] as const)('%s', async (_, behaviour, outcome, failed) => {
    daemon.behaviours.set('/info', behaviour);
    const snapshot = await watch(withoutCommand().read).collectOnce();
    expect(snapshot.host.dockerInfos).toEqual([]);
    expect(stateOf(snapshot, 'docker')?.queries[0]).toMatchObject({
      outcome,
      failure: expect.stringMatching(failed),
    });
    expect(stateOf(snapshot, 'docker')?.status).toBe('failed');
  });
});

test('if the daemon hangs, one request waits, and nothing else is requested', async () => {
  tellCaptured();
  let now = capturedAt;
  const clock = () => now;
  const monitor = watch(withoutCommand(clock).read, undefined, clock);
  const beat = async (seconds: number) => {
    now += seconds * 1000;
    monitor.tick();
    await new Promise((resolve) => setTimeout(resolve, 20));
  };
  const until = (isSo: () => boolean) =>
    vi.waitUntil(
      async () => {
        await beat(1);
        return isSo();
      },
      { timeout: 15_000, interval: 1 },
    );
  await until(() => namesIn(monitor.current()).includes('web'));
  daemon.behaviours.set('/info', hang);
  await until(() => daemon.requests.filter((line) => line.includes('/info')).length === 2);
  await until(() => stateOf(monitor.current(), 'docker')?.status === 'failed');
  const requestsBefore = daemon.requests.length;
  for (let time = 0; time < 60; time += 1) await beat(5);
  expect(daemon.open.size).toBe(1);
  expect(daemon.requests).toHaveLength(requestsBefore);
  expect(stateOf(monitor.current(), 'docker')).toMatchObject({
    status: 'failed',
    stuckSince: expect.any(Number),
  });
  // It responds again: it is queried again at once, and that output is used.
  daemon.behaviours.set('/info', answer(readCaptured('docker/info.json.txt')));
  for (const connection of daemon.open) connection.end(answer('{}'));
  await until(() => stateOf(monitor.current(), 'docker')?.status === 'ok');
});
