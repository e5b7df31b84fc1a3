import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import { release } from '../../../deploy/source/manifests.ts';
import { describeWith } from '../../support/needs.ts';
import { run, tool } from '../../support/tools.ts';
import { manifests, only, render } from './render.ts';
import { wrongValues } from './schemas.ts';
import { helm, kubectl } from './tools.ts';

const project = join(import.meta.dirname, '..', '..', '..');
const read = (name: string) => readFileSync(join(project, name), 'utf8');
const page = read('docs/guide/kubernetes.md');

/** The fenced blocks of a language, those of them that begin with a word. */
function blocks(text: string, language: string, first: string): readonly string[] {
  const all = [...text.matchAll(/^```(\w+)\n([\s\S]*?)^```$/gm)];
  return all
    .filter(([, of, block]) => of === language && block?.startsWith(first))
    .map(([, , block = '']) => block);
}

/** The words of a command line that goes on over lines. */
function words(command: string): string[] {
  return command.replaceAll('\\\n', ' ').trim().split(/\s+/);
}

describeWith('helm')('commands of docs/guide/kubernetes.md', () => {
  it.each(['README.md', 'docs/guide/kubernetes.md'])('%s: helm install takes its words', (name) => {
    const [line = ''] = blocks(read(name), 'sh', 'helm install');
    const [program, verb, ...rest] = words(line);
    expect([program, verb]).toEqual(['helm', 'install']);
    // Helm says of each link of the chart that it follows it.
    const printed = run(helm, ['template', ...rest], project).replaceAll(
      /^level=INFO .*symbolic link.*\n/gm,
      '',
    );
    const all = manifests(printed);
    const { spec } = only(all, 'DaemonSet')['spec'].template;
    expect(spec.containers[0].image).toMatch(/^registry\.example\.org\/thinpool-exporter:\d/);
  });

  it('the values for passwords make objects that are valid', () => {
    const [block = ''] = blocks(page, 'yaml', 'webConfig:');
    const all = render(helm, parse(block));
    expect(all.flatMap(wrongValues)).toEqual([]);
    const { livenessProbe, readinessProbe } = only(all, 'DaemonSet')['spec'].template.spec.containers[0];
    expect(livenessProbe.httpGet).toMatchObject({ path: '/-/healthy', port: 'http', scheme: 'HTTPS' });
    expect(readinessProbe.httpGet).toEqual(livenessProbe.httpGet);
    expect(only(all, 'PodMonitor')['spec'].podMetricsEndpoints[0]).toMatchObject({
      port: 'http',
      scheme: 'https',
    });
  });

  it('names only values that there are', () => {
    const named = [
      ...page.matchAll(/`((?:lvm|docker|podMonitor|prometheusRule|dashboards|webConfig)\.\w+)/g),
    ];
    const readme = read('deploy/helm/thinpool-exporter/README.md');
    expect(named.length).toBeGreaterThan(10);
    for (const [, path] of named) expect(readme).toContain(`| \`${path}\` |`);
  });
});

describeWith('kubectl')('kubectl apply', () => {
  it.each([...page.matchAll(/^kubectl apply -k (\S+)/gm)].map(([, folder = '']) => folder))(
    '-k %s finds what to apply',
    (folder) => {
      expect(manifests(run(kubectl, ['kustomize', folder], project)).length).toBeGreaterThan(1);
    },
  );
});

describeWith('promtool')('scraping without the operator', () => {
  // Debian's Prometheus is built without Kubernetes: the targets are replaced, the rest is checked as it is.
  it('is what Prometheus takes, but for the discovery', () => {
    const [block = ''] = blocks(page, 'yaml', 'scrape_configs:');
    const { scrape_configs: jobs } = parse(block) as { scrape_configs: Record<string, unknown>[] };
    const known = jobs.map(({ kubernetes_sd_configs, ...job }) => {
      expect(kubernetes_sd_configs).toEqual([{ role: 'pod', namespaces: { names: [release] } }]);
      return { ...job, static_configs: [{ targets: ['127.0.0.1:10058'] }] };
    });
    const folder = mkdtempSync(join(tmpdir(), 'thinpool-scrape-'));
    try {
      writeFileSync(join(folder, 'prometheus.yml'), stringify({ scrape_configs: known }));
      expect(run(tool('promtool'), ['check', 'config', join(folder, 'prometheus.yml')])).toContain('SUCCESS');
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
