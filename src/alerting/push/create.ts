import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import type { Config } from '../../config/options.ts';
import { messageOf } from '../../format/error-message.ts';
import { type TargetLabels, withoutEmpty } from '../alert.ts';
import { usualJob } from '../labels.ts';
import { AlertmanagerNotifier, type NotifierOptions } from './notifier.ts';
import { openPost } from './post.ts';

type NotifierContext = Pick<NotifierOptions, 'latest' | 'now' | 'log'>;

/** Direct notification as configured; undefined without an Alertmanager. Throws if a file cannot be read. */
export function createNotifier(config: Config, context: NotifierContext): AlertmanagerNotifier | undefined {
  const { alertmanagers, alertmanagerResendMs: resendMs, alertmanagerTimeoutMs: deadlineMs } = config;
  if (alertmanagers === undefined) return undefined;
  if (config.replay !== undefined)
    throw new Error(
      '--alertmanager.url cannot be combined with --replay, because a captured host must not page anyone; remove one of the two',
    );
  const credentials = readOption('--alertmanager.basic-auth-file', config.alertmanagerCredentials)?.split(
    /\r?\n/,
    1,
  )[0];
  if (credentials !== undefined && !/^[^:]+:/.test(credentials))
    throw new Error('--alertmanager.basic-auth-file: expected USER:PASSWORD on the first line');
  const ca = readOption('--alertmanager.ca-file', config.alertmanagerCa);
  if (ca !== undefined && !ca.includes('-----BEGIN CERTIFICATE-----'))
    throw new Error('--alertmanager.ca-file: expected PEM certificates, with a line BEGIN CERTIFICATE');
  const labels = labelsOfTarget(config);
  const peers = alertmanagers.map((base) => {
    const url = new URL(`${base.href.replace(/\/+$/, '')}/api/v2/alerts`);
    const secrets = { ...(ca !== undefined && { ca }), ...(credentials !== undefined && { credentials }) };
    return { name: base.href, post: openPost({ url, deadlineMs, ...secrets }) };
  });
  context.log.info(
    { peers: peers.map(({ name }) => name).join(' '), labels },
    'Sending paging alerts directly to Alertmanager',
  );
  return new AlertmanagerNotifier({ ...context, peers, labels, resendMs });
}

/** The labels that Prometheus adds with the example configuration, except that it may know this host by another name. */
function labelsOfTarget({ alertmanagerLabels = [], listen }: Config): TargetLabels {
  // There is no port if it listens on Unix sockets only.
  const port = listen.find((address) => 'port' in address)?.port;
  const usual = { job: usualJob, instance: port === undefined ? hostname() : `${hostname()}:${port}` };
  const given = Object.fromEntries(alertmanagerLabels.map(({ name, value }) => [name, value]));
  return withoutEmpty({ ...usual, ...given });
}

function readOption(flag: string, file: string | undefined): string | undefined {
  if (file === undefined) return undefined;
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new Error(`${flag}: cannot read the file: ${messageOf(error)}`);
  }
}
