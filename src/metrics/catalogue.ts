import type { HostMetric } from '../model/metric.ts';
import { consumerMetrics } from './consumer-metrics.ts';
import { kernelMetrics } from './kernel-metrics.ts';
import { lvmMetrics } from './lvm-metrics.ts';
import { poolMetrics } from './pool-metrics.ts';
import { sourceMetrics } from './source-metrics.ts';
import { volumeMetrics } from './volume-metrics.ts';

/** Every metric about the host, in the order of the page. */
export const catalogue: readonly { readonly title: string; readonly metrics: readonly HostMetric[] }[] = [
  { title: 'Pools', metrics: poolMetrics },
  { title: 'Thin volumes', metrics: volumeMetrics },
  { title: 'LVM', metrics: lvmMetrics },
  { title: 'Docker', metrics: consumerMetrics },
  { title: 'Kernel', metrics: kernelMetrics },
  { title: 'Sources', metrics: sourceMetrics },
];
