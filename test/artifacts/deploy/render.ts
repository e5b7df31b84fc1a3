import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { release } from '../../../deploy/source/manifests.ts';
import { run } from '../../support/tools.ts';

export const chart = join(import.meta.dirname, '..', '..', '..', 'deploy', 'helm', 'thinpool-exporter');

/** What helm makes of the chart, as text. Throws with helm's words where it refuses. */
export function renderText(helm: string, values: object): string {
  return inChart((folder) => template(helm, folder, values));
}

/** The same of a chart that lies in a folder; another command than template may take its place. */
export function template(
  helm: string,
  folder: string,
  values: object,
  ...command: readonly string[]
): string {
  writeFileSync(join(folder, 'given.json'), JSON.stringify(values));
  const [verb = 'template', ...more] = command;
  return run(helm, [verb, release, '.', ...more, '--namespace', release, '--values', 'given.json'], folder);
}

/** A copy of the chart, with the files that it links to. */
export function inChart<Result>(use: (folder: string) => Result): Result {
  const folder = mkdtempSync(join(tmpdir(), 'thinpool-chart-'));
  try {
    cpSync(chart, folder, { recursive: true, dereference: true });
    return use(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A Kubernetes object, as far as tests read it. */
export interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly labels?: Record<string, string>;
    readonly annotations?: Record<string, string>;
  };
  // biome-ignore lint/suspicious/noExplicitAny: the schemas say what is in it
  readonly [field: string]: any;
}

export function render(helm: string, values: object = {}): readonly Manifest[] {
  return manifests(renderText(helm, values));
}

export function manifests(text: string): readonly Manifest[] {
  return parseAllDocuments(text, { uniqueKeys: true })
    .map((document) => {
      if (document.errors.length > 0) throw document.errors[0];
      return document.toJS();
    })
    .filter((content) => content !== null);
}

export function only(all: readonly Manifest[], kind: string): Manifest {
  const found = all.filter((one) => one.kind === kind);
  if (found.length !== 1) throw new Error(`${found.length} of ${kind}`);
  return found[0] as Manifest;
}
