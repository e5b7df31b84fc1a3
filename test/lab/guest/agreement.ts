import type { Lab } from './lab.ts';
import { until } from './patience.ts';

/** Checks that all differences are gone within a number of seconds: what is polled on a schedule comes a little later. */
export async function checkAgreement(
  lab: Lab,
  name: string,
  seconds: number,
  readDifferences: () => Promise<readonly string[]>,
): Promise<void> {
  let differences: readonly string[] = [];
  const after = await until(
    seconds,
    async () => {
      differences = await readDifferences();
      return differences.length === 0;
    },
    lab.yardstick.lateSeconds,
  );
  lab.check(
    name,
    after !== undefined,
    after === undefined ? differences.join('; ') : `after ${after.toFixed(1)} s`,
  );
}
