import type { PartialFacts } from '../../model/facts.ts';

/** The names in LVM's reports that a person chose. */
export function namesOf({
  logicalVolumes = [],
  volumeGroups = [],
}: PartialFacts): readonly (string | undefined)[] {
  return [
    ...logicalVolumes.flatMap(({ vgName, lvName, profile, poolLv, origin }) => [
      vgName,
      profile,
      ...[lvName, poolLv, origin].flatMap(withHidden),
    ]),
    ...volumeGroups.flatMap(({ vgName, pvNames }) => [vgName, ...pvNames.filter(isChosen)]),
  ];
}

/** `lvs -a` shows the parts of a volume under its name and a suffix (man lvmthin). */
function withHidden(lvName: string | undefined): string[] {
  if (lvName === undefined) return [];
  return ['', '_tdata', '_tmeta', '_cdata', '_cmeta', '_corig', '_cvol'].map(
    (suffix) => `${lvName}${suffix}`,
  );
}

/** `/dev/sda2` is the kernel's name, `/dev/mapper/orders` one that a person chose. */
function isChosen(pvName: string): boolean {
  return !/^\/dev\/[^/]+$/.test(pvName);
}
