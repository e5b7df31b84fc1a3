import type { CsiAttachment, KubeletMount } from '../../model/facts.ts';
import { omitUndefined } from '../../model/omit-undefined.ts';
import { ParseError } from '../shared/errors.ts';
import { splitLine } from '../shared/grep.ts';
import { hostMounts, parseMount } from '../shared/mountinfo.ts';
import { type Partly, readEach } from '../shared/partly.ts';

/** The names of a device in mountinfo. */
export interface MountedDevice {
  readonly device: string;
  /** A raw block device is mounted as a file of devtmpfs, `/dm-7`. */
  readonly kernelName: string;
}

/**
 * The mounts of these devices. Nothing below the kubelet's directory is touched to find them: one of them may be of a server
 * that does not respond.
 */
export function mountCommand(devices: readonly MountedDevice[]): readonly [string, ...string[]] {
  const words = devices.flatMap(({ device, kernelName }) => [` ${device} `, ` /${kernelName} `]);
  return ['grep', '-aF', ...words.flatMap((word) => ['-e', word]), '--', hostMounts];
}

/** What the kubelet recorded of these volumes, beside their mounts: the driver, and whether they are persistent. */
export function recordCommand(files: readonly string[]): readonly [string, ...string[]] {
  return ['grep', '-aHoE', '-m64', ...['-e', '"(driverName|volumeLifecycleMode)": ?"[^"]*"'], '--', ...files];
}

const uid = '(?<pod>[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})';
const record = 'vol_data.json';

/** Where the kubelet mounts volumes (kubernetes pkg/volume/csi/csi_util.go, csi_attacher.go, csi_block.go). */
const places: readonly { readonly pattern: RegExp; readonly file: string }[] = [
  {
    pattern: new RegExp(
      `^(?<folder>/.*/pods/${uid}/volumes/kubernetes\\.io~(?<plugin>csi|local-volume)/(?<pv>[^/]+))(?:/mount)?$`,
    ),
    file: record,
  },
  { pattern: /^(?<folder>\/.*\/plugins\/kubernetes\.io\/csi\/pv\/(?<pv>[^/]+))\/globalmount$/, file: record },
  {
    pattern: /^(?<folder>\/.*\/plugins\/kubernetes\.io\/csi\/[^/]+\/[0-9a-f]{64})\/globalmount$/,
    file: record,
  },
  {
    pattern: new RegExp(`^(?<folder>/.*/plugins/kubernetes\\.io/csi/volumeDevices/(?<pv>[^/]+))/dev/${uid}$`),
    file: `data/${record}`,
  },
];

/** The mounts of devices whose dm name is known. */
export function parseMounts(
  lines: readonly string[],
  dmNameOf: (mounted: MountedDevice) => string | undefined,
): Partly<KubeletMount> {
  const { records, unreadable } = readEach(lines, (line) => {
    const { device, root, mountPoint } = parseMount(line);
    const dmName = dmNameOf({ device, kernelName: root.slice(1) });
    return dmName === undefined ? [] : readPlace(mountPoint, dmName);
  });
  return { records: records.flat(), unreadable };
}

function readPlace(mountPoint: string, dmName: string): KubeletMount[] {
  for (const { pattern, file } of places) {
    const groups = pattern.exec(mountPoint)?.groups;
    if (groups === undefined) continue;
    const { folder, pv, pod, plugin } = groups;
    // The provisioner's names begin with pvc-; an inline volume is named by the author of its pod.
    const mayBeInline = plugin === 'csi' && pv?.startsWith('pvc-') === false ? (true as const) : undefined;
    return [
      omitUndefined({
        from: 'kubelet' as const,
        dmName,
        persistentVolume: pv,
        mayBeInline,
        pod,
        file: `${folder}/${file}`,
      }),
    ];
  }
  return [];
}

export function parseRecords(lines: readonly string[]): Partly<CsiAttachment> {
  const persistent = new Set<string>();
  const { records, unreadable } = readEach(lines, (line) => readRecord(line, persistent));
  return {
    records: records
      .flat()
      .map((one) => (persistent.has(one.file) ? { ...one, persistent: true as const } : one)),
    unreadable,
  };
}

function readRecord(line: string, persistent: Set<string>): CsiAttachment[] {
  const { file, text } = splitLine(line, record);
  const { key, value } = /^"(?<key>\w+)": ?"(?<value>[^"]*)"$/.exec(text)?.groups ?? {};
  if (value === undefined) throw new ParseError("a value of the kubelet's record", line);
  if (key === 'volumeLifecycleMode' && value === 'Persistent') persistent.add(file);
  return key === 'driverName' ? [{ from: 'csi', file, driver: value }] : [];
}
