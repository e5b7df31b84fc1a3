import type { Lab } from './lab.ts';
import { until } from './patience.ts';

/**
 * Stalls the metadata of the pool VG/pool below a writer, and waits until its status hangs: the kernel commits what
 * the writer allocates within a second, and keeps the metadata lock while that commit waits for storage. Returns how
 * many seconds ago the storage stalled.
 */
export async function stallMetadata(lab: Lab, vg: string, firstBlock: number): Promise<number> {
  await lab.sh(`touch /run/lab-writing
block=${firstBlock}
while [ -e /run/lab-writing ]; do
  dd if=/dev/zero of=/dev/${vg}/thin bs=64k seek=$block count=1 oflag=direct 2>/dev/null
  block=$((block + 1)); sleep 0.2
done & sleep 2`);
  await lab.sh(`dmsetup suspend --noflush --nolockfs ${vg}-pool_tmeta`);
  const stalledAt = performance.now();
  const status = ['dmsetup', 'status', '--noflush', `${vg}-pool-tpool`];
  const seconds = await until(10, async () => (await lab.run(status, { timeoutMs: 1500 })).lost === 'D');
  lab.check('the status of the stalled pool hangs in the kernel', seconds !== undefined);
  return (performance.now() - stalledAt) / 1000;
}

export async function endStall(lab: Lab, vg: string): Promise<void> {
  await lab.sh(`rm /run/lab-writing; dmsetup resume ${vg}-pool_tmeta`);
}
