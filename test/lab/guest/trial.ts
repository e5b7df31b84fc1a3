import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { type Block, readBlocks } from '../../support/runbook.ts';
import { defineScenario, type Scenario } from '../scenario.ts';
import type { CommandOptions, Outcome } from './command.ts';
import type { Lab } from './lab.ts';
import { pause, until } from './patience.ts';
import { type PoolTruth, readPoolTruth } from './truth.ts';

/** What a reader has set in the shell. */
export type Variables = Readonly<Record<string, string>>;

export interface Trial<Name extends string> {
  readonly lab: Lab;
  /** Runs a block of the runbooks as it stands there, and checks that every command of it succeeds. */
  readonly attempt: (name: Name, variables?: Variables, options?: CommandOptions) => Promise<Outcome>;
  /** The same of a block that only reads: it has to say something, and to come back. */
  readonly inspect: (name: Name, variables?: Variables) => Promise<Outcome>;
  /** Checks what `dmsetup status` says of a pool, as soon as it does. */
  readonly expect: (step: string, dmName: string, expected: Partial<PoolTruth>) => Promise<PoolTruth>;
}

/** Blocks of the runbooks, each tried on a pool in the state that the runbook is for. */
export interface RunbookScenario<Name extends string> extends Omit<Scenario, 'steps'> {
  readonly blocks: readonly Name[];
  readonly steps: (trial: Trial<Name>) => Promise<void>;
}

/** The same scenario, with the names of its blocks: together they have to be all there are. */
export function defineRunbookScenario<const Name extends string>({
  steps,
  blocks,
  ...scenario
}: RunbookScenario<Name>): Scenario & { readonly blocks: readonly Name[] } {
  const run = async (lab: Lab) => {
    const left = new Set<Name>(blocks);
    const texts = readTexts(lab);
    await installExporter(lab);
    const textOf = (name: Name) => {
      left.delete(name);
      const text = texts.get(name);
      if (text === undefined) throw new Error(`the runbooks have no block ${name}`);
      return text;
    };
    await steps({
      lab,
      attempt: (name, env = {}, options = {}) => attempt(lab, name, textOf(name), { ...options, env }),
      inspect: (name, env = {}) => inspect(lab, name, textOf(name), { env }),
      expect: (step, dmName, expected) => expectPool(lab, step, dmName, expected),
    });
    lab.check('every block has been tried', left.size === 0, [...left].join(', ') || undefined);
  };
  return { ...defineScenario({ ...scenario, steps: run }), blocks };
}

function readTexts(lab: Lab): ReadonlyMap<string, string> {
  const folder = path.join(lab.project, 'docs/runbooks');
  const blocks = readdirSync(folder).flatMap((file): readonly Block[] =>
    readBlocks(file, readFileSync(path.join(folder, file), 'utf8')),
  );
  return new Map(blocks.flatMap(({ tried, text }) => (tried === undefined ? [] : [[tried, text] as const])));
}

/** Under the name that runbooks call it by. */
async function installExporter(lab: Lab): Promise<void> {
  await lab.sh(
    `printf '#!/bin/sh\\nexec "%s" "%s" "$@"\\n' "$LAB_NODE" "${lab.project}/dist/main.js" >/usr/bin/thinpool-exporter && chmod +x /usr/bin/thinpool-exporter`,
  );
}

/** Confirms every prompt, and stops at the first failure; an unset variable fails too. */
async function attempt(lab: Lab, name: string, text: string, options: CommandOptions): Promise<Outcome> {
  const outcome = await runBlock(lab, name, ['-eu', text], { timeoutMs: 120_000, ...options });
  const { exitCode, stderr } = outcome;
  lab.check(
    `${name}: runs`,
    exitCode === 0,
    exitCode === 0 ? undefined : `exit ${exitCode} ${stderr.trim()}`,
  );
  return outcome;
}

/** By the runbook: thin_check found nothing, or only leaked blocks, which thin-provisioning-tools 1.0 and newer report. */
export function isWhole({ stdout, stderr }: Outcome): boolean {
  const errors = stderr.split('\n').filter((line) => /leak|damage|missing|bad|error/i.test(line));
  const leaks = errors.filter((line) => /leak/.test(line));
  return /^clean$/m.test(stdout) || (leaks.length > 0 && errors.length === leaks.length);
}

/** What it says may be that all is bad. */
async function inspect(lab: Lab, name: string, text: string, options: CommandOptions): Promise<Outcome> {
  const outcome = await runBlock(lab, name, ['-u', text], { timeoutMs: 90_000, ...options });
  const { exitCode, stdout, stderr } = outcome;
  const isWell =
    stdout.trim() !== '' && exitCode >= 0 && !/command not found|Usage:|nrecognised/.test(stderr);
  lab.check(`${name}: answers`, isWell, isWell ? undefined : `exit ${exitCode} ${stderr.trim()}`);
  return outcome;
}

async function runBlock(
  lab: Lab,
  name: string,
  [flags, text]: readonly [string, string],
  options: CommandOptions,
): Promise<Outcome> {
  lab.say(`${name} ${JSON.stringify(options.env)}`);
  const outcome = await lab.run(['bash', '-c', `yes | bash ${flags} -c "$1"`, 'runbook', text], options);
  lab.write(`blocks/${name}.txt`, `${text}\n--- stdout\n${outcome.stdout}\n--- stderr\n${outcome.stderr}`);
  return outcome;
}

async function expectPool(
  lab: Lab,
  step: string,
  dmName: string,
  expected: Partial<PoolTruth>,
): Promise<PoolTruth> {
  let truth = await readPoolTruth(lab, dmName);
  const differences = () =>
    Object.entries(expected).filter(([key, value]) => truth[key as keyof PoolTruth] !== value);
  await until(10, async () => {
    truth = await readPoolTruth(lab, dmName);
    return differences().length === 0;
  });
  const wrong = differences().map(
    ([key, value]) => `${key} is ${truth[key as keyof PoolTruth]}, not ${value}`,
  );
  lab.check(step, wrong.length === 0, wrong.join('; ') || undefined);
  return truth;
}

/** Kernel modules that other scenarios do without, with those that they need. */
export async function loadModules(lab: Lab, names: readonly string[]): Promise<void> {
  for (const name of names)
    await lab.sh(`cd /usr/lib/uml/modules/*/ && for file in $(grep '/${name}.ko:' modules.dep | tr -d : | tr ' ' '\\n' | tac); do
  [ -e /sys/module/$(basename $file .ko | tr - _) ] || busybox insmod $file || exit 1
done`);
}

/** Starts a writer in the background; the returned function reports its end: its exit code, or undefined while it waits. */
export async function startWriter(lab: Lab, command: string): Promise<() => Promise<number | undefined>> {
  const file = `/run/writer-${Math.random().toString(36).slice(2)}`;
  await lab.sh(`{ ${command}; echo $? >${file}; } >/dev/null 2>&1 &`);
  await pause(2);
  return async () => {
    const { stdout, exitCode } = await lab.run(['cat', file]);
    return exitCode === 0 ? Number(stdout) : undefined;
  };
}
