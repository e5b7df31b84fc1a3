import { describe, expect, it } from 'vitest';
import { openTerminal } from '../../../demo/terminal.ts';

function open(output: { isTTY?: boolean; columns?: number }, environment: Record<string, string> = {}) {
  const written: string[] = [];
  const terminal = openTerminal({ ...output, write: (text: string) => written.push(text) }, environment);
  return { terminal, text: () => written.splice(0).join('') };
}

const event = { tone: 'bad', kind: 'PAGE', text: 'pool is full', more: ['read this'] } as const;

describe('the terminal of the demo', () => {
  it('writes a line an event with its time, and what belongs to it below', () => {
    const { terminal, text } = open({});
    terminal.tell(125.9, event);
    expect(text()).toBe(' 2:05  PAGE      pool is full\n                 read this\n');
    terminal.show(7, () => 'all is well');
    terminal.close();
    expect(text()).toBe(' 0:07  status    all is well\n');
  });

  it('keeps the status below all lines of a terminal, cut to its width', () => {
    const { terminal, text } = open({ isTTY: true, columns: 23 }, { NO_COLOR: '1' });
    terminal.show(7, () => 'all is well');
    expect(text()).toBe('\r\x1b[2K 0:07  status    all i');
    terminal.tell(8, { ...event, more: [] });
    expect(text()).toBe('\r\x1b[2K 0:08  PAGE      pool is full\n 0:07  status    all i');
    terminal.close();
    expect(text()).toBe('\n');
    terminal.say('over');
    expect(text()).toBe('\r\x1b[2Kover\n');
  });

  it.each([
    [{ isTTY: true, columns: 100 }, 82],
    [{ isTTY: true }, 62],
    [{}, 62],
  ])('passes a status the number of columns that are left: %j', (output, columns) => {
    const { terminal, text } = open(output, { NO_COLOR: '1' });
    terminal.show(7, String);
    expect(text()).toContain(` 0:07  status    ${columns}`);
  });

  it.each([
    ['a terminal', { isTTY: true }, {}, true],
    ['a terminal of somebody who wants none', { isTTY: true }, { NO_COLOR: '1' }, false],
    ['a file', {}, {}, false],
  ])('colours for %s', (_, output, environment, hasColour) => {
    const { terminal, text } = open(output, environment);
    terminal.tell(0, event);
    expect(text().includes('\x1b[31mPAGE')).toBe(hasColour);
  });

  it('lets no control character of others through', () => {
    const { terminal, text } = open({});
    terminal.tell(0, { ...event, text: 'a\x1b[2Jb', more: ['c\nd'] });
    expect(text()).toBe(' 0:00  PAGE      a\\u001b[2Jb\n                 c\\u000ad\n');
  });
});
