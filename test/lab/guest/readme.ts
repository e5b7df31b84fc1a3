import type { HostCase } from './host-case.ts';
import type { Lab } from './lab.ts';

/** The README of a captured host: where it comes from, how to make it again, what it is for. */
export async function writeReadme(lab: Lab, host: HostCase, steps: readonly string[]): Promise<void> {
  const surprises = host.surprises ?? [];
  const text = [
    `# ${host.name}`,
    '',
    host.purpose,
    '',
    ...(await describeMachine(lab)),
    '- The kernel log starts at boot; in it the place of the lab on its machine is written as `/lab`.',
    '',
    `## How it was made (\`npm run lab -- ${lab.scenario}\`)`,
    '',
    ...(steps.length > 0 ? ['```sh', ...steps, '```'] : ['Nothing was done: it is the guest as it boots.']),
    ...(surprises.length > 0
      ? ['', '## Worth knowing', '', ...surprises.map((surprise) => `- ${surprise}`)]
      : []),
  ];
  lab.write(`hosts/${host.name}/README.md`, `${text.join('\n')}\n`);
}

async function describeMachine(lab: Lab): Promise<readonly string[]> {
  const read = async (command: string, pattern: RegExp) => {
    const { stdout } = await lab.run(command.split(' '));
    return pattern.exec(stdout)?.[1] ?? 'none';
  };
  return [
    `- Debian 12, kernel ${await read('uname -r', /(\S+)/)} (user-mode Linux)`,
    `- thin-pool target ${await read('dmsetup targets', /thin-pool\s+v(\S+)/)}`,
    `- LVM ${await read('lvs --version', /LVM version:\s*(\S+)/)}, libdm ${await read('dmsetup version', /Library version:\s*(\S+)/)}`,
    `- Docker ${await read('docker --version', /version ([^,]+)/)} (it runs only where docker/ is here)`,
  ];
}
