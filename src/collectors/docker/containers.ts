import type { Fragment } from '../../model/facts.ts';
import type { Host } from '../../model/host.ts';
import { minuteMs, secondMs } from '../../model/units.ts';
import { underWayMs } from '../../safety/lateness.ts';
import { type Choices, defineSource, dockerWays, type Question, type Reading } from '../collector.ts';
import {
  devicePlaces,
  deviceTemplate,
  parseContainerDevices,
  parseContainerIds,
  parseContainerRows,
} from './container.ts';
import { dockerFailure } from './failure.ts';
import { leftAloneMs, reasonToLeaveDocker } from './hold.ts';
import { dockerCommand } from './needs.ts';

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
export const containers = defineSource({
  name: 'containers',
  help: "Names and images of the containers that use Docker's thin volumes. Both become metric labels; off omits them.",
  needs: dockerCommand,
  defaults: { intervalMs: minuteMs, timeoutMs: 10 * secondMs },
  questions: (known, choices) => (usesDevicemapper(known) ? askContainers(known, choices) : []),
  names: ({ deviceUsers = [] }) => deviceUsers.flatMap(({ name, image }) => [name, image]),
});

/** While Docker does not respond, its earlier facts count. */
function usesDevicemapper({ consumers, runningContainers }: Host): boolean {
  const docker = consumers.find(({ kind }) => kind === 'docker');
  return docker === undefined ? runningContainers.length > 0 : docker.driver === 'devicemapper';
}

function askContainers(known: Host, choices: Choices): readonly Question[] {
  const common = { ...holdFor(known), leftAloneMs, lasting: true } as const;
  const ids = known.runningContainers.map(({ id }) => id).slice(0, containersMax);
  const list: Question = {
    key: 'list',
    ways: dockerWays(
      choices,
      [
        {
          access: { command: ['docker', 'ps', '--quiet', '--no-trunc'] },
          parse: readList(parseContainerIds),
        },
      ],
      {
        name: 'api',
        access: { engine: ['/containers/json'], keep: [['Id']] },
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
      ways: dockerWays(choices, [{ access: { command: inspect }, parse: readDevices }], {
        name: 'api',
        access: { engine: ids.map((id) => `/containers/${id}/json`), keep: devicePlaces },
        parse: readDevices,
      }),
      after: 'list',
      ...common,
    },
  ];
}

function readList(parse: (text: string) => readonly string[]) {
  return ({ stdout, stderr, exitCode }: Reading): Fragment => {
    if (exitCode !== 0) throw dockerFailure(stderr, exitCode);
    return { runningContainers: parse(stdout).map((id) => ({ id })) };
  };
}

/** A container that exited since the list was made is an error on stderr; the others are still printed. */
function readDevices({ stdout, stderr, exitCode }: Reading): Fragment {
  const complaints = stderr.split('\n').filter((line) => line.trim() !== '');
  const isAboutEnded = complaints.length > 0 && complaints.every((line) => isEnded.test(line));
  if (exitCode !== 0 && !isAboutEnded) throw dockerFailure(stderr, exitCode);
  return { deviceUsers: parseContainerDevices(stdout) };
}

const isEnded = /no such (container|object)/i;

function holdFor(known: Host): { hold?: string } {
  const reason = reasonToLeaveDocker(known) ?? whyUnanswered(known);
  if (reason === undefined) return {};
  return { hold: `${reason}, and \`docker inspect\` could hang while it holds a lock of the container` };
}

function whyUnanswered({ sources, takenAt }: Host): string | undefined {
  const docker = sources.find(({ name }) => name === 'docker');
  if (docker?.status !== 'ok') return 'docker info does not respond';
  const isUnderWay = docker.questions.some((question) => underWayMs(question, takenAt) !== undefined);
  return isUnderWay ? 'docker info has not responded yet' : undefined;
}
