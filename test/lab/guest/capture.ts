import { readFileSync } from 'node:fs';
import { machineSuite } from '../suites.ts';
import { readPools } from './device-mapper.ts';
import type { HostCase } from './host-case.ts';
import { readKernelLog } from './kernel-log.ts';
import type { Lab } from './lab.ts';
import {
  containersQuery,
  depsQueries,
  deviceQueries,
  devicesQuery,
  dockerQueries,
  lvmQueries,
  manglingQueries,
  policyQuery,
  poolQuery,
  type Query,
  repairToolsQuery,
  volumesQuery,
} from './queries.ts';
import { writeReadme } from './readme.ts';

const kernelPaths = [
  '/sys/module/dm_thin_pool/parameters/no_space_timeout',
  '/proc/sys/kernel/hung_task_detect_count',
];

/** Records what the exporter would read here and now, in the layout of test/hosts, into the artifacts. */
export async function captureHost(lab: Lab, made: HostCase): Promise<void> {
  const host = nameBySuite(made, lab);
  const steps = lab.takeSteps();
  const queries = await chooseQueries(lab, host);
  for (const query of queries) await record(lab, host, query);
  const contents = kernelPaths.map((path) => [path, readText(path)]);
  lab.write(
    `hosts/${host.name}/kernel/settings.txt`,
    `${JSON.stringify(Object.fromEntries(contents), null, 2)}\n`,
  );
  lab.write(`hosts/${host.name}/kmsg/log.txt`, withoutPlaces(readKernelLog(), lab));
  writeReadme(lab, host, steps);
  lab.say(`captured ${host.name}`);
}

/** What is surprising was written about this machine's kernel and tools. */
function nameBySuite(host: HostCase, { suite }: Lab): HostCase {
  return suite === machineSuite ? host : { ...host, name: `${host.name}-${suite}`, surprises: [] };
}

async function chooseQueries(lab: Lab, host: HostCase): Promise<readonly Query[]> {
  const also = host.also ?? ['lvm'];
  const pools = await readPools(lab);
  const policies = [policyQuery(), ...(host.profiles ?? []).map((profile) => policyQuery(profile))];
  return [
    ...deviceQueries,
    ...(also.includes('mangling') ? manglingQueries : []),
    ...(also.includes('deps') ? depsQueries : []),
    ...pools.map(({ name }) => poolQuery(name)),
    ...pools
      .filter(({ volumes }) => volumes.length > 0)
      .map(({ name, volumes }) => volumesQuery(name, volumes)),
    ...(also.includes('lvm') ? [...lvmQueries, ...policies, repairToolsQuery] : []),
    ...(also.includes('docker') ? [...dockerQueries, ...(await containerQueries(lab))] : []),
  ];
}

async function containerQueries(lab: Lab): Promise<readonly Query[]> {
  const { stdout } = await lab.run(containersQuery.command);
  const ids = stdout.split('\n').filter((line) => line !== '');
  return ids.length === 0 ? [containersQuery] : [containersQuery, devicesQuery(ids)];
}

/** stdout always, stderr and the exit code if they are not empty. */
async function record(lab: Lab, host: HostCase, { key, command }: Query): Promise<void> {
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

/** The kernel logs its command line, which says where the lab lies on this machine: that does not belong in a capture. */
export function withoutPlaces(log: Buffer, lab: Lab): string {
  let text = log.toString('utf8');
  for (const place of lab.places) text = text.replaceAll(place, '/lab');
  return text;
}
