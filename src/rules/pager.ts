import { describeUse } from '../format/describe-use.ts';
import type { Pager } from '../model/facts.ts';
import type { Host } from '../model/host.ts';
import type { Pool, Volume } from '../model/pool.ts';
import { diskOf } from './guests.ts';
import { type PoolHit, poolRule, type Rule } from './rule.ts';

/** Btrfs has a device number of its own, and names its device. */
function isOn({ device, source }: Pager, volume: Volume): boolean {
  return device === volume.device || (device.startsWith('0:') && source === `/dev/mapper/${volume.name}`);
}

/** Guests of the pool whose MAC is that of an address that scrapes this exporter, or takes its alerts or notifications. */
function guestsOf(pool: Pool, host: Host): readonly PoolHit[] {
  const { pagerAddresses = [], neighbours, guestInterfaces } = host;
  const macs = new Set(
    neighbours.filter(({ address }) => pagerAddresses.includes(address)).map(({ mac }) => mac),
  );
  const found = new Set<string>();
  for (const guest of guestInterfaces) {
    const use = macs.has(guest.mac) ? diskOf(guest, pool)?.use : undefined;
    if (use !== undefined) found.add(describeUse(use));
  }
  return [...found].map((guest) => ({ message: `holds the disk of what would page about it: ${guest}` }));
}

function judge(pool: Pool, host: Host): readonly PoolHit[] {
  return [...processesOf(pool, host), ...guestsOf(pool, host)];
}

function processesOf(pool: Pool, { pagers }: Host): readonly PoolHit[] {
  const found = new Map<string, PoolHit>();
  for (const pager of pagers) {
    const volume = pool.volumes.find((one) => isOn(pager, one));
    if (volume === undefined) continue;
    const { program, folder } = pager;
    const data = folder === undefined ? `the data of ${program}` : `the data of ${program} (${folder})`;
    const place = volume.use === undefined ? `volume ${volume.name}` : describeUse(volume.use);
    found.set(`${data} ${place}`, { message: `holds ${data}, which would page about it: ${place}` });
  }
  return [...found.values()];
}

export const pagerRules: readonly Rule[] = [
  poolRule({
    code: 'pager-on-pool',
    severity: 'warning',
    about: 'setup',
    alert: 'ThinPoolRisk',
    meaning:
      'Prometheus, Alertmanager, VictoriaMetrics, vmalert or Grafana runs on this host, also in a container, with its data on a volume of the pool. Or the pool holds a guest of Proxmox VE or libvirt that scrapes this exporter, or takes its alerts or notifications, by its MAC (IPv4, same network). When the pool is full, it stops writing, and the alert about that may never be sent.',
    advice:
      "Keep its data on a disk that does not belong to the pool, or have another host scrape this one and page. A dead man's switch notices when it falls silent: ThinPoolWatchdog.",
    judge,
  }),
];
