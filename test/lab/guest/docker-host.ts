import { checkAgreement } from './agreement.ts';
import { compareContainers } from './containers.ts';
import {
  checkDockerWords,
  dockerSeconds,
  makeDockerPool,
  dockerPool as pool,
  poolSeconds,
} from './docker-pool.ts';
import type { Answering } from './exporter.ts';
import { findValue } from './exposition.ts';
import { compareAllVolumes, compareHost } from './host-truth.ts';
import type { Lab } from './lab.ts';
import { compareGroup, comparePercent, readGroupTruth } from './truth.ts';

const volumeSeconds = 31;
export const minuteSeconds = 75;
/** Not LVM's own default, which an exporter without the host's configuration would report. */
export const threshold = 70;

/** Docker's pool, which LVM would extend at a threshold that is only this host's. */
export async function makeMonitoredPool(lab: Lab): Promise<void> {
  await lab.sh(`echo 'activation/thin_pool_autoextend_threshold=${threshold}' >>/etc/lvm/lvmlocal.conf`);
  await makeDockerPool(lab);
  await lab.sh('lvchange --monitor y docker/thinpool');
}

/** Everything that LVM and device-mapper say of that pool, against the metrics of a container. */
export async function checkPoolHost(lab: Lab, exporter: Answering, step: string): Promise<void> {
  await checkAgreement(lab, `${step}: pools as dmsetup says`, poolSeconds, async () =>
    compareHost(lab, await exporter.samples()),
  );
  await checkAgreement(lab, `${step}: volumes as dmsetup says`, volumeSeconds, async () =>
    compareAllVolumes(lab, await exporter.samples()),
  );
  await checkAgreement(lab, `${step}: percentages as lvs says`, poolSeconds, async () =>
    comparePercent(lab, await exporter.samples(), pool, 'docker/thinpool'),
  );
  await checkAgreement(lab, `${step}: the volume group as vgs says`, minuteSeconds, async () =>
    compareGroup(await exporter.samples(), 'docker', await readGroupTruth(lab, 'docker')),
  );
  await checkAgreement(lab, `${step}: policy and monitoring as LVM says`, minuteSeconds, async () => {
    const samples = await exporter.samples();
    const reported = findValue(samples, 'thinpool_lvm_autoextend_threshold_ratio', { pool });
    const monitored = findValue(samples, 'thinpool_lvm_monitored', { pool });
    return reported === threshold / 100 && monitored === 1
      ? []
      : [`threshold ${reported}, monitored ${monitored}`];
  });
  await checkAgreement(lab, `${step}: no collector fails or is missing`, minuteSeconds, async () => {
    const failing = statusesIn((await exporter.get('/api/v1/collectors')).body);
    return Object.entries(failing).map(([collector, status]) => `${collector} is ${status}`);
  });
}

/** And everything that Docker says. */
export async function checkDockerHost(lab: Lab, exporter: Answering, step: string): Promise<void> {
  await checkPoolHost(lab, exporter, step);
  await checkAgreement(
    lab,
    `${step}: containers as docker inspect says`,
    minuteSeconds + dockerSeconds,
    async () => compareContainers(lab, await exporter.samples()),
  );
  await checkDockerWords(lab, exporter, step, minuteSeconds);
}

interface CollectorsAnswer {
  readonly collectors: readonly { readonly name: string; readonly status: string }[];
}

/** The collectors that are in use and not ok, with their state. */
export function statusesIn(json: string): Readonly<Record<string, string>> {
  const { collectors } = JSON.parse(json) as CollectorsAnswer;
  return Object.fromEntries(
    collectors
      .filter(({ status }) => status !== 'ok' && status !== 'off')
      .map(({ name, status }) => [name, status]),
  );
}
