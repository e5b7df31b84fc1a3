/** The smallest value that this share of all is not above; 0 where there are none. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((one, other) => one - other);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? 0;
}

export function describeTimes(ms: readonly number[]): string {
  const [median, late, slowest] = [0.5, 0.99, 1].map((share) => percentile(ms, share));
  return `${ms.length} answers: median ${median} ms, 99 % within ${late} ms, slowest ${slowest} ms`;
}
