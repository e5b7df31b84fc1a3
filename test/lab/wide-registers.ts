import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';

/** On a CPU with AMX the guest's kernel needs a library preloaded, see wide-registers.c. Gives its environment. */
export function wideRegisters(tools: string, init: string, run: string): Readonly<Record<string, string>> {
  if (!/^flags\s*:.*\bamx_tile\b/m.test(readFileSync('/proc/cpuinfo', 'utf8'))) return {};
  const library = path.join(run, 'wide-registers.so');
  const source = path.resolve(path.dirname(init), '../wide-registers.c');
  const compiler = path.join(tools, 'usr/bin/tcc');
  const own = path.join(tools, 'usr/lib/x86_64-linux-gnu/tcc');
  execFileSync(compiler, [`-B${own}`, '-nostdlib', '-shared', '-o', library, source]);
  return { LD_PRELOAD: library };
}
