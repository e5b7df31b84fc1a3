import { memoizePer } from '../model/memoize.ts';
import type { Owner } from '../model/pool.ts';

interface Clue {
  readonly owner: Owner;
  readonly fits: (pool: {
    readonly dmName: string;
    readonly uuid: string;
    readonly volumes: readonly { readonly name: string }[];
  }) => boolean;
}

// Names and UUIDs that each owner gives (lvm2 dev_manager.c; moby and containers/storage deviceset.go; containerd
// snapshots/devmapper/snapshotter.go; stratisd engine/names.rs). The first match counts.
const clues: readonly Clue[] = [
  { owner: 'lvm', fits: ({ uuid }) => uuid.startsWith('LVM-') },
  {
    owner: 'stratis',
    fits: ({ uuid, dmName }) => uuid.startsWith('stratis-1-') || dmName.startsWith('stratis-1-'),
  },
  { owner: 'docker', fits: ({ dmName }) => dockerDevice(dmName) === 'pool' },
  { owner: 'containers-storage', fits: ({ dmName }) => /^container-\d+:\d+-\d+-pool$/.test(dmName) },
  {
    owner: 'containerd',
    fits: ({ dmName, volumes }) => {
      const start = `${dmName}-snap-`;
      return volumes.some(({ name }) => name.startsWith(start));
    },
  },
];

/**
 * What follows `docker-MAJOR:MINOR-INODE-` in the names that Docker gives to its devices: `pool`, `base` or the id of a
 * layer (moby deviceset.go, getPoolName, devInfo.Name). Undefined for a name of another kind.
 */
export function dockerDevice(dmName: string): string | undefined {
  return /^docker-\d+:\d+-\d+-(?<device>.*)/.exec(dmName)?.groups?.['device'];
}

/** The manager of the pool device, as far as its name, its UUID and its volumes show. */
export function ownerOf(
  dmName: string,
  uuid: string | undefined,
  volumes: readonly { readonly name: string }[],
): Owner {
  return clues.find((clue) => clue.fits({ dmName, uuid: uuid ?? '', volumes }))?.owner ?? 'other';
}

const containerVolume = /^container-\d+:\d+-\d+-/;

/** It gives its volumes the same names in a pool that another program made for it, such as LVM. */
export function isOfContainersStorage(owner: Owner, volumes: readonly { readonly name: string }[]): boolean {
  return owner === 'containers-storage' || haveItsNames(volumes);
}

const haveItsNames = memoizePer((volumes: readonly { readonly name: string }[]) =>
  volumes.some(({ name }) => name.startsWith('container-') && containerVolume.test(name)),
);
