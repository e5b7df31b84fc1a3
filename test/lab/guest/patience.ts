export function pause(seconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 1000 * seconds));
}

/** Asks four times a second until the answer is yes; how many seconds it took, or undefined when it did not come in time. */
export async function until(seconds: number, ask: () => Promise<boolean>): Promise<number | undefined> {
  const startedAt = performance.now();
  for (;;) {
    if (await ask()) return (performance.now() - startedAt) / 1000;
    if (performance.now() - startedAt > 1000 * seconds) return undefined;
    await pause(0.25);
  }
}
