import { runCheck } from './exporter.ts';
import type { Lab } from './lab.ts';
import { readGroupTruth } from './truth.ts';

interface CheckedPool {
  readonly name: string;
  readonly vgName: string;
  readonly volumes: readonly { readonly state?: string }[];
  readonly lvm?: object;
  readonly volumeGroup?: { readonly freeBytes: number };
}

/** `check` starts amid the trouble and has nothing to remember: what it knows, an exporter started now would. */
export async function readFromNothing(lab: Lab): Promise<readonly CheckedPool[]> {
  const { stdout } = await runCheck(lab);
  return (JSON.parse(stdout) as { readonly pools: readonly CheckedPool[] }).pools;
}

/** A pool that settled in failure answers: LVM is read, and what is free in each VG is there. */
export async function checkGroupsFromNothing(lab: Lab, step: string): Promise<void> {
  for (const { name, vgName, lvm, volumeGroup } of await readFromNothing(lab)) {
    const { freeBytes } = await readGroupTruth(lab, vgName);
    const isKnown = lvm !== undefined && volumeGroup?.freeBytes === freeBytes;
    const detail = `${volumeGroup?.freeBytes} of ${freeBytes} bytes free${lvm === undefined ? ', not in LVM' : ''}`;
    lab.check(`${step}: an exporter started now knows the VG of ${name}`, isKnown, detail);
  }
}
