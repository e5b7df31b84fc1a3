import { describe, expect, it } from 'vitest';
import { renderHelp } from '../../../src/cli/help.ts';
import { commands } from '../../../src/config/commands.ts';
import { isUsedBy, type Option } from '../../../src/config/option.ts';
import { generalOptions } from '../../../src/config/options.ts';
import { collectors } from '../config/collectors.ts';

const options: readonly Option[] = Object.values(generalOptions);
const flagsIn = (help: string) =>
  [...help.matchAll(/^ {2}(?:--([a-z.-]+)(?:=|$)|([a-z.-]+): \S+ \(options file only\)$)/gm)].map(
    ([, flag, ofFile]) => flag ?? ofFile,
  );

describe('help', () => {
  it('on the program names every command and the options of serve', () => {
    const help = renderHelp(collectors);
    for (const { name } of commands) expect(help).toMatch(new RegExp(`^ {2}${name}\\b`, 'm'));
    expect(help).toContain('\n    lvm      1m        20s      lvs, vgs\n');
    expect(flagsIn(help)).toContain('web.listen-address');
  });

  const reading = commands.filter((command) => !('readsHost' in command));

  it.each(reading.map(({ name }) => name))('on %s names exactly the options it uses', (name) => {
    const used = options.filter((option) => isUsedBy(option, name)).map(({ flag }) => flag);
    expect(flagsIn(renderHelp(collectors, name)).sort()).toEqual(used.sort());
  });

  it.each([
    ['rules', ['config.file', 'runbook-url', 'alertmanager.label', 'format']],
    ['notify', ['config.file', 'host-name', 'notify.config.file']],
    ['dashboards', []],
    ['runbooks', []],
  ] as const)('on %s, which reads nothing of a host, names only its own options', (name, flags) => {
    const help = renderHelp(collectors, name);
    expect(flagsIn(help)).toEqual(flags);
    expect(help).not.toContain('Collectors:');
    expect(help.includes('environment variable')).toBe(flags.length > 0);
  });

  it('says how to turn off what is on', () => {
    expect(renderHelp(collectors).replaceAll(/\s+/g, ' ')).toContain(
      'Default: true. --collector.pools.events=false turns it off.',
    );
  });

  it('fits a terminal', () => {
    const lengths = renderHelp(collectors)
      .split('\n')
      .map((line) => line.length);
    expect(Math.max(...lengths)).toBeLessThanOrEqual(100);
  });

  it('shows value, default and repetition', () => {
    expect(renderHelp(collectors)).toContain(
      '  --web.listen-address=ADDRESS\n      Address to listen on for HTTP. Without a host part: all addresses. Repeat the option or\n      separate values with commas. Default: :10058.\n',
    );
  });
});
