import { isSea } from 'node:sea';
import { runDemo } from '../../demo/main.ts';
import type { DemoOptions } from '../../demo/options.ts';
import { type Story, stories } from '../../demo/story.ts';
import { supervise } from '../../demo/supervise.ts';
import { collectors } from '../collectors/index.ts';
import { superviseWord } from '../config/commands.ts';
import { environmentName } from '../config/option.ts';
import { type Config, listOptions } from '../config/options.ts';
import { embeddedTools } from '../embedded.ts';
import { openHost } from '../io/host-reader.ts';
import { openServiceManager } from '../io/systemd-notify.ts';
import { createLogger } from '../log.ts';
import { omitUndefined } from '../model/omit-undefined.ts';
import type { Context, Run } from './context.ts';
import { serve } from './serve.ts';

/** Cleans up after a demo, in a process of its own. */
export function superviseDemo(folder: string | undefined): Promise<never> {
  if (folder !== undefined) supervise(folder);
  // It ends the process itself.
  return new Promise(() => {});
}

/** Runs the exporter on a simulated host. */
export const demo: Run = async (context) => {
  const { config, settings } = context;
  const given = settings.find(
    ({ option, origin }) => option.flag === 'web.listen-address' && origin === 'flag',
  );
  return runDemo({
    options: optionsOf(config),
    tools: embeddedTools(),
    print: context.print,
    printError: context.printError,
    ...omitUndefined({ address: given?.text }),
    supervisor: [process.execPath, ...(isSea() ? [] : process.argv.slice(1, 2)), superviseWord],
    startExporter: ({ address, tools, files }) => {
      const environment = { ...context.environment, ...demoSettings(address, stories[config.demoStory]) };
      const loaded = context.load(environment);
      if (loaded.kind !== 'run') {
        context.printError(loaded.kind === 'wrong' ? loaded.problems.map((one) => `${one}\n`).join('') : '');
        return { stop: () => {}, ended: Promise.resolve(2) };
      }
      const path = `${tools}:${context.environment['PATH'] ?? '/usr/bin:/bin'}`;
      const host = openHost({ ...environment, PATH: path }, files);
      const log = createLogger(loaded.config, { write: context.printError });
      let stop = (): void => {};
      const stopped = new Promise<void>((resolve) => {
        stop = resolve;
      });
      const { nodeVersion: _, ...rest } = context;
      const ended = serve({
        ...rest,
        config: loaded.config,
        settings: loaded.settings,
        log,
        logsFindings: false,
        read: host.read,
        openKernelLog: host.openKernelLog,
        onStop: (callback) => void stopped.then(() => callback('SIGTERM')),
        onHangUp: () => {},
        serviceManager: openServiceManager({ environment: {}, log }),
      }).finally(() => host.close());
      return {
        stop: () => {
          // Its tools disappear while it stops.
          log.level = 'error';
          stop();
        },
        ended,
      };
    },
  });
};

function optionsOf({
  demoStory: story,
  demoSpeed: speed,
  demoFrom: from,
  demoForMs: forMs,
  demoWithoutAlerting,
  demoKeepFiring: keepFiring,
}: Config): DemoOptions {
  return { story, speed, from, alerting: !demoWithoutAlerting, keepFiring, ...omitUndefined({ forMs }) };
}

/** The simulated pools change quickly, so all collectors run often. As environment variables, so that flags of the user win. */
function demoSettings(listen: string, { settings }: Story): Context['environment'] {
  const flags: Record<string, string> = { ...settings, 'web.listen-address': listen, 'log.level': 'warn' };
  for (const { name } of collectors)
    Object.assign(flags, { [`collector.${name}.interval`]: '2s', [`collector.${name}.timeout`]: '1500ms' });
  // The processes of this host are not simulated.
  flags['collector.pagers'] = 'off';
  flags['collector.pools.interval'] = '1s';
  flags['collector.pools.timeout'] = '900ms';
  return Object.fromEntries(
    listOptions(collectors).flatMap((option) => {
      const value = flags[option.flag];
      return value === undefined ? [] : [[environmentName(option), value]];
    }),
  );
}
