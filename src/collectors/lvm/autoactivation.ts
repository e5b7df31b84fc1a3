/**
 * Whether it is activated at boot, by the words of an LV or VG: `enabled`, 1 with report/binary_values_as_numeric, and
 * nothing where it is off. Undefined where LVM has no such property (before 2.03.12).
 */
export function readAutoactivation(words: readonly (string | undefined)[]): boolean | undefined {
  const said = words.filter((word) => word !== undefined);
  return said.length === 0 ? undefined : said.every((word) => word === 'enabled' || word === '1');
}
