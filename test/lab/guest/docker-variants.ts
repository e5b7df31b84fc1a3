import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Lab } from './lab.ts';

/** What comes from Docker alone, and how its collectors fare; times differ from one look to the next. */
const dockers =
  /^(?:thinpool_docker_|thinpool_minimum_free_bytes|thinpool_volume_info|thinpool_collector_status\{collector="(?:docker|containers)")/;

/** One look by the docker command and one by the daemon's socket have to tell the same. */
export async function checkDockerVariants(lab: Lab, step: string): Promise<void> {
  const [byCommand, bySocket] = [await look(lab, 'command'), await look(lab, 'socket')];
  const isSame = byCommand.join('\n') === bySocket.join('\n');
  const named = bySocket.filter((line) => line.includes('kind="docker-container"')).length;
  lab.check(
    `${step}: Docker tells by its socket what it tells its command`,
    isSame && named > 0 && bySocket.some((line) => line.startsWith('thinpool_docker_minimum_free_bytes')),
    `${bySocket.length} lines, ${named} containers${isSame ? '' : `; by the command ${byCommand.length}`}`,
  );
}

async function look(lab: Lab, by: 'command' | 'socket'): Promise<readonly string[]> {
  const file = path.join(lab.out, `docker-by-${by}.prom`);
  const program = path.join(lab.project, 'dist/main.js');
  const { exitCode, stderr } = await lab.run(
    [process.execPath, program, 'textfile', file, `--collector.docker.transport=${by}`],
    { timeoutMs: 60_000 },
  );
  if (exitCode !== 0) throw new Error(`textfile by ${by}: exit ${exitCode} ${stderr}`);
  return readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => dockers.test(line));
}
