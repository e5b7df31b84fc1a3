import { formatDuration } from '../format/duration.ts';
import type { Config } from './options.ts';

/** Rules over several options. Returns one message per problem. */
export function checkTogether(config: Config): string[] {
  return [
    ...checkListen(config),
    ...checkCollectors(config),
    ...checkMinimumFrees(config),
    ...checkNearlyFull(config),
    ...checkAlertmanager(config),
  ];
}

/** Port 0 is another one each time. */
function checkListen({ listen }: Config): string[] {
  const addresses = listen
    .filter((address) => !('port' in address) || address.port !== 0)
    .map((address) => ('path' in address ? `unix:${address.path}` : showAddress(address)));
  return findRepeated(addresses).map(
    (address) => `--web.listen-address: ${address} is given twice; keep one`,
  );
}

function showAddress({ host = '', port }: { readonly host?: string; readonly port: number }): string {
  return `${host.includes(':') ? `[${host}]` : host.toLowerCase()}:${port}`;
}

/** A query with a timeout longer than its interval would always find the previous one still running. */
function checkCollectors({ collectors }: Config): string[] {
  const problems: string[] = [];
  for (const [name, { mode, intervalMs, timeoutMs }] of Object.entries(collectors)) {
    if (mode === 'off' || timeoutMs < intervalMs) continue;
    const flag = `--collector.${name}`;
    const [interval, timeout] = [formatDuration(intervalMs), formatDuration(timeoutMs)];
    problems.push(
      `${flag}.interval (${interval}) must be longer than ${flag}.timeout (${timeout}): raise one or lower the other`,
    );
  }
  return problems;
}

/** Two minimums for one pool are ambiguous. */
function checkMinimumFrees({ minimumFree = [] }: Config): string[] {
  const problems: string[] = [];
  for (const [at, { pool, percent }] of minimumFree.entries()) {
    const earlier = minimumFree.slice(0, at).find((other) => other.pool === pool);
    if (earlier === undefined) continue;
    const about = pool === undefined ? 'all pools' : `pool ${pool}`;
    problems.push(`--minimum-free: given twice for ${about} (${earlier.percent}% and ${percent}%); keep one`);
  }
  return problems;
}

/** A critical level below the warning would make the warning meaningless. */
function checkNearlyFull({ warning, critical, nearlyFullWarning, nearlyFullCritical }: Config): string[] {
  const low = warning ?? nearlyFullWarning;
  const high = critical ?? nearlyFullCritical;
  if (high === undefined || high > low) return [];
  const flags =
    critical === undefined && warning === undefined
      ? ['--nearly-full.critical', '--nearly-full.warning']
      : ['--critical', '--warning'];
  return [`${flags[0]} (${high}%) must be higher than ${flags[1]} (${low}%): raise one or lower the other`];
}

/** Labels that the alert rules set. A different value would make it a different alert. */
const ruleLabels = ['alertname', 'severity', 'page', 'pool', 'resource', 'target', 'collector', 'vg', 'code'];

function checkAlertmanager({ alertmanagers = [], alertmanagerLabels = [] }: Config): string[] {
  const names = alertmanagerLabels.map(({ name }) => name);
  const flag = '--alertmanager.label';
  return [
    ...findRepeated(alertmanagers.map(({ href }) => href)).map(
      (href) => `--alertmanager.url: ${href} is given twice; keep one`,
    ),
    ...findRepeated(names).map((name) => `${flag}: ${name} is given twice; keep one`),
    ...names
      .filter((name) => ruleLabels.includes(name))
      .map(
        (name) =>
          `${flag}: ${name} is reserved for the alert rules; expected a label that Prometheus adds, such as job`,
      ),
  ];
}

function findRepeated(texts: readonly string[]): readonly string[] {
  return [...new Set(texts.filter((text, at) => texts.indexOf(text) !== at))];
}
