import type { PartialFacts } from '../../model/facts.ts';
import type { Host } from '../../model/host.ts';
import { minuteMs, secondMs } from '../../model/units.ts';
import { runningForMs } from '../../safety/lateness.ts';
import { defineCollector, dockerVariants, type Output, type Query, type QueryOptions } from '../collector.ts';
import { leftOut } from '../shared/partly.ts';
import { killGraceMs, whyDockerBlocked } from './blocked.ts';
import {
  devicePlaces,
  deviceTemplate,
  parseContainerDevices,
  parseContainerIds,
  parseContainerRows,
} from './container.ts';
import { dockerFailure } from './failure.ts';
import { dockerCommand } from './needs.ts';
import { scrambling } from './scrambling.ts';

const collector = 'containers';

/** Maximum number of containers per query, 65 bytes each on the command line, far below the kernel's limit. The rest have no names. */
const containersMax = 1000;

/**
 * Names of Docker's thin volumes. Only a running container has a device (seen in test/hosts/lab-docker-direct), so only
 * containers are queried, not images: commands report only the top layer of an image, and that has a device only while
 * Docker packs or unpacks it.
 *
 * Neither command touches the pool: docker ps does not use the storage driver, and docker inspect looks the device up in a
 * table (moby daemon/graphdriver/devmapper/deviceset.go, exportDeviceMetadata). For that, however, it takes the lock that
 * docker info waits for when dockerd hangs, while holding the container's own lock (daemon/inspect.go, ContainerInspect),
 * which makes things worse. So it only runs while docker info responds, one at a time.
 */
export const containers = defineCollector({
  name: collector,
  help: "Names and images of the containers that use Docker's thin volumes. Both become metric labels; off omits them.",
  needs: dockerCommand,
  defaults: { intervalMs: minuteMs, timeoutMs: 10 * secondMs },
  queries: (host, queryOptions) => (usesDevicemapper(host) ? queryContainers(host, queryOptions) : []),
  scrambling,
});

/** While Docker does not respond, its earlier facts count. */
function usesDevicemapper({ dockerInfos, runningContainers }: Host): boolean {
  const docker = dockerInfos.find(({ kind }) => kind === 'docker');
  return docker === undefined ? runningContainers.length > 0 : docker.driver === 'devicemapper';
}

function queryContainers(host: Host, queryOptions: QueryOptions): readonly Query[] {
  const common = { ...blockFor(host), killGraceMs, neverExpires: true } as const;
  const ids = host.runningContainers.map(({ id }) => id).slice(0, containersMax);
  const list: Query = {
    key: 'list',
    variants: dockerVariants(
      queryOptions,
      [
        {
          input: { command: ['docker', 'ps', '--quiet', '--no-trunc'] },
          parse: readList(parseContainerIds),
        },
      ],
      {
        name: 'api',
        input: { engine: ['/containers/json'], keep: [['Id']] },
        parse: readList(parseContainerRows),
      },
    ),
    ...common,
  };
  if (ids.length === 0) return [list];
  const inspect = ['docker', 'inspect', '--type', 'container', '--format', deviceTemplate, ...ids] as const;
  return [
    list,
    {
      key: 'inspect',
      variants: dockerVariants(queryOptions, [{ input: { command: inspect }, parse: readDevices }], {
        name: 'api',
        input: { engine: ids.map((id) => `/containers/${id}/json`), keep: devicePlaces },
        parse: readDevices,
      }),
      after: 'list',
      ...common,
    },
  ];
}

function readList(parse: (text: string) => readonly string[]) {
  return ({ stdout, stderr, exitCode }: Output): PartialFacts => {
    if (exitCode !== 0) throw dockerFailure(stderr, exitCode);
    return { runningContainers: parse(stdout).map((id) => ({ id })) };
  };
}

/** A container that exited since the list was made is an error on stderr; the others are still printed. */
function readDevices({ stdout, stderr, exitCode }: Output): PartialFacts {
  const complaints = stderr.split('\n').filter((line) => line.trim() !== '');
  const isAboutEnded = complaints.length > 0 && complaints.every((line) => isEnded.test(line));
  if (exitCode !== 0 && !isAboutEnded) throw dockerFailure(stderr, exitCode);
  const { records, unreadable } = parseContainerDevices(stdout);
  return { deviceUsers: records, ...leftOut(collector, unreadable) };
}

const isEnded = /no such (container|object)/i;

function blockFor(host: Host): { blockedBy?: string } {
  const reason = whyDockerBlocked(host) ?? whyInfoPending(host);
  if (reason === undefined) return {};
  return { blockedBy: `${reason}, and \`docker inspect\` could hang while it holds a lock of the container` };
}

function whyInfoPending({ collectors, takenAt }: Host): string | undefined {
  const docker = collectors.find(({ name }) => name === 'docker');
  if (docker?.status !== 'ok') return 'docker info does not respond';
  const isUnderWay = docker.queries.some((query) => runningForMs(query, takenAt) !== undefined);
  return isUnderWay ? 'docker info has not responded yet' : undefined;
}
