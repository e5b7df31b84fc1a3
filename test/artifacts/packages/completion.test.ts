import { execFileSync, spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { renderBashCompletion, renderZshCompletion } from '../../../scripts/release/packages/completion.ts';
import { collectors } from '../../../src/collectors/index.ts';
import { isSetBy } from '../../../src/config/option.ts';
import { listOptions } from '../../../src/config/options.ts';

const script = renderBashCompletion(collectors);

/** What bash offers for the last of these words; it takes "=" for a word of its own. */
function complete(...words: readonly string[]): readonly string[] {
  const line = ['thinpool-exporter', ...words];
  const ask = `${script}
COMP_WORDS=("$@") COMP_CWORD=$(($# - 1))
_thinpool_exporter
printf '%s\\n' "\${COMPREPLY[@]}"`;
  const out = execFileSync('bash', ['-c', ask, 'bash', ...line], { encoding: 'utf8', cwd: '/' });
  return out.split('\n').filter((word) => word !== '');
}

describe('bash completion', () => {
  it('offers commands first', () => {
    expect(complete('')).toEqual([
      'serve',
      'check',
      'room',
      'plan',
      'top',
      'textfile',
      'config',
      'notify',
      'doctor',
      'capture',
      'rules',
      'dashboards',
      'runbooks',
      'demo',
      'help',
    ]);
    expect(complete('che')).toEqual(['check']);
  });

  it('offers the options of the command, and of serve without one', () => {
    expect(complete('--web.l')).toContain('--web.listen-address=');
    expect(complete('check', '--js')).toEqual(['--json']);
    expect(complete('check', '--web.')).toEqual([]);
    expect(complete('capture', '--scr')).toEqual(['--scramble']);
  });

  it('offers the words of a value, behind = and behind a space', () => {
    expect(complete('--log.level', '=', '')).toEqual(['debug', 'info', 'warn', 'error']);
    expect(complete('--log.level', '=')).toEqual(['debug', 'info', 'warn', 'error']);
    expect(complete('--log.level', '=', 'w')).toEqual(['warn']);
    expect(complete('--collector.docker', 'o')).toEqual(['on', 'off']);
  });

  it('offers files and folders where one is meant', () => {
    expect(complete('--replay', '=', '/et')).toEqual(['/etc']);
    expect(complete('textfile', '/etc/passw')).toContain('/etc/passwd');
    expect(complete('--log.level', '=', 'warn', 'capture', '/et')).toEqual(['/etc']);
  });

  it('offers nothing for a value that it cannot know', () => {
    expect(complete('--web.listen-address', '=', '')).toEqual([]);
  });
});

describe('zsh completion', () => {
  const zsh = renderZshCompletion(collectors);

  it('names every option that is a flag', () => {
    for (const { flag } of listOptions(collectors).filter((option) => isSetBy(option, 'flag')))
      expect(zsh).toMatch(new RegExp(`'\\*?--${flag.replaceAll('.', '\\.')}[=[]`));
  });

  it.each(['bash'])('quotes so that %s can read it', (shell) => {
    const { status, stderr } = spawnSync(shell, ['-n'], { input: zsh, encoding: 'utf8' });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  });
});
