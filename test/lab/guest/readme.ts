import { machineSuite, releases } from '../suites.ts';
import type { HostCase } from './host-case.ts';
import type { Lab } from './lab.ts';

/** The README of a captured host: where it comes from, how to make it again, what it is for. */
export function writeReadme(lab: Lab, host: HostCase, steps: readonly string[]): void {
  const surprises = host.surprises ?? [];
  const text = [
    `# ${host.name}`,
    '',
    host.purpose,
    '',
    ...describeMachine(lab),
    '- The kernel log starts at boot; in it the place of the lab on its machine is written as `/lab`.',
    '',
    `## How it was made (\`npm run lab -- ${lab.scenario}${lab.suite === machineSuite ? '' : ` --on ${lab.suite}`}\`)`,
    '',
    ...(steps.length > 0 ? ['```sh', ...steps, '```'] : ['Nothing was done: it is the guest as it boots.']),
    ...(surprises.length > 0
      ? ['', '## Worth knowing', '', ...surprises.map((surprise) => `- ${surprise}`)]
      : []),
  ];
  lab.write(`hosts/${host.name}/README.md`, `${text.join('\n')}\n`);
}

function describeMachine({ suite, versions }: Lab): readonly string[] {
  const { kernel, thinPool, lvm, libdm, docker } = versions;
  return [
    `- ${releases[suite]}, kernel ${kernel} (user-mode Linux)`,
    `- thin-pool target ${thinPool || 'none'}`,
    `- LVM ${lvm}, libdm ${libdm || 'none'}`,
    `- Docker ${docker || 'none'} (it runs only where docker/ is here)`,
  ];
}
