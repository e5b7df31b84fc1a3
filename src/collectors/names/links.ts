import type { DeviceNumber, StratisLink } from '../../model/facts.ts';

/** What udev knows of a block device: it made the links that stratisd's rules name. */
export function udevRecordOf(device: DeviceNumber): string {
  return `/run/udev/data/b${device}`;
}

/** The link of stratis, `S:stratis/POOL/FILESYSTEM` (stratisd udev/61-stratisd.rules), in the record of each device. */
export function parseLinks(
  contents: ReadonlyMap<string, string>,
  dmNames: ReadonlyMap<string, string>,
): readonly StratisLink[] {
  return [...contents].flatMap(([path, text]) => {
    const dmName = dmNames.get(path);
    const { pool, fileSystem } =
      /^S:stratis\/(?<pool>[^/\n]+)\/(?<fileSystem>[^/\n]+)$/m.exec(text)?.groups ?? {};
    return dmName === undefined || pool === undefined || fileSystem === undefined
      ? []
      : [{ from: 'stratis' as const, dmName, pool, fileSystem }];
  });
}
