import { sources } from '../../collectors/index.ts';
import { lookAtRights } from '../../io/rights.ts';
import { known } from '../../model/omit-undefined.ts';
import { look } from '../collect-once.ts';
import type { Run } from '../context.ts';
import { failureOf, openEventLog } from '../event-log.ts';
import { readVersions } from '../tool-versions.ts';
import { diagnose } from './diagnose.ts';
import { renderDiagnosis, worstOf } from './render.ts';

/** Checks the requirements of the exporter and the configuration of the pools. */
export const doctor: Run = async (context) => {
  const { host, findings } = await look(context);
  const tools = await readVersions(sources, context.read);
  const rights = context.config.replay === undefined ? { rights: await lookAtRights() } : {};
  const kernelLog = openEventLog(context);
  const events = kernelLog === undefined ? {} : { events: known({ failure: failureOf(kernelLog) }) };
  const sections = diagnose({ host, findings, tools, sources, ...rights, ...events });
  context.print(renderDiagnosis(sections));
  return worstOf(sections);
};
