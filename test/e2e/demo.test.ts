import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, expect, it } from 'vitest';
import { describeLabels } from '../../demo/alerting/webhook.ts';
import { freePort } from '../../demo/ports.ts';
import { labelsOf } from '../../src/alerting/labels.ts';
import { groups } from '../../src/alerting/prometheus/groups.ts';
import type { Target } from '../../src/model/finding.ts';
import { describeWith } from '../support/needs.ts';
import { processesIn } from '../support/processes.ts';

const project = join(import.meta.dirname, '../..');
const temporary = mkdtempSync(join(tmpdir(), 'show-test-'));

const started: ChildProcess[] = [];
afterAll(() => {
  for (const child of started) child.kill('SIGTERM');
  rmSync(temporary, { recursive: true, force: true, maxRetries: 20, retryDelay: 200 });
});

/** A show as a user starts it, and what it has printed. */
async function startShow(): Promise<{
  readonly child: ChildProcess;
  readonly lines: () => readonly string[];
}> {
  // Far from where another test that starts a demo at this moment searches for a free port.
  const address = `--web.listen-address=127.0.0.1:${await freePort(23_056)}`;
  const child = spawn(process.execPath, [join(project, 'dist/main.js'), 'demo', address], {
    env: { ...process.env, TMPDIR: temporary },
  });
  started.push(child);
  let text = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk) => {
      text += chunk;
    });
  return { child, lines: () => text.split('\n') };
}

async function waitFor(
  seconds: number,
  what: string,
  isThere: () => boolean,
  lines: () => readonly string[],
) {
  for (let left = seconds * 4; left > 0 && !isThere(); left -= 1) await sleep(250);
  if (!isThere()) throw new Error(`no ${what} after ${seconds} s:\n${lines().join('\n')}`);
}

/** The rest of the lines of a kind. */
function textsOf(lines: readonly string[], kind: string): readonly string[] {
  return lines.flatMap((line) => {
    const event = /^ *\d+:\d\d +(?<kind>\w+) +(?<text>.*)$/.exec(line)?.groups;
    return event?.['kind'] === kind ? [event['text'] ?? ''] : [];
  });
}

/** A page as the rules make it: name, labels and pool. */
function pageOf(alertname: string, pool: string, target?: Target): string {
  const rule = groups
    .flatMap(({ alerts }) => alerts)
    .find((alert) => alert.alert === alertname && alert.severity === 'critical');
  return describeLabels({
    alertname,
    pool,
    resource: 'data',
    ...labelsOf({ ...rule!, ...(target && { target }) }),
  });
}

/** Lines of the guide whose words no line of a run has: figures, times and the port differ each time. */
function unheardOf(lines: readonly string[]): readonly string[] {
  const inWords = (line: string): string =>
    line
      .replace(/, growing by [^(]*(?= \()/, '')
      .replaceAll(/\d[\d.:]*/g, '0')
      .replaceAll(/0 [KMG]iB|0(?:m 0)? ?s\b/g, '0');
  const printed = new Set(lines.map(inWords));
  const guide = readFileSync(join(project, 'docs/guide/demo.md'), 'utf8');
  const [, sample = ''] = /^From one run.*?^```\n(.*?)^```/ms.exec(guide) ?? [];
  expect(sample.split('\n').length).toBeGreaterThan(15);
  return sample.split('\n').filter((line) => !printed.has(inWords(line)));
}

const pool = 'docker-thinpool';
const pages = [
  pageOf('ThinPoolRunsOutInMinutes', pool, 'full'),
  pageOf('ThinPoolBelowMinimumFree', pool),
  pageOf('ThinPoolFull', pool),
] as const;

describeWith('prometheus', 'alertmanager')('the whole show', () => {
  it('leads from a filling pool over pages to their ends, and leaves nothing behind', {
    timeout: 360_000,
  }, async () => {
    const { child, lines } = await startShow();
    const isTold = (kind: string, text: string) =>
      textsOf(lines(), kind).some((line) => line.startsWith(text));
    const areOver = () => pages.every((page) => isTold('resolved', page));
    // Three minutes, and as much again for a machine that is busy.
    await waitFor(320, 'end of every page', areOver, lines);
    const all = lines();
    expect(unheardOf(all)).toEqual([]);
    const at = (kind: string, text: string, from = 0) => {
      const index = all.findIndex(
        (line, number) => number >= from && textsOf([line], kind)[0]?.includes(text),
      );
      expect(index, `${kind} ${text}\n${all.join('\n')}`).toBeGreaterThanOrEqual(0);
      return index;
    };

    // A page about what happens in seconds waits for nothing; a warning is pending for a minute before.
    const ticket = 'ThinPoolAutoextendNoRoom warning docker-thinpool data';
    expect(at('pending', ticket)).toBeLessThan(at('firing', ticket));

    const recovery = at('pool', `${pool} has recovered`);
    for (const page of pages) {
      const firing = at('firing', page);
      const event = at('PAGE', page, firing);
      expect(event).toBeLessThan(recovery);
      // What Alertmanager sent along: the summary and the runbook of the rule.
      const [name] = page.split(' ');
      expect(all[event + 1]).toContain(pool);
      expect(all[event + 2]).toMatch(new RegExp(`/docs/runbooks/${name}\\.md$`));
      const ended = at('ended', page, recovery);
      at('resolved', page, ended);
    }
    const story = [
      at('pool', `${pool} passes its low water mark`),
      at('critical', 'below-minimum-free'),
      at('critical', 'data-full-queueing'),
      at('pool', `${pool} is extended`),
      recovery,
    ];
    expect(story).toEqual([...story].sort((one, other) => one - other));

    const ended = once(child, 'exit');
    child.kill('SIGINT');
    expect(await ended).toEqual([0, null]);
    expect(processesIn(temporary)).toEqual([]);
    expect(readdirSync(temporary)).toEqual([]);
  });

  it('takes Prometheus and Alertmanager with it when it is killed', { timeout: 120_000 }, async () => {
    const { child, lines } = await startShow();
    const running = (name: string) => processesIn(temporary).some((command) => command.includes(name));
    await waitFor(
      60,
      'children',
      () => ['main.js', 'demo-supervisor', 'prometheus.yml', 'alertmanager.yml'].every(running),
      lines,
    );
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
    const isLeft = () => processesIn(temporary).length > 0 || readdirSync(temporary).length > 0;
    for (let tries = 0; isLeft() && tries < 200; tries += 1) await sleep(100);
    expect([processesIn(temporary), readdirSync(temporary)]).toEqual([[], []]);
  });
});
