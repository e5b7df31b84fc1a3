import { runCheck } from '../guest/exporter.ts';
import { type FilledPool, makeFilledPool } from '../guest/filled-pool.ts';
import type { Lab } from '../guest/lab.ts';
import { readPoolTruth } from '../guest/truth.ts';
import { defineScenario } from '../scenario.ts';

const code = 'lvm-refuses-new-volumes';
const policy =
  'activation { thin_pool_autoextend_threshold=80 thin_pool_autoextend_percent=20 monitoring=0 }';

interface Case extends Omit<FilledPool, 'vg'> {
  readonly about: string;
}

/** On both sides of each limit. Where data decides, metadata is far from its own limit, and the other way round. */
const cases: readonly Case[] = [
  {
    about: '4 MiB of metadata, 73% used',
    ...{ name: 'small-below', dataMebibytes: 16_384, metadataMebibytes: 4, mapped: { leaves: 619 } },
  },
  {
    about: '4 MiB of metadata, 77% used',
    ...{ name: 'small-above', dataMebibytes: 16_384, metadataMebibytes: 4, mapped: { leaves: 660 } },
  },
  {
    about: '16 MiB of metadata, 73% used',
    ...{ name: 'large-below', dataMebibytes: 57_344, metadataMebibytes: 16, mapped: { leaves: 2531 } },
  },
  {
    about: '16 MiB of metadata, 77% used',
    ...{ name: 'large-above', dataMebibytes: 57_344, metadataMebibytes: 16, mapped: { leaves: 2695 } },
  },
  {
    about: 'data just below its threshold',
    ...{ name: 'data-below', dataMebibytes: 640, metadataMebibytes: 16, mapped: 8191 },
  },
  {
    about: 'data at its threshold to the block',
    ...{ name: 'data-at', dataMebibytes: 640, metadataMebibytes: 16, mapped: 8192 },
  },
  {
    about: 'data just above its threshold',
    ...{ name: 'data-above', dataMebibytes: 640, metadataMebibytes: 16, mapped: 8193 },
  },
];

export const lvmRefusal = defineScenario({
  name: 'lvm-refusal',
  about: 'LVM refuses new volumes and snapshots of exactly those pools of which the exporter says so',
  disks: ['240G'],
  needsExporter: true,
  timeoutSeconds: 600,
  steps: async (lab) => {
    await lab.sh(`echo '${policy}' >>/etc/lvm/lvmlocal.conf && vgcreate -s 1m vg /dev/ubda`);
    for (const { about: _, ...pool } of cases) await makeFilledPool(lab, { vg: 'vg', ...pool });
    // `check` reports at once what the exporter reports after three minutes.
    const reported = await readReported(lab);
    for (const one of cases) await compareRefusal(lab, one, reported);
    const refused = cases.filter(({ name }) => reported.has(nameOf(name))).map(({ name }) => name);
    const expected = cases.filter(({ name }) => name.endsWith('-above')).map(({ name }) => name);
    lab.check('those above their limits, and no others', refused.join() === expected.join(), refused.join());
  },
});

function nameOf(lv: string): string {
  return `vg-${lv.replace('-', '--')}`;
}

interface CheckOutput {
  readonly findings: readonly { readonly code: string; readonly pool?: string; readonly summary: string }[];
}

/** The summaries by pool. */
async function readReported(lab: Lab): Promise<ReadonlyMap<string, string>> {
  const { stdout } = await runCheck(lab, { timeoutMs: 60_000 });
  lab.write('check.json', stdout);
  const { findings } = JSON.parse(stdout) as CheckOutput;
  return new Map(
    findings.filter((finding) => finding.code === code).map(({ pool = '', summary }) => [pool, summary]),
  );
}

async function compareRefusal(
  lab: Lab,
  { about, name }: Case,
  reported: ReadonlyMap<string, string>,
): Promise<void> {
  const summary = reported.get(nameOf(name));
  const truth = await readPoolTruth(lab, `${nameOf(name)}-tpool`);
  const counts = `data ${truth.usedData}/${truth.totalData}, metadata ${truth.usedMetadata}/${truth.totalMetadata}`;
  const attempts = [
    ['a volume', ['lvcreate', '-V', '64M', '--thin', `vg/${name}`, '-n', `${name}-2`]],
    ['a snapshot', ['lvcreate', '-s', `vg/${name}-1`, '-n', `${name}-3`]],
  ] as const;
  for (const [what, command] of attempts) {
    const { exitCode, stderr } = await lab.run(command);
    const isRefused = exitCode === 5 && /threshold/.test(stderr);
    const isSame = isRefused ? summary !== undefined : exitCode === 0 && summary === undefined;
    const words = `${isRefused ? 'refused' : `exit ${exitCode}`} at ${counts}; ${summary ?? 'no finding'}`;
    lab.check(
      `${about}: LVM and ${code} agree about ${what}`,
      isSame,
      isSame ? words : `${words}; ${stderr.trim()}`,
    );
  }
}
