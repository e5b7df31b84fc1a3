import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { expect, it } from 'vitest';

const project = join(import.meta.dirname, '../../..');

/** Whatever starts a process of Node.js that lasts. */
const entries = ['src/main.ts', 'demo/compose/sink.ts'];

it.each(entries)('%s takes SIGUSR1 from Node.js before anything else', (file) => {
  const text = readFileSync(join(project, file), 'utf8');
  expect(/^import .*/m.exec(text)?.[0]).toMatch(/^import '.*\/no-inspector\.ts';$/);
});

async function signalled(...words: readonly string[]): Promise<{ code: number | null; text: string }> {
  const child = spawn(process.execPath, [
    ...words,
    '--eval',
    'console.log("up"); setTimeout(() => {}, 1500)',
  ]);
  let text = '';
  child.stderr.on('data', (chunk) => {
    text += chunk;
  });
  await once(child.stdout, 'data');
  child.kill('SIGUSR1');
  await pause(500);
  child.kill('SIGUSR1');
  const [code] = (await once(child, 'exit')) as [number | null];
  return { code, text };
}

it('a listener is enough for the Node.js that runs this, which opens the inspector without one', async () => {
  expect(await signalled()).toMatchObject({ text: expect.stringMatching(/debugger|inspector/i) });
  const text = readFileSync(join(project, 'src/io/no-inspector.ts'), 'utf8');
  expect(await signalled('--import', `data:text/javascript,${encodeURIComponent(text)}`)).toEqual({
    code: 0,
    text: '',
  });
});
