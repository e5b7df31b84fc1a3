import type { Lab } from './lab.ts';

export interface FilledPool {
  readonly vg: string;
  readonly name: string;
  readonly dataMebibytes: number;
  readonly metadataMebibytes: number;
  /** Mapped blocks of 64 KiB of its one volume, which is called like the pool with `-1` behind; or what they take of metadata. */
  readonly mapped: number | { readonly leaves: number };
  /** More of `lvcreate` and `lvconvert`, such as `--poolmetadataspare n`. */
  readonly options?: string;
  /** False: dmeventd does not watch it, and does not extend it. */
  readonly monitored?: boolean;
}

const blockBytes = 65_536;

/** What a leaf of the mappings holds at most. thin_restore of thin-provisioning-tools before 1.0 fills it by half. */
const leafEntries = 252;

/**
 * A pool of LVM that is as full as wanted without a single write: its metadata is restored from text. Extents have to be
 * small enough that LVM does not round its metadata up. Without mappings, 128 blocks of 4 MiB are used, and 459 of 16 MiB.
 */
export async function makeFilledPool(lab: Lab, pool: FilledPool): Promise<void> {
  const { vg, name, dataMebibytes, metadataMebibytes, options = '', monitored = true } = pool;
  const monitor = monitored ? '' : '--monitor n';
  const mapped = typeof pool.mapped === 'number' ? pool.mapped : pool.mapped.leaves * (await entriesOf(lab));
  const blocks = (dataMebibytes * 1024 ** 2) / blockBytes;
  const mapping = `<range_mapping origin_begin="0" data_begin="0" length="${mapped}" time="0"/>`;
  const device = `<device dev_id="1" mapped_blocks="${mapped}" transaction="0" creation_time="0" snap_time="0">${mapping}</device>`;
  const metadata = `<superblock uuid="" time="0" transaction="1" flags="0" version="2" data_block_size="${blockBytes / 512}" nr_data_blocks="${blocks}">${device}</superblock>`;
  await lab.sh(
    `lvcreate -y -L ${dataMebibytes}M --poolmetadatasize ${metadataMebibytes}M ${options} -c 64K -Z n --thinpool ${name} ${vg}
lvcreate -V ${dataMebibytes}M --thin ${vg}/${name} -n ${name}-1
lvchange -an ${vg}/${name}-1 ${vg}/${name}
lvcreate -y -W n -Z n -L ${metadataMebibytes}M -n restored ${vg}
echo '${metadata}' >/run/lab-metadata.xml && thin_restore -q -i /run/lab-metadata.xml -o /dev/${vg}/restored
lvchange -an ${vg}/restored
lvconvert -y ${options} --thinpool ${vg}/${name} --poolmetadata ${vg}/restored
lvremove -y ${vg}/restored
lvchange -ay ${monitor} ${vg}/${name} && lvchange -ay ${monitor} ${vg}/${name}-1`,
    { timeoutMs: 120_000 },
  );
}

async function entriesOf(lab: Lab): Promise<number> {
  const { stdout, stderr } = await lab.run(['thin_restore', '--version']);
  return /\b0\.\d/.test(`${stdout}${stderr}`) ? leafEntries / 2 : leafEntries;
}
