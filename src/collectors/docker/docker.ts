import type { PartialFacts } from '../../model/facts.ts';
import type { Host } from '../../model/host.ts';
import { minuteMs, secondMs } from '../../model/units.ts';
import { defineCollector, dockerVariants, type Output, type Variant } from '../collector.ts';
import { killGraceMs, whyDockerBlocked } from './blocked.ts';
import { type DriverReport, toDockerInfo } from './driver.ts';
import { dockerFailure } from './failure.ts';
import { parseDockerInfoJson } from './info-json.ts';
import { parseDockerInfo } from './info-text.ts';
import { dockerCommand } from './needs.ts';
import { scrambling } from './scrambling.ts';

export const docker = defineCollector({
  name: 'docker',
  help: 'Output of docker info about the devicemapper pool: minimum free space, deferred deletions, loop files. Docker rounds sizes.',
  needs: dockerCommand,
  defaults: { intervalMs: minuteMs, timeoutMs: 10 * secondMs },
  queries: (host, queryOptions) => [
    {
      key: 'info',
      variants: dockerVariants(queryOptions, commands, socket),
      ...blockFor(host),
      killGraceMs,
    },
  ],
  scrambling,
});

const parseJson: Variant['parse'] = (output) => readInfo(output, parseDockerInfoJson);

const commands: readonly [Variant, Variant] = [
  { name: 'json', input: { command: ['docker', 'info', '--format', '{{json .}}'] }, parse: parseJson },
  {
    name: 'text',
    input: { command: ['docker', 'info'] },
    parse: (output) => readInfo(output, parseDockerInfo),
  },
];

/** The request that the docker command sends. */
const socket: Variant = { name: 'api', input: { engine: ['/info'] }, parse: parseJson };

function readInfo(output: Output, parse: (text: string) => DriverReport): PartialFacts {
  const { stdout, stderr, exitCode } = output;
  if (exitCode !== 0) throw dockerFailure(`${stderr}\n${errorLines(stdout)}`, exitCode);
  return { dockerInfos: [toDockerInfo(parse(stdout))] };
}

/** From 19.03 to 20.10 the text format has the daemon's error on stdout. */
function errorLines(stdout: string): string {
  return stdout
    .split('\n')
    .filter((line) => line.startsWith('ERROR'))
    .join('\n');
}

/**
 * Each docker info makes the daemon read its pool's status without NOFLUSH (moby deviceset.go, poolStatus;
 * pkg/devicemapper, GetStatus), and the kernel then commits the pool's metadata first.
 */
function blockFor(host: Host): { blockedBy?: string } {
  const reason = whyDockerBlocked(host);
  if (reason === undefined) return {};
  return {
    blockedBy: `${reason}, and \`docker info\` forces a metadata commit that could hang other readers`,
  };
}
