import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { check } from '../../../../src/cli/check/check.ts';
import { collectors } from '../../../../src/collectors/index.ts';
import { load } from '../../../../src/config/load.ts';
import { failure, type Place, type Read } from '../../../../src/io/read.ts';
import { replayHost } from '../../../../src/io/replay.ts';
import { createLogger } from '../../../../src/log.ts';
import { capturedAt, hostsDir } from '../../../support/replayed.ts';

const runner = 'docker-253:0-67129871-47be02d9c1f8365a0e74db92a6f3c815e0d7b4296ac1583f9de04b7c62a8f513';

/** Runs check on the captured host with Docker's containers, in which something changes between the samples. */
async function checkWith(between: (read: Read, place: Place) => Read, ...args: readonly string[]) {
  let now = capturedAt;
  let isSecond = false;
  const captured = replayHost(join(hostsDir, 'docker-containers'), () => now);
  const queried: string[] = [];
  const read: Read = (input, place, bounds) => {
    if (isSecond) queried.push(`${place.collector}/${place.key}`);
    return (isSecond ? between(captured, place) : captured)(input, place, bounds);
  };
  const loaded = load({
    argv: ['check', ...args],
    environment: {},
    readText: () => '',
    collectors,
  });
  if (loaded.kind !== 'run') throw new Error(JSON.stringify(loaded));
  const printed: string[] = [];
  const code = await check({
    ...loaded,
    version: '0',
    log: createLogger(loaded.config, process.stderr),
    now: () => now,
    pause: async (ms) => {
      now += ms;
      isSecond = true;
    },
    read,
    print: (text) => printed.push(text),
    printError: () => {},
    load: () => loaded,
    onStop: () => {},
    onHangUp: () => {},
    serviceManager: { ready: () => {}, stopping: () => {} },
    environment: {},
  });
  return { code, text: printed.join(''), queried };
}

/** The runner maps 5 MiB more. */
const grows = (read: Read, { collector }: Place): Read =>
  collector === 'volumes'
    ? (input, place, bounds) => {
        const { result, exited } = read(input, place, bounds);
        return { result: result.then(add), exited };
      }
    : read;

function add(result: Awaited<ReturnType<Read>['result']>): typeof result {
  if (!result.ok) return result;
  const { stdout } = result.output;
  return { ok: true, output: { ...result.output, stdout: stdout.replace('6291456', '6301696') } };
}

/** The status of the pool never ends. */
const hangs = (read: Read, { collector }: Place): Read =>
  collector === 'pools'
    ? () => ({
        result: Promise.resolve(failure('timed-out', 'no result within 4000 ms')),
        exited: new Promise<void>(() => {}),
      })
    : read;

const same = (read: Read): Read => read;

describe('check of a pool that is short of data', () => {
  it('names the container that fills it, with the rate, and queries no more than that needs', async () => {
    const { code, text, queried } = await checkWith(grows);
    expect(text).toMatch(
      /\n\nFastest-growing volumes of docker-thinpool \(over 2\.5 s\):\n {2}ci-runner \(\S+\) {2}2\.0 MiB\/s {2}3\.0 GiB of 10\.0 GiB\n(?! {2})/,
    );
    expect(code).toBe(2);
    expect(queried).toEqual([
      'devices/info',
      'devices/table',
      'pools/docker-thinpool',
      'volumes/docker-thinpool',
    ]);
  });

  it('reports the same as JSON', async () => {
    const { code, text } = await checkWith(grows, '--json');
    expect(code).toBe(2);
    const { growth, pools } = JSON.parse(text);
    expect(growth).toEqual([
      {
        pool: 'docker-thinpool',
        overMs: 2500,
        fastest: [{ volume: runner, bytesPerSecond: 2 * 1024 ** 2, mappedBytes: 6_301_696 * 512 }],
      },
    ]);
    const called = pools[0].volumes.find(({ name }: { name: string }) => name === runner);
    expect(called).toMatchObject({ mappedBytes: 6_291_456 * 512, knownAs: { name: 'ci-runner' } });
  });

  it('reports all of the first sample, and exits accordingly, whatever becomes of the second', async () => {
    const grown = await checkWith(grows);
    const still = await checkWith(same);
    const hung = await checkWith(hangs);
    const untilVolumes = ({ text }: { text: string }) =>
      text.slice(0, text.search(/\n\n(?:Fastest-growing volumes of|No volume of|Growth of the volumes of)/));
    expect([still.code, hung.code]).toEqual([2, 2]);
    expect(untilVolumes(still)).toBe(untilVolumes(grown));
    expect(untilVolumes(hung)).toBe(untilVolumes(grown));
    expect(untilVolumes(grown)).toMatch(/^THINPOOL CRITICAL/);
    expect(still.text).toMatch(/\nNo volume of docker-thinpool grew within 2\.5 s\.\nLargest volumes of /);
    expect(hung.text).toMatch(
      / the second read failed: pools docker-thinpool: timed-out, .*\.\nLargest volumes of /,
    );
    const tail = ({ text }: { text: string }) =>
      text.slice(text.indexOf('Largest volumes of docker-thinpool '));
    expect(tail(hung)).toBe(tail(still));
    expect(tail(hung)).toMatch(
      /^Largest volumes of docker-thinpool \(blocks shared .*:\n {2}ci-runner \(\S+\) {2}3\.0 GiB of 10/,
    );
  });

  it('samples a captured host once, as it does not change', async () => {
    const dir = join(hostsDir, 'docker-containers');
    const { text, queried } = await checkWith(same, '--replay', dir);
    expect(queried).toEqual([]);
    expect(text).not.toContain('grew within');
    expect(text).toContain('\n\nLargest volumes of docker-thinpool ');
  });
});
