export function pause(seconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 1000 * seconds));
}

/**
 * Tests a condition four times a second until it holds. Returns the seconds that took, or undefined if it took too
 * long; the limit is extended by the time that the guest is late.
 */
export async function until(
  seconds: number,
  ask: () => Promise<boolean>,
  lateSeconds: () => number = () => 0,
): Promise<number | undefined> {
  const startedAt = performance.now();
  for (;;) {
    if (await ask()) return (performance.now() - startedAt) / 1000;
    if (performance.now() - startedAt > 1000 * (seconds + lateSeconds())) return undefined;
    await pause(0.25);
  }
}
