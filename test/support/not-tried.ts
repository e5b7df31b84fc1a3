import type { Reporter, TestModule } from 'vitest/node';
import { howToGet, type Need, needsPattern } from './tools.ts';

/** Says at the end of a run what this machine could not try, and the command that brings what is missing. */
export default class NotTried implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const names = modules.flatMap((module) =>
      [...module.children.allTests('skipped')].map(({ fullName }) => fullName),
    );
    const text = renderNotTried(names);
    if (text !== '') process.stdout.write(`${text}\n`);
  }
}

/** `names` are the full names of skipped tests. Empty where nothing was skipped for want of something. */
export function renderNotTried(names: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const name of names) {
    const needs = needsPattern.exec(name)?.groups?.['needs'];
    if (needs !== undefined) counts.set(needs, (counts.get(needs) ?? 0) + 1);
  }
  if (counts.size === 0) return '';
  const all = [...counts.values()].reduce((sum, count) => sum + count);
  const byNeed = [...counts].sort(([, one], [, other]) => other - one);
  const needs = [...new Set(byNeed.flatMap(([names]) => names.split(', ')))] as Need[];
  return [
    `Not tried here: ${all} ${all === 1 ? 'test' : 'tests'}, which need`,
    ...byNeed.map(([need, count]) => `  ${need} (${count})`),
    ...howToGet(needs).map((command) => `To try them: ${command}`),
  ].join('\n');
}
