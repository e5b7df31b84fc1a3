import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { freePort } from '../../demo/ports.ts';
import { type PrometheusName, type Running, startPrometheus } from '../artifacts/dashboards/prometheus.ts';
import { describeWith } from '../support/needs.ts';
import { unmet } from '../support/tools.ts';

const project = join(import.meta.dirname, '../..');

type Format = 'text' | 'openmetrics';
const contentTypes: Readonly<Record<Format, string>> = {
  text: 'text/plain; version=0.0.4; charset=utf-8',
  openmetrics: 'application/openmetrics-text; version=1.0.0; charset=utf-8',
};

/** Jobs of one Prometheus that scrape the same exporter, and the format that each gets. */
type Jobs = Readonly<Record<string, { readonly gets: Format; readonly config: object }>>;

const usual = { gets: 'openmetrics', config: {} } as const;
const text = { gets: 'text', config: { scrape_protocols: ['PrometheusText0.0.4'] } } as const;
const protobuf = {
  // It is not offered, so the next protocol is.
  gets: 'openmetrics',
  config: { scrape_protocols: ['PrometheusProto', 'OpenMetricsText1.0.0', 'PrometheusText0.0.4'] },
} as const;
const only = (protocol: string, gets: Format) => ({ gets, config: { scrape_protocols: [protocol] } });

const created = ['--enable-feature=created-timestamp-zero-ingestion'];

interface Scraper {
  readonly program: PrometheusName;
  readonly flags?: readonly string[];
  readonly jobs: Jobs;
}

const scrapers: readonly Scraper[] = [
  { program: 'prometheus', jobs: { usual } },
  { program: 'prometheus-2.53', jobs: { usual } },
  {
    program: 'prometheus-2.53',
    flags: created,
    jobs: { text, protobuf, openmetrics: only('OpenMetricsText1.0.0', 'openmetrics') },
  },
  {
    program: 'prometheus-3',
    jobs: {
      usual,
      text,
      protobuf,
      'text 1.0.0': only('PrometheusText1.0.0', 'text'),
      'openmetrics 0.0.1': only('OpenMetricsText0.0.1', 'text'),
      'legacy names': {
        gets: 'openmetrics',
        config: { metric_name_validation_scheme: 'legacy', metric_name_escaping_scheme: 'underscores' },
      },
      'UTF-8 names': {
        gets: 'openmetrics',
        config: { metric_name_validation_scheme: 'utf8', metric_name_escaping_scheme: 'allow-utf-8' },
      },
    },
  },
  { program: 'prometheus-3', flags: created, jobs: { usual } },
];

describe('a scrape by', () => {
  let exporter: ChildProcess;
  let proxy: Server;
  let target: string;
  /** By their place in the table. */
  const servers = new Map<number, Running>();
  /** The content type of the latest answer to each of their jobs. */
  const answered = new Map<string, string | null>();

  beforeAll(async () => {
    const address = `127.0.0.1:${await freePort(22_156)}`;
    const replay = join(project, 'test/hosts/lab-docker-direct');
    const words = ['serve', `--replay=${replay}`, `--web.listen-address=${address}`];
    exporter = spawn(process.execPath, [join(project, 'dist/main.js'), ...words], { stdio: 'ignore' });
    proxy = createServer(async ({ url = '', headers }, response) => {
      const answer = await fetch(`http://${address}/metrics`, {
        headers: { accept: headers.accept ?? '' },
      }).catch(() => undefined);
      const type = answer?.headers.get('content-type') ?? '';
      answered.set(new URL(url, 'http://proxy').searchParams.get('as') ?? '', type);
      response.writeHead(answer?.status ?? 502, { 'content-type': type });
      response.end(await answer?.text());
    });
    const port = await freePort(22_256);
    proxy.listen(port, '127.0.0.1');
    target = `127.0.0.1:${port}`;
    await vi.waitFor(async () => expect(await readPage()).toContain('thinpool_mode'), {
      timeout: 20_000,
      interval: 100,
    });
    const tried = [...scrapers.entries()].filter(([, { program }]) => unmet([program]).length === 0);
    await Promise.all(
      tried.map(async ([index, scraper]) => void servers.set(index, await startScraper(index, scraper))),
    );
  }, 60_000);

  function startScraper(index: number, { program, flags = [], jobs }: Scraper): Promise<Running> {
    const scrape_configs = Object.entries(jobs).map(([job, { config }]) => ({
      job_name: job,
      params: { as: [nameOf(index, job)] },
      static_configs: [{ targets: [target] }],
      ...config,
    }));
    const global = { scrape_interval: '1s', scrape_timeout: '900ms' };
    const firstPort = 22_390 + 10 * index;
    return startPrometheus({ program, flags, firstPort, config: { global, scrape_configs } });
  }

  afterAll(async () => {
    await Promise.all([...servers.values()].map((server) => server.close()));
    exporter.kill();
    proxy.close();
    if (exporter.exitCode === null) await once(exporter, 'exit');
  });

  /** The names of the page's series, one for each series. */
  async function readPage(): Promise<readonly string[]> {
    const page = await (await fetch(`http://${target}/metrics?as=test`)).text();
    return page
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('#'))
      .map((line) => line.replace(/[{ ].*/, ''))
      .toSorted();
  }

  const ask = async (server: Running, query: string): Promise<readonly string[]> => {
    const answers = await server.now(query, Date.now() / 1000);
    return answers.map(({ labels }) => labels['__name__'] ?? '').toSorted();
  };

  for (const [index, { program, flags = [], jobs }] of scrapers.entries())
    describeWith(program)([program, ...flags].join(' '), () => {
      it.each(Object.keys(jobs))('takes all of the page: %s', { timeout: 30_000 }, async (job) => {
        const server = servers.get(index)!;
        await vi.waitFor(async () => expect(await ask(server, `up{job="${job}"} == 1`)).toEqual(['up']), {
          timeout: 20_000,
          interval: 100,
        });
        expect(answered.get(nameOf(index, job))).toBe(contentTypes[jobs[job]?.gets ?? 'text']);
        const own = `{__name__!~"up|scrape_.*",job="${job}"}`;
        await vi.waitFor(async () => expect(await ask(server, own)).toEqual(await readPage()), 5000);
      });
    });
});

const nameOf = (index: number, job: string): string => `${index} ${job}`;
