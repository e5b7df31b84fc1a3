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
  const skipped = names.flatMap((name) => needsPattern.exec(name)?.groups?.['needs']?.split(', ') ?? []);
  const tests = names.filter((name) => needsPattern.test(name)).length;
  if (tests === 0) return '';
  const counts = new Map<string, number>();
  for (const need of skipped) counts.set(need, (counts.get(need) ?? 0) + 1);
  const byCount = [...counts].sort(([, one], [, other]) => other - one);
  const what = byCount.map(([need, count]) => `${need} (${count})`).join(', ');
  const [how = '', ...more] = howToGet(byCount.map(([need]) => need as Need));
  return [
    `Not tried here: ${tests} ${tests === 1 ? 'test' : 'tests'}, for want of ${what}.`,
    `To try them:     ${how}`,
    ...more.map((command) => `                 ${command}`),
  ].join('\n');
}
