import { findValue, type Sample } from './exposition.ts';
import type { Lab } from './lab.ts';

/**
 * What is wrong with the names of Docker's volumes: every container, running or not, inspected one by one as a
 * person would, against the metrics. One without a device in device-mapper has nothing to be named.
 */
export async function compareContainers(lab: Lab, samples: readonly Sample[]): Promise<readonly string[]> {
  const names = await printed(lab, ['docker', 'ps', '--all', '--format', '{{.Names}}']);
  const devices = await printed(lab, ['dmsetup', 'info', '-c', '--noheadings', '-o', 'name']);
  const wrong: string[] = [];
  let found = 0;
  for (const name of names) {
    const [volume = ''] = await printed(lab, [
      ...['docker', 'inspect', '--format', '{{.GraphDriver.Data.DeviceName}}', name],
    ]);
    const [image = ''] = await printed(lab, ['docker', 'inspect', '--format', '{{.Config.Image}}', name]);
    if (!devices.includes(volume)) continue;
    found += 1;
    const labels = { volume, kind: 'docker-container', known_as: name, image };
    if (findValue(samples, 'thinpool_volume_info', labels) !== 1)
      wrong.push(`${volume} is not called ${name} (${image})`);
  }
  return found === 0 ? ['no container has a device'] : wrong;
}

async function printed(lab: Lab, command: readonly string[]): Promise<readonly string[]> {
  const { stdout } = await lab.run(command);
  return stdout.split('\n').filter((line) => line !== '');
}
