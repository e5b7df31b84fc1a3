import { readFileSync } from 'node:fs';
import { readPools } from './device-mapper.ts';
import type { HostCase } from './host-case.ts';
import { readKernelLog } from './kernel-log.ts';
import type { Lab } from './lab.ts';
import {
  containersQuestion,
  depsQuestions,
  deviceQuestions,
  devicesQuestion,
  dockerQuestions,
  lvmQuestions,
  manglingQuestions,
  policyQuestion,
  poolQuestion,
  type Question,
  volumesQuestion,
} from './questions.ts';
import { writeReadme } from './readme.ts';

const kernelPaths = [
  '/sys/module/dm_thin_pool/parameters/no_space_timeout',
  '/proc/sys/kernel/hung_task_detect_count',
];

/** Records what the exporter would read here and now, in the layout of test/hosts, into the artifacts. */
export async function captureHost(lab: Lab, host: HostCase): Promise<void> {
  const steps = lab.takeSteps();
  const questions = await chooseQuestions(lab, host);
  for (const question of questions) await record(lab, host, question);
  const contents = kernelPaths.map((path) => [path, readText(path)]);
  lab.write(
    `hosts/${host.name}/kernel/settings.txt`,
    `${JSON.stringify(Object.fromEntries(contents), null, 2)}\n`,
  );
  lab.write(`hosts/${host.name}/kmsg/log.txt`, withoutPlaces(readKernelLog(), lab));
  await writeReadme(lab, host, steps);
  lab.say(`captured ${host.name}`);
}

async function chooseQuestions(lab: Lab, host: HostCase): Promise<readonly Question[]> {
  const also = host.also ?? ['lvm'];
  const pools = await readPools(lab);
  const policies = [policyQuestion(), ...(host.profiles ?? []).map((profile) => policyQuestion(profile))];
  return [
    ...deviceQuestions,
    ...(also.includes('mangling') ? manglingQuestions : []),
    ...(also.includes('deps') ? depsQuestions : []),
    ...pools.map(({ name }) => poolQuestion(name)),
    ...pools
      .filter(({ volumes }) => volumes.length > 0)
      .map(({ name, volumes }) => volumesQuestion(name, volumes)),
    ...(also.includes('lvm') ? [...lvmQuestions, ...policies] : []),
    ...(also.includes('docker') ? [...dockerQuestions, ...(await containerQuestions(lab))] : []),
  ];
}

async function containerQuestions(lab: Lab): Promise<readonly Question[]> {
  const { stdout } = await lab.run(containersQuestion.command);
  const ids = stdout.split('\n').filter((line) => line !== '');
  return ids.length === 0 ? [containersQuestion] : [containersQuestion, devicesQuestion(ids)];
}

/** stdout always, stderr and the exit code where there is something to tell. */
async function record(lab: Lab, host: HostCase, { key, command }: Question): Promise<void> {
  const { stdout, stderr, exitCode, lost } = await lab.run(command);
  if (lost !== undefined) throw new Error(`${command.join(' ')} gave no answer: ${lost}`);
  const file = `hosts/${host.name}/${key}`;
  lab.write(`${file}.txt`, stdout);
  if (stderr !== '') lab.write(`${file}.stderr`, stderr);
  if (exitCode !== 0) lab.write(`${file}.exit`, `${exitCode}\n`);
}

function readText(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}

/** The kernel logs its command line, which says where the lab lies on this machine: that is nobody's business. */
export function withoutPlaces(log: Buffer, lab: Lab): string {
  let text = log.toString('utf8');
  for (const place of lab.places) text = text.replaceAll(place, '/lab');
  return text;
}
