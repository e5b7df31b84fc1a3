import { readFile } from 'node:fs/promises';
import { type Carried, readCarried, writeCarried } from '../collect/carried.ts';
import { messageOf } from '../format/error-message.ts';
import { errnoOf } from '../io/errno.ts';
import { replaceFile } from '../io/replace-file.ts';
import { renderTextfile } from '../metrics/exposition.ts';
import { createOnceMonitor } from './collect-once.ts';
import type { Context, Run } from './context.ts';
import { metricSetOf } from './metric-set.ts';

/**
 * Writes the metrics of one read for node_exporter's textfile collector, to be run by a timer. What a single read cannot know,
 * how fast space is used up and since when findings hold, comes from the run before: `FILE.state` beside the file.
 */
export const textfile: Run = async (context) => {
  const [file = ''] = context.operands;
  // The collector reads *.prom and nothing else (node_exporter collector/textfile.go).
  if (!file.endsWith('.prom')) {
    context.printError(
      `textfile: ${file}: FILE must end in .prom; the textfile collector ignores other files\n`,
    );
    return 2;
  }
  const stateFile = `${file}.state`;
  const monitor = createOnceMonitor(context, context.read, await readState(stateFile, context));
  const snapshot = await monitor.collectOnce();
  await replaceFile(
    file,
    await renderTextfile(snapshot, context.version, context.now(), metricSetOf(context.config)),
  );
  await replaceFile(stateFile, writeCarried(monitor.carry()));
  return 0;
};

/** Undefined in the first run, and where the file cannot be used: metrics are written in any case. */
async function readState(file: string, { log }: Pick<Context, 'log'>): Promise<Carried | undefined> {
  try {
    return readCarried(await readFile(file, 'utf8'));
  } catch (error) {
    if (errnoOf(error) !== 'ENOENT')
      log.warn({ file, err: messageOf(error) }, 'Ignoring the state of the previous run; it is written anew');
    return undefined;
  }
}
