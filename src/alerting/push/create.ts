import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import type { Config } from '../../config/options.ts';
import { messageOf } from '../../format/error-message.ts';
import { omitUndefined } from '../../model/omit-undefined.ts';
import { type TargetLabels, withoutEmpty } from '../alert.ts';
import { usualJob } from '../labels.ts';
import { AlertmanagerNotifier, type NotifierOptions } from './notifier.ts';
import { openPost } from './post.ts';

type NotifierContext = Pick<NotifierOptions, 'latest' | 'now' | 'log'>;

/** Direct notification as configured; undefined without an Alertmanager. Throws if a file cannot be read. */
export function createNotifier(config: Config, context: NotifierContext): AlertmanagerNotifier | undefined {
  const { alertmanagers, alertmanagerResendMs: resendMs, alertmanagerTimeoutMs: deadlineMs } = config;
  if (alertmanagers === undefined) return undefined;
  const files = readFiles(config);
  if (files.problems.length > 0) throw new Error(files.problems.join('; '));
  const { secrets } = files;
  const labels = labelsOfTarget(config);
  const peers = alertmanagers.map((base) => {
    const url = new URL(`${base.href.replace(/\/+$/, '')}/api/v2/alerts`);
    return { name: base.href, post: openPost({ url, deadlineMs, ...secrets }) };
  });
  context.log.info(
    { peers: peers.map(({ name }) => name).join(' '), labels },
    'Sending paging alerts directly to Alertmanager',
  );
  return new AlertmanagerNotifier({ ...context, peers, labels, resendMs });
}

/** What would keep direct notification from starting. */
export function checkNotifier(config: Config): readonly string[] {
  return config.alertmanagers === undefined ? [] : readFiles(config).problems;
}

/** The files that the options name, and everything that is wrong with them. */
function readFiles(config: Config) {
  const problems: string[] = [];
  if (config.replay !== undefined)
    problems.push(
      '--alertmanager.url cannot be combined with --replay, because a captured host must not page anyone; remove one of the two',
    );
  const read = (flag: string, file: string | undefined): string | undefined => {
    if (file === undefined) return undefined;
    try {
      return readFileSync(file, 'utf8');
    } catch (error) {
      problems.push(`${flag}: cannot read the file: ${messageOf(error)}`);
      return undefined;
    }
  };
  const credentials = read('--alertmanager.basic-auth-file', config.alertmanagerCredentials)?.split(
    /\r?\n/,
    1,
  )[0];
  if (credentials !== undefined && !/^[^:]+:/.test(credentials))
    problems.push('--alertmanager.basic-auth-file: expected USER:PASSWORD on the first line');
  const ca = read('--alertmanager.ca-file', config.alertmanagerCa);
  if (ca !== undefined && !ca.includes('-----BEGIN CERTIFICATE-----'))
    problems.push('--alertmanager.ca-file: expected PEM certificates, with a line BEGIN CERTIFICATE');
  return { problems, secrets: omitUndefined({ ca, credentials }) };
}

/** The labels that Prometheus adds with the example configuration, except that it may know this host by another name. */
function labelsOfTarget({ alertmanagerLabels = [], hostName = hostname(), listen }: Config): TargetLabels {
  // There is no port if it listens on Unix sockets only.
  const port = listen.find((address) => 'port' in address)?.port;
  const usual = { job: usualJob, instance: port === undefined ? hostName : `${hostName}:${port}` };
  const given = Object.fromEntries(alertmanagerLabels.map(({ name, value }) => [name, value]));
  return withoutEmpty({ ...usual, ...given });
}
