import type { VolumeRole, VolumeUse } from '../model/pool.ts';

/** What stands before the consumer; a disk is what a consumer is known by. */
const prefixes: Readonly<Partial<Record<VolumeRole, string>>> = {
  state: 'saved state of ',
  'cloud-init': 'cloud-init drive of ',
  fleecing: 'backup fleecing image of ',
  private: 'private volume of ',
  root: 'root volume of ',
  volatile: 'volatile volume of ',
  import: 'import into ',
  config: 'configuration of ',
};

/** The name that people know: `guest 100 (web-01)`, `snapshot nightly of container db-02 (project staging)`. */
export function describeUse(use: VolumeUse): string {
  const { role, snapshot, owner } = use;
  if (owner === 'containerd') return `snapshot ${use.id}`;
  if (role === 'snapshot')
    return snapshot === undefined
      ? `snapshot ${use.id} of a ${use.consumer}`
      : `snapshot ${snapshot} of ${describeConsumer(use)}`;
  const state = role === 'state' && snapshot !== undefined ? ` (${snapshot})` : '';
  return `${prefixes[role] ?? ''}${describeConsumer(use)}${state}`;
}

function describeConsumer({ consumer, id, name, project }: VolumeUse): string {
  // Docker and Incus show as many digits of an ID.
  const short = id.replace(/(?<=^[0-9a-f]{12})[0-9a-f]{52}/, '');
  const details = [
    ...(name === undefined ? [] : [name]),
    ...(project === undefined ? [] : [`project ${project}`]),
  ];
  return `${consumer} ${short}${details.length === 0 ? '' : ` (${details.join(', ')})`}`;
}
