export function pause(seconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 1000 * seconds));
}

/** Asks four times a second until the answer is yes; how many seconds it took, or undefined when it did not come in time, which is that much longer where the guest is late. */
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
