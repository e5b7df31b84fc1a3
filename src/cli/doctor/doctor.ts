import { limitsOf } from '../../collect/create-monitor.ts';
import { collectors } from '../../collectors/index.ts';
import { readRights } from '../../io/rights.ts';
import { omitUndefined } from '../../model/omit-undefined.ts';
import { describeNotify } from '../../notify/send/create.ts';
import { endedOptions, unmatchedFindingOptions } from '../../rules/finding-options.ts';
import { collectOnce } from '../collect-once.ts';
import type { Run } from '../context.ts';
import { failureOf, openEventLog } from '../event-log.ts';
import { readVersions } from '../tool-versions.ts';
import { diagnose } from './diagnose.ts';
import { renderDiagnosis, worstOf } from './render.ts';

/** Checks the requirements of the exporter and the configuration of the pools. */
export const doctor: Run = async (context) => {
  const { host, findings } = await collectOnce(context);
  const tools = await readVersions(collectors, context.read);
  const rights = context.config.replay === undefined ? { rights: await readRights() } : {};
  const kernelLog = openEventLog(context);
  const events = kernelLog === undefined ? {} : { events: omitUndefined({ failure: failureOf(kernelLog) }) };
  const now = context.now();
  const { findings: findingOptions = [] } = context.config;
  const ended = endedOptions(findingOptions, now).map(({ text }) => text);
  const limits = limitsOf(context.config);
  const notify = await describeNotify(context.config);
  const sections = diagnose({
    host,
    findings,
    tools,
    collectors,
    limits,
    findingOptions: [...ended, ...unmatchedFindingOptions(findingOptions, host)],
    notify,
    minimumFree: context.config.minimumFree ?? [],
    ...rights,
    ...events,
  });
  context.print(renderDiagnosis(sections));
  return worstOf(sections);
};
