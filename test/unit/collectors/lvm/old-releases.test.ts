import { expect, test } from 'vitest';
import { runQuery } from '../../../../src/collect/run-query.ts';
import type { Output } from '../../../../src/collectors/collector.ts';
import { lvm } from '../../../../src/collectors/lvm/lvm.ts';
import type { Read } from '../../../../src/io/read.ts';
import { emptyHost } from '../../../support/host.ts';

/** Fields that came with later releases (lvm2 WHATS_NEW), the newest first. */
const later = [
  ['2.03.12', ['lv_autoactivation', 'vg_autoactivation']],
  ['2.02.143', ['lv_check_needed']],
  ['2.02.140', ['kernel_discards']],
  ['2.02.115', ['lv_health_status', 'lv_when_full']],
  ['2.02.99', ['lv_profile', 'vg_profile', 'seg_monitor']],
] as const;
const reportFormatSince = '2.02.158';

const numbers = (release: string): number =>
  release.split('.').reduce((sum, number) => sum * 1000 + Number(number), 0);
const isBefore = (one: string, other: string): boolean => numbers(one) < numbers(other);

const values: Readonly<Record<string, string>> = {
  vg_name: 'vg',
  lv_name: 'pool',
  lv_attr: 'twi-a-tz',
  lv_size: '3221225472',
  data_percent: '4.24',
  metadata_percent: '0.98',
};

/** `lvs` as a release has it: what it does not know, it refuses. */
function lvsOf(release: string): Read {
  const unknown: readonly string[] = later.flatMap(([since, fields]) =>
    isBefore(release, since) ? fields : [],
  );
  return (input) => {
    const words = 'command' in input ? input.command : [];
    return { result: Promise.resolve({ ok: true, output: answer(words) }), exited: Promise.resolve() };
  };

  function answer(words: readonly string[]): Output {
    const asJson = words.includes('--reportformat');
    if (asJson && isBefore(release, reportFormatSince))
      return {
        takenAt: 0,
        exitCode: 3,
        stdout: '',
        stderr: "lvs: unrecognized option '--reportformat'\n  Error during parsing of command line.\n",
      };
    const fields = words[words.indexOf('-o') + 1]?.split(',') ?? [];
    const refused = fields.find((field) => unknown.includes(field));
    if (refused !== undefined)
      return {
        takenAt: 0,
        exitCode: 5,
        stdout: '',
        stderr: `  Logical Volume Fields\n  ---------------------\n    lv_all               - All fields in this section.\n\n  Unrecognised field: ${refused}\n`,
      };
    const row = Object.fromEntries(fields.map((field) => [field, values[field] ?? '']));
    const stdout = asJson
      ? JSON.stringify({ report: [{ lv: [row] }] })
      : `  ${fields.map((field) => row[field]).join('|')}\n`;
    return { takenAt: 0, exitCode: 0, stdout, stderr: '' };
  }
}

test.each([
  ['RHEL 6.4', '2.02.98', 'text-2.02.91'],
  ['RHEL 6.5', '2.02.100', 'text-2.02.99'],
  ['RHEL 7.1', '2.02.115', 'text-2.02.115'],
  ['RHEL 6.8', '2.02.143', 'text'],
  ['RHEL 7.9', '2.02.187', 'json'],
  ['Debian 12', '2.03.16', 'json-2.03.12'],
])('the LVM of %s, %s, answers the variant %s', async (_, release, variant) => {
  for (const segMonitor of ['on', 'off'] as const) {
    const [lvs] = lvm.queries(emptyHost, { segMonitor });
    const result = await runQuery(lvs!, {
      read: lvsOf(release),
      collector: 'lvm',
      timeoutMs: 1000,
      firstVariant: 0,
      before: undefined,
    }).result;
    if (result.outcome !== 'ok') throw new Error(result.detail);
    expect(lvs!.variants[result.variant]?.name).toBe(variant);
    expect(result.facts.logicalVolumes).toMatchObject([
      { vgName: 'vg', lvName: 'pool', role: 'pool', dataPercent: 4.24, metadataPercent: 0.98 },
    ]);
  }
});
