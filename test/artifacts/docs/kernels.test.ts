import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, it } from 'vitest';
import type { LabResult } from '../../lab/guest/result.ts';
import { matrixDocument, matrixFile, readMatrix, recordResult, withTable } from '../../lab/matrix.ts';
import { scenarios } from '../../lab/scenarios/index.ts';
import { limitOf } from '../../lab/scenarios/limits.ts';
import { suiteNames } from '../../lab/suites.ts';

const project = path.resolve(import.meta.dirname, '../../..');
const matrix = readMatrix(project);
const document = readFileSync(path.join(project, matrixDocument), 'utf8');

const versions = {
  ...{ kernel: '7.2.7', thinPool: '1.24.0', lvm: '2.03.31(2)', libdm: '1.02.205' },
  ...{ thinTools: '1.1.0', docker: '' },
};
const result: LabResult = {
  ...{ scenario: 'smoke', versions, ok: false, seconds: 12.6 },
  checks: [
    { name: 'one', ok: true },
    { name: 'two', ok: false },
  ],
};

it('has the table of the results', () => {
  expect(withTable(document, matrix)).toBe(document);
});

it('has results of scenarios that exist, on suites that have what they take', () => {
  const names = Object.keys(matrix.scenarios);
  expect(names.filter((name) => !scenarios.some((scenario) => scenario.name === name))).toEqual([]);
  for (const [name, cells] of Object.entries(matrix.scenarios))
    expect(Object.keys(cells)).toEqual(Object.keys(cells).filter((suite) => isAllowed(name, suite)));
});

function isAllowed(name: string, suite: string): boolean {
  return (limitOf(name)?.suites ?? suiteNames).some((one) => one === suite);
}

it('gives the reason of every check that failed', () => {
  const [, explained = ''] = document.split('## Checks that fail');
  const failing = Object.entries(matrix.scenarios).flatMap(([name, cells]) =>
    Object.entries(cells).flatMap(([suite, { failed }]) => failed.map(() => `\`${name}\` on ${suite}`)),
  );
  expect(failing.filter((one) => !explained.includes(one))).toEqual([]);
});

it('replaces the cell of a run, and nothing else', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'lab-matrix-'));
  for (const file of [matrixFile, matrixDocument]) {
    mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
    writeFileSync(path.join(folder, file), readFileSync(path.join(project, file)));
  }
  recordResult(folder, 'sid', result);
  const recorded = readMatrix(folder);
  const text = readFileSync(path.join(folder, matrixDocument), 'utf8');
  rmSync(folder, { recursive: true });
  expect(recorded.scenarios['smoke']?.sid).toEqual({ held: 1, total: 2, seconds: 13, failed: ['two'] });
  expect(text).toMatch(/^\| `smoke` \|.*\| 1\/2 \|$/m);
  expect({ ...recorded.scenarios['smoke'], sid: undefined }).toEqual({
    ...matrix.scenarios['smoke'],
    sid: undefined,
  });
  expect({ ...recorded.scenarios, smoke: undefined }).toEqual({ ...matrix.scenarios, smoke: undefined });
});
