import { suggest } from '../config/suggest.ts';
import { embeddedRunbooks } from '../embedded.ts';
import type { Run } from './context.ts';

/** What the project's tests go by: which commands the lab tries. */
const marks = /^<!-- .* -->\n/gm;

/** Prints a runbook as Markdown, or the list of all. */
export const runbooks: Run = async ({ operands: [name = 'README'], print, printError }) => {
  const all = embeddedRunbooks();
  const found = Object.hasOwn(all, name) ? all[name] : undefined;
  if (found !== undefined) {
    print(found.markdown.replaceAll(marks, ''));
    return 0;
  }
  const names = Object.keys(all);
  printError(`${name}: no such runbook${suggest(name, names)}; \`thinpool-exporter runbooks\` lists them\n`);
  return 2;
};
