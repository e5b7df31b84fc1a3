import { severities } from '../model/finding.ts';
import { emptyLedger, type Ledger, type SentAlert } from './ledger.ts';
import { type AlertContent, type Digest, type Notification, statuses } from './notification.ts';

/** Bumped when the content changes in a way that older readers would misread. */
const version = 1;

/** The ledger as the content of a file. */
export function writeRecord({ alerts, queue }: Ledger): string {
  return `${JSON.stringify({ version, alerts: [...alerts], queue })}\n`;
}

/** What is not as this exporter writes it is left out. Undefined if nothing can be read. */
export function readRecord(text: string): Ledger | undefined {
  const parsed = parse(text);
  if (!isObject(parsed) || parsed['version'] !== version) return undefined;
  const { alerts, queue } = parsed;
  return {
    ...emptyLedger,
    alerts: new Map(listOf(alerts).filter(isEntry)),
    queue: listOf(queue).filter(isNotification),
  };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

type Fields = Readonly<Record<string, unknown>>;

function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function isCount(value: unknown): boolean {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function isText(value: unknown): boolean {
  return typeof value === 'string';
}

function isEntry(value: unknown): value is [string, SentAlert] {
  if (!Array.isArray(value) || value.length !== 2 || !isText(value[0])) return false;
  const alert: unknown = value[1];
  return (
    isObject(alert) &&
    isContent(alert['content']) &&
    isCount(alert['since']) &&
    isCount(alert['keepMs']) &&
    listOf(alert['seenBy']).every(isText) &&
    Array.isArray(alert['seenBy']) &&
    isObject(alert['sent']) &&
    Object.values(alert['sent']).every((one) => isObject(one) && isCount(one['count']) && isCount(one['at']))
  );
}

function isNotification(value: unknown): value is Notification {
  return (
    isObject(value) &&
    ['id', 'key', 'receiver'].every((key) => isText(value[key])) &&
    statuses.some((status) => status === value['status']) &&
    ['count', 'since', 'at'].every((key) => isCount(value[key])) &&
    isContent(value['content'])
  );
}

function isContent(value: unknown): value is AlertContent {
  return (
    isObject(value) &&
    ['alert', 'title'].every((key) => isText(value[key])) &&
    severities.some((severity) => severity === value['severity']) &&
    ['pool', 'resource', 'target', 'collector', 'vg', 'runbook'].every(
      (key) => value[key] === undefined || isText(value[key]),
    ) &&
    Array.isArray(value['findings']) &&
    value['findings'].every(
      (one) => isObject(one) && ['code', 'summary', 'advice'].every((key) => isText(one[key])),
    ) &&
    (value['digest'] === undefined || isDigest(value['digest']))
  );
}

function isDigest(value: unknown): value is Digest {
  return (
    isObject(value) &&
    isCount(value['more']) &&
    Array.isArray(value['alerts']) &&
    value['alerts'].every(
      (one) =>
        isObject(one) &&
        ['key', 'alert', 'title'].every((key) => isText(one[key])) &&
        (one['pool'] === undefined || isText(one['pool'])) &&
        severities.some((severity) => severity === one['severity']),
    )
  );
}
