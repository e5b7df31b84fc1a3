import { spawnSync } from 'node:child_process';

/** In CI a tool that is not there is a failure: what is passed over there would look like what passed. */
export const isCi = process.env['CI'] !== undefined;

export function has(tool: string, ...probe: readonly string[]): boolean {
  return spawnSync(tool, probe.length > 0 ? probe : ['--version']).status === 0;
}

/** The first that is there. What none of them is there for is skipped, and says so. */
export function anyOf(what: string, ...tools: readonly string[]): string | undefined {
  const found = tools.find((tool) => has(tool));
  if (found === undefined)
    console.warn(
      `skipped: ${what} needs one of ${tools.join(', ')} (Debian: prometheus, prometheus-alertmanager)`,
    );
  return found ?? (isCi ? tools[0] : undefined);
}

/** Output of a tool that is to succeed. */
export function run(tool: string, args: readonly string[], cwd?: string): string {
  const { status, stdout, stderr, error } = spawnSync(tool, [...args], {
    encoding: 'utf8',
    cwd,
    maxBuffer: 1 << 28,
  });
  if (status !== 0) throw new Error(`${tool} ${args.join(' ')}: ${error?.message ?? ''}${stdout}${stderr}`);
  return `${stdout}${stderr}`;
}

/** Every promtool to be held against: that of the machine, and another one (Prometheus 3) where the variable names it. */
export const promtools = [anyOf('checking rules', 'promtool'), process.env['PROMTOOL_3']].filter(
  (tool) => tool !== undefined && tool !== '',
) as string[];
