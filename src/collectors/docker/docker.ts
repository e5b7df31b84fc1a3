import type { Fragment } from '../../model/facts.ts';
import type { Host } from '../../model/host.ts';
import { minuteMs, secondMs } from '../../model/units.ts';
import { defineSource, dockerWays, type Reading, type Way } from '../collector.ts';
import { type DriverReport, toConsumer } from './driver.ts';
import { dockerFailure } from './failure.ts';
import { leftAloneMs, reasonToLeaveDocker } from './hold.ts';
import { parseDockerInfoJson } from './info-json.ts';
import { parseDockerInfo } from './info-text.ts';
import { dockerCommand } from './needs.ts';
import { redactInfo } from './redact.ts';

export const docker = defineSource({
  name: 'docker',
  help: 'Output of docker info about the devicemapper pool: minimum free space, deferred deletions, loop files. Docker rounds sizes.',
  needs: dockerCommand,
  defaults: { intervalMs: minuteMs, timeoutMs: 10 * secondMs },
  questions: (known, choices) => [
    {
      key: 'info',
      ways: dockerWays(choices, commands, socket),
      ...holdFor(known),
      leftAloneMs,
    },
  ],
  names: ({ consumers = [] }) =>
    consumers.flatMap(({ poolName, dataLoopFile, metadataLoopFile }) => [
      poolName,
      dataLoopFile,
      metadataLoopFile,
    ]),
  redact: redactInfo,
});

const parseJson: Way['parse'] = (reading) => readInfo(reading, parseDockerInfoJson);

const commands: readonly [Way, Way] = [
  { name: 'json', access: { command: ['docker', 'info', '--format', '{{json .}}'] }, parse: parseJson },
  {
    name: 'text',
    access: { command: ['docker', 'info'] },
    parse: (reading) => readInfo(reading, parseDockerInfo),
  },
];

/** The request that the docker command sends. */
const socket: Way = { name: 'api', access: { engine: ['/info'] }, parse: parseJson };

function readInfo(reading: Reading, parse: (text: string) => DriverReport): Fragment {
  const { stdout, stderr, exitCode } = reading;
  if (exitCode !== 0) throw dockerFailure(`${stderr}\n${errorLines(stdout)}`, exitCode);
  return { consumers: [toConsumer(parse(stdout))] };
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
function holdFor(known: Host): { hold?: string } {
  const reason = reasonToLeaveDocker(known);
  if (reason === undefined) return {};
  return {
    hold: `${reason}, and \`docker info\` forces a metadata commit that could hang other readers`,
  };
}
