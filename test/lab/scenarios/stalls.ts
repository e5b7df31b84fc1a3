import type { Lab } from '../guest/lab.ts';
import { checkBefore, liveThrough, type StallCase, stallPace } from '../guest/stall-case.ts';
import { unwatch, watchExporter } from '../guest/stall-checks.ts';
import { type Ground, makeDockerGround, makeLvmGround } from '../guest/stall-ground.ts';
import { defineScenario, type Scenario } from '../scenario.ts';

const devices = ['metadata', 'data', 'PV'] as const;
const quiet = devices.map((device): StallCase => ({ device, writes: false }));
const writing = devices.map((device): StallCase => ({ device, writes: true }));

/** The storage of one of two pools stalls, in each of these manners, and comes back. */
function defineStalls(
  name: string,
  about: string,
  makeGround: (lab: Lab) => Promise<Ground>,
  cases: readonly StallCase[],
): Scenario {
  return defineScenario({
    name,
    about,
    disks: ['3G', '1G'],
    needsExporter: true,
    timeoutSeconds: 900,
    steps: async (lab) => {
      const ground = await makeGround(lab);
      const subject = await watchExporter(lab, stallPace);
      await checkBefore(subject, ground);
      for (const one of cases) await liveThrough(subject, ground, one);
      unwatch(subject, 'all');
      const { twins } = subject.children;
      lab.check('no command was started twice', twins.length === 0, twins[0]);
      lab.check('it ends by SIGTERM', (await subject.exporter.stop()) === 0);
    },
  });
}

export const stallsQuiet = defineStalls(
  'stalls-quiet',
  'metadata, data or PV stalls under one of two pools without writers, until something commits',
  makeLvmGround,
  quiet,
);

export const stallsWriting = defineStalls(
  'stalls-writing',
  'metadata, data or PV stalls under one of two pools that is written to',
  makeLvmGround,
  writing,
);

export const stallsDockerQuiet = defineStalls(
  'stalls-docker-quiet',
  "the storage of Docker's pool stalls while its containers do nothing: docker info is what commits",
  makeDockerGround,
  quiet,
);

export const stallsDockerWriting = defineStalls(
  'stalls-docker-writing',
  "the storage of Docker's pool stalls under a container that writes and one that does not",
  makeDockerGround,
  writing,
);
