import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Lab } from './lab.ts';

/** What comes from Docker alone, and the state of its collectors; times differ from one check to the next. */
const dockers =
  /^(?:thinpool_docker_|thinpool_minimum_free_bytes|thinpool_volume_info|thinpool_collector_status\{collector="(?:docker|containers)")/;

/** A check with the docker command and one with the daemon's socket have to report the same. */
export async function checkDockerVariants(lab: Lab, step: string): Promise<void> {
  const [byCommand, bySocket] = [await runCheck(lab, 'command'), await runCheck(lab, 'socket')];
  const isSame = byCommand.join('\n') === bySocket.join('\n');
  const named = bySocket.filter((line) => line.includes('kind="docker-container"')).length;
  lab.check(
    `${step}: Docker's socket returns what its command prints`,
    isSame && named > 0 && bySocket.some((line) => line.startsWith('thinpool_docker_minimum_free_bytes')),
    `${bySocket.length} lines, ${named} containers${isSame ? '' : `; by the command ${byCommand.length}`}`,
  );
}

async function runCheck(lab: Lab, by: 'command' | 'socket'): Promise<readonly string[]> {
  const file = path.join(lab.out, `docker-by-${by}.prom`);
  const program = path.join(lab.project, 'dist/main.js');
  const { exitCode, stderr } = await lab.run(
    [process.execPath, program, 'textfile', file, '--metrics.set=all', `--collector.docker.transport=${by}`],
    { timeoutMs: 60_000 },
  );
  if (exitCode !== 0) throw new Error(`textfile by ${by}: exit ${exitCode} ${stderr}`);
  return readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => dockers.test(line));
}
