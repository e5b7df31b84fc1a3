import { replaceFile } from '../io/replace-file.ts';
import { renderTextfile } from '../metrics/exposition.ts';
import { collectOnce } from './collect-once.ts';
import type { Run } from './context.ts';

/** Writes the metrics of one read for node_exporter's textfile collector, to be run by a timer. */
export const textfile: Run = async (context) => {
  const [file = ''] = context.operands;
  // The collector reads *.prom and nothing else (node_exporter collector/textfile.go).
  if (!file.endsWith('.prom')) {
    context.log.error({ file }, 'FILE must end in .prom; the textfile collector ignores other files');
    return 2;
  }
  await replaceFile(file, await renderTextfile(await collectOnce(context), context.version));
  return 0;
};
