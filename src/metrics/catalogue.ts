import type { HostMetric } from '../model/metric.ts';
import { collectorMetrics } from './collector.ts';
import { dockerMetrics } from './docker.ts';
import { kernelMetrics } from './kernel.ts';
import { layerMetrics } from './layers.ts';
import { lvmMetrics } from './lvm.ts';
import { poolMetrics } from './pool.ts';
import { volumeMetrics } from './volume.ts';

/** Every metric about the host, in the order of the exposition. */
export const catalogue: readonly { readonly title: string; readonly metrics: readonly HostMetric[] }[] = [
  { title: 'Pools', metrics: poolMetrics },
  { title: 'Thin volumes', metrics: volumeMetrics },
  { title: 'Devices under pools', metrics: layerMetrics },
  { title: 'LVM', metrics: lvmMetrics },
  { title: 'Docker', metrics: dockerMetrics },
  { title: 'Kernel', metrics: kernelMetrics },
  { title: 'Collectors', metrics: collectorMetrics },
];
