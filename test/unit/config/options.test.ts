import { describe, expect, it } from 'vitest';
import { findCommand } from '../../../src/config/commands.ts';
import { environmentName, yamlPath } from '../../../src/config/option.ts';
import { type ConfigurableCollector, listOptions } from '../../../src/config/options.ts';

const lvm: ConfigurableCollector = {
  name: 'lvm',
  help: 'LVM.',
  needs: { tool: 'lvs' },
  defaults: { intervalMs: 60_000, timeoutMs: 20_000 },
};
const options = listOptions([lvm]);

describe('the table of options', () => {
  it.each(options.map((option) => [option.flag, option] as const))('--%s is whole', (_, option) => {
    expect(option.flag).toMatch(/^[a-z]+(?:[.-][a-z]+)*$/);
    expect(option.help).toMatch(/^[A-Z].*\.$/s);
    if (option.default !== undefined) expect(option.type.parse(option.default)).not.toBeUndefined();
    for (const command of option.commands ?? []) expect(findCommand(command)).toBeDefined();
  });

  it.each([
    ['flag', options.map(({ flag }) => flag)],
    ['variable', options.map(environmentName)],
    ['YAML path', options.map(yamlPath)],
  ])('no two share a %s', (_, names) => {
    expect(new Set(names).size).toBe(names.length);
  });

  it('no YAML path is both a value and a mapping', () => {
    const paths = options.map(yamlPath);
    expect(paths.filter((path) => paths.some((other) => other.startsWith(`${path}.`)))).toEqual([]);
  });
});
