/**
 * The lines of Node.js with long-term support on which the program is tested, and the last day on which each gets security
 * fixes (nodejs/Release, schedule.json).
 */
export const nodeLines: Readonly<Record<string, string>> = {
  20: '2026-04-30',
  22: '2027-04-30',
  24: '2028-04-30',
  26: '2029-04-30',
};

/**
 * The day on which the line of a version such as `20.19.4` stopped getting security fixes; undefined while it gets them,
 * and for lines that are not listed. `now` is in Unix ms.
 */
export function endOfLifeOf(version: string, now: number): string | undefined {
  const day = nodeLines[version.split('.')[0] ?? ''];
  return day !== undefined && new Date(now).toISOString().slice(0, 10) > day ? day : undefined;
}
