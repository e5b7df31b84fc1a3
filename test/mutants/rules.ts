import { execFile } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { findingCodes } from '../../src/rules/evaluate.ts';

/** The one place at which a finding comes from a rule, and the test that has a host on which each rule fires. */
export const ruleSwitch = {
  file: 'rules/evaluate.ts',
  from: 'rule.find(host, context)',
  to: '(isOff(rule.code) ? [] : rule.find(host, context))',
  test: 'test/unit/rules/each-code.test.ts',
} as const;

/** A rule is off in the test that is named after it. So one run of vitest tries all of them, one at a time. */
const isOff = `
import { expect } from 'vitest';
function isOff(code: string): boolean {
  return expect.getState().currentTestName?.endsWith(\`'\${code}' fires\`) === true;
}
`;

interface Report {
  readonly testResults: readonly {
    readonly assertionResults: readonly { readonly title: string; readonly status: string }[];
  }[];
}

export const ruleMutantName = (code: string): string => `rule ${code} finds nothing`;

export interface Tried {
  readonly name: string;
  readonly killed: boolean;
}

/** Makes each rule find nothing, in a copy of the project. */
export async function tryRules(copy: string): Promise<readonly Tried[]> {
  const { file, from, to, test } = ruleSwitch;
  const target = path.join(copy, 'src', file);
  const healthy = readFileSync(target, 'utf8');
  if (healthy.split(from).length !== 2) throw new Error(`not once in src/${file}: ${from}`);
  writeFileSync(target, healthy.replace(from, () => to) + isOff);
  const statuses = await run(copy, test);
  writeFileSync(target, healthy);
  const status = (title: string): string => {
    const found = statuses.get(title);
    if (found === undefined) throw new Error(`${test} has no test ${title}`);
    return found;
  };
  return findingCodes.map((code) => {
    // If this fails as well, something else is broken.
    if (status(`'${code}' stays quiet`) !== 'passed') throw new Error(`${code} does not stay quiet`);
    return { name: ruleMutantName(code), killed: status(`'${code}' fires`) === 'failed' };
  });
}

/** The status of each test by its title. */
async function run(copy: string, test: string): Promise<ReadonlyMap<string, string>> {
  const output = path.join(copy, 'report.json');
  const program = path.join(copy, 'node_modules/vitest/vitest.mjs');
  const args = [program, 'run', '--reporter', 'json', '--outputFile', output, test];
  // It exits with 1: mutants are killed.
  await new Promise<void>((resolve) => {
    execFile(process.execPath, args, { cwd: copy, timeout: 120_000, maxBuffer: 1 << 26 }, () => resolve());
  });
  const { testResults } = JSON.parse(readFileSync(output, 'utf8')) as Report;
  rmSync(output);
  return new Map(
    testResults.flatMap(({ assertionResults }) =>
      assertionResults.map(({ title, status }): [string, string] => [title, status]),
    ),
  );
}
