import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { renderManPage } from '../../../scripts/release/packages/man-page.ts';
import { collectors } from '../../../src/collectors/index.ts';
import { commands } from '../../../src/config/commands.ts';
import { listOptions } from '../../../src/config/options.ts';
import { itWith } from '../../support/needs.ts';
import { tool } from '../../support/tools.ts';

const page = renderManPage({ version: '1.2.3', date: '2026-01-31', collectors });

/** What a reader sees. */
const read = page.replaceAll('\\-', '-').replaceAll('\\&', '').replaceAll('\\e', '\\');

describe('the man page', () => {
  it('documents every command', () => {
    for (const { name, operands } of commands)
      expect(read).toContain(`.B ${[name, ...operands].join(' ')}\n`);
  });

  it('documents every option, and the intervals of collectors once', () => {
    const flags = listOptions(collectors).map(({ flag }) => flag);
    const own = flags.filter((flag) => !/^collector\..*\.(interval|timeout)$/.test(flag));
    expect(own.length).toBeGreaterThan(20);
    for (const flag of own)
      expect(read).toMatch(
        new RegExp(`^\\.B (--)?${flag.replaceAll('.', '\\.')}(=|$|: \\S+ \\(options file only)`, 'm'),
      );
    expect(read).toContain('.B --collector.NAME.interval=DURATION');
  });

  it('lets no text pass for a command of roff', () => {
    const collector = {
      name: 'x',
      help: "'tis .B bold \\fB",
      needs: { tool: '.so /etc/shadow' },
      defaults: { intervalMs: 1000, timeoutMs: 500 },
    };
    const odd = renderManPage({ version: '1', date: '2026-01-31', collectors: [collector] });
    expect(odd).toContain("\n\\&'tis .B bold \\efB\n");
    expect(odd).not.toMatch(/^\.so/m);
  });

  itWith('mandoc')('is what mandoc takes for one', {}, () => {
    const { stdout, stderr, status } = spawnSync(tool('mandoc'), ['-Tlint', '-Wwarning'], {
      input: page,
      encoding: 'utf8',
    });
    expect({ status, output: stdout + stderr }).toEqual({ status: 0, output: '' });
  });
});
