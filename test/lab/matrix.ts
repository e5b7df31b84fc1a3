import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { LabResult, Versions } from './guest/result.ts';
import { limitOf } from './scenarios/limits.ts';
import { type SuiteName, suiteNames } from './suites.ts';

/** How a scenario last ended on a suite. */
export interface Cell {
  readonly held: number;
  readonly total: number;
  readonly seconds: number;
  /** Checks that failed, and what ended the scenario early. */
  readonly failed: readonly string[];
}

type BySuite<Value> = Readonly<Partial<Record<SuiteName, Value>>>;

/** What is kept of all runs: each run replaces its own cell. */
export interface Matrix {
  readonly versions: BySuite<Versions>;
  readonly scenarios: Readonly<Record<string, BySuite<Cell>>>;
}

/** The results as data, and the document with the table made from them. */
export const matrixFile = 'test/lab/matrix.json';
export const matrixDocument = 'docs/behaviour/kernels.md';
const [start, end] = ['<!-- results -->', '<!-- end of results -->'];

export function readMatrix(project: string): Matrix {
  return JSON.parse(readFileSync(path.join(project, matrixFile), 'utf8')) as Matrix;
}

export function recordResult(project: string, suite: SuiteName, result: LabResult): void {
  const { versions, scenarios } = readMatrix(project);
  const { scenario } = result;
  const matrix: Matrix = {
    versions: { ...versions, [suite]: result.versions },
    scenarios: { ...scenarios, [scenario]: { ...scenarios[scenario], [suite]: toCell(result) } },
  };
  writeFileSync(path.join(project, matrixFile), `${JSON.stringify(matrix, null, 2)}\n`);
  const document = path.join(project, matrixDocument);
  writeFileSync(document, withTable(readFileSync(document, 'utf8'), matrix));
}

function toCell({ checks, seconds, error }: LabResult): Cell {
  const failed = checks.filter(({ ok }) => !ok).map(({ name }) => name);
  return {
    held: checks.length - failed.length,
    total: checks.length,
    seconds: Math.round(seconds),
    failed: [...failed, ...(error === undefined ? [] : [error.split('\n')[0] ?? ''])],
  };
}

export function withTable(document: string, matrix: Matrix): string {
  const [before, rest] = document.split(start);
  const after = rest?.split(end)[1];
  if (before === undefined || after === undefined)
    throw new Error(`${matrixDocument} has no ${start} … ${end}`);
  return `${before}${start}\n\n${renderMatrix(matrix)}\n${end}${after}`;
}

export function renderMatrix({ versions, scenarios }: Matrix): string {
  const row = (cells: readonly string[]) => `| ${cells.join(' | ')} |\n`;
  const version = (key: keyof Versions) => suiteNames.map((suite) => versions[suite]?.[key] || '-');
  const names = Object.keys(scenarios).toSorted();
  return [
    row(['', ...suiteNames]),
    row(['---', ...suiteNames.map(() => '---')]),
    row(['kernel', ...version('kernel')]),
    row(['thin-pool target', ...version('thinPool')]),
    row(['LVM', ...version('lvm')]),
    row(['libdm', ...version('libdm')]),
    row(['thin-provisioning-tools', ...version('thinTools')]),
    ...names.map((name) =>
      row([`\`${name}\``, ...suiteNames.map((suite) => describe(name, suite, scenarios))]),
    ),
  ].join('');
}

function describe(name: string, suite: SuiteName, scenarios: Matrix['scenarios']): string {
  const cell = scenarios[name]?.[suite];
  const limit = limitOf(name);
  if (limit && !limit.suites.includes(suite)) return limit.others;
  if (!cell) return 'not run';
  // A scenario that was cut short has checks that were never made.
  const isCut = cell.failed.length > cell.total - cell.held;
  return `${cell.held}/${cell.total}${isCut ? ', then cut short' : ''}`;
}
