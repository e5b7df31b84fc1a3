import type { Group } from './rule.ts';
import { commentedRules } from './rule-files.ts';

const perVolume = 'instance, pool, volume';

/** One series for each PV, whichever pod of kube-state-metrics reports it. */
const ofKube = (metric: string, labels: string, selector = ''): string =>
  `max by (${labels}) (${metric}${selector})`;

/**
 * Optional: joins thin volumes with what kube-state-metrics reports of persistent volumes and their claims. The exporter knows
 * the persistent volume from the name of the LV, or from the kubelet's mounts. TopoLVM names an LV by a UUID, which is the
 * handle of the persistent volume.
 */
export const kubernetesGroup: Group = {
  name: 'thinpool-kubernetes',
  interval: 30,
  records: [
    {
      record: 'thinpool:volume_persistentvolume_info',
      help: 'Persistent volume that a thin volume holds, always 1.',
      expr: `max by (${perVolume}, persistentvolume, storageclass) (
  label_replace(
    thinpool_volume_info{owner=~"kubernetes|openebs|topolvm|linstor"}, "persistentvolume", "$1", "id", "(.+)"
  )
  * on (persistentvolume) group_left (storageclass)
  ${ofKube('kube_persistentvolume_info', 'persistentvolume, storageclass')}
  or
  label_replace(thinpool_volume_info{owner="",kind="lvm"}, "csi_volume_handle", "$1", "known_as", ".+/(.+)")
  * on (csi_volume_handle) group_left (persistentvolume, storageclass)
  ${ofKube('kube_persistentvolume_info', 'csi_volume_handle, persistentvolume, storageclass', '{csi_volume_handle!=""}')}
)`,
    },
    {
      record: 'thinpool:volume_claim_info',
      help: 'Namespace and persistent volume claim of a thin volume, always 1.',
      expr: `thinpool:volume_persistentvolume_info
* on (persistentvolume) group_left (namespace, persistentvolumeclaim)
${ofKube('label_replace', 'persistentvolume, namespace, persistentvolumeclaim', '(kube_persistentvolumeclaim_info{volumename!=""}, "persistentvolume", "$1", "volumename", "(.+)")')}`,
    },
    {
      record: 'thinpool:volume_claim_mapped_bytes',
      help: 'Mapped space of a thin volume, with its namespace and persistent volume claim.',
      expr: `${ofKube('thinpool_volume_mapped_bytes', perVolume)}
* on (${perVolume}) group_left (namespace, persistentvolumeclaim, persistentvolume) thinpool:volume_claim_info`,
    },
  ],
  alerts: [],
};

export function kubernetesFile(): string {
  return commentedRules(
    [kubernetesGroup],
    'Namespace and persistent volume claim of each thin volume, from kube-state-metrics. Optional.',
  );
}
