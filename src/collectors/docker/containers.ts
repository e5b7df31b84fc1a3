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

/** Containers in one reading. In one command 65 bytes each, far from the kernel's limit on arguments. The rest goes unnamed. */
const containersMax = 1000;

/**
 * Names of Docker's thin volumes. Only a running container has a device (seen in test/hosts/lab-docker-direct), so those
 * are asked about, and not images: no command names a layer but the top one of an image, and only while Docker unpacks
 * or packs one has it a device.
 *
 * Neither command makes the pool do anything: docker ps does not come near the storage driver, docker inspect looks the
 * device up in a table (moby daemon/graphdriver/devmapper/deviceset.go, exportDeviceMetadata). But for that it takes the
 * lock that docker info waits for when dockerd hangs, with the container's own lock held (daemon/inspect.go,
 * ContainerInspect): who asks then makes it worse. So it asks only while docker info is answered, for one at a time.
 */
export const containers = defineSource({
  name: 'containers',
  help: "Names and images of the containers that Docker's thin volumes belong to. They become labels; off keeps them out.",
  needs: dockerCommand,
  defaults: { intervalMs: minuteMs, timeoutMs: 10 * secondMs },
  questions: (known, choices) => (usesDevicemapper(known) ? askContainers(known, choices) : []),
  names: ({ deviceUsers = [] }) => deviceUsers.flatMap(({ name, image }) => [name, image]),
});

/** While Docker says nothing, what it said before holds. */
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

/** A container that ended since the list was made is an error on stderr; the others are printed all the same. */
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
  return { hold: `${reason}, and docker inspect would wait for the same with a lock of the container.` };
}

function whyUnanswered({ sources, takenAt }: Host): string | undefined {
  const docker = sources.find(({ name }) => name === 'docker');
  if (docker?.status !== 'ok') return 'docker info is not answered';
  const isUnderWay = docker.questions.some((question) => underWayMs(question, takenAt) !== undefined);
  return isUnderWay ? 'docker info is not answered yet' : undefined;
}
