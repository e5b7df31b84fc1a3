import { isMap } from 'yaml';
import { suggest } from '../../config/suggest.ts';
import { readDocument } from '../../config/yaml-document.ts';
import { omitUndefined } from '../../model/omit-undefined.ts';
import { hourMs } from '../../model/units.ts';
import { patternOf } from '../../thinpool/pool-filter.ts';
import { type QuietHours, weekdays } from '../quiet-hours.ts';
import type { Receiver, Route } from '../receiver.ts';
import { checkEmail, emailFields, loadEmail } from './email.ts';
import type { Endpoint } from './endpoint.ts';
import { checkExec, execFields, loadExec } from './exec.ts';
import { quietFields, receiverFields, receiverTypes, routeFields } from './fields.ts';
import type { Files } from './files.ts';
import { Reader, type Table, type Values } from './reader.ts';
import { checkWebhook, loadWebhook, webhookFields } from './webhook.ts';

/** A receiver as the file describes it. What is secret is in files of its own, which `load` reads. */
export interface ReceiverEntry {
  /** `FILE:LINE: receivers.NAME` */
  readonly where: string;
  readonly name: string;
  /** What is wrong with its fields together. */
  readonly problems: readonly string[];
  readonly load: (files: Files) => Promise<Endpoint | undefined>;
}

export interface NotifyFile {
  readonly receivers: readonly ReceiverEntry[];
  readonly routes: readonly Route[];
}

/** Each keeps a connection, and a place in the queue. */
const mostReceivers = 20;
const mostRoutes = 100;

/** Reads the file of receivers and routes. Problems name file, line and field, and quote no value. */
export function readNotifyFile(
  text: string,
  file: string,
  findingCodes: readonly string[],
): { readonly file: NotifyFile; readonly problems: readonly string[] } {
  const document = readDocument(text, file);
  // After the colon, the library quotes the text that it failed on.
  const faults = document.faults.map(
    ({ where, message }) => `${where}: invalid YAML: ${message.split(':')[0]}`,
  );
  if (faults.length > 0) return { file: { receivers: [], routes: [] }, problems: faults };
  const reader = new Reader(document);
  const { nested } = isMap(document.contents)
    ? reader.entry(document.contents, 'file', {}, ['receivers', 'routes'])
    : { nested: new Map<string, unknown>() };
  const receivers = reader
    .items(nested.get('receivers'), 'receivers')
    .flatMap((node) => readReceiver(reader, node) ?? []);
  if (reader.problems.length === 0 && receivers.length === 0)
    reader.problems.push(`${document.at(0)}: expected receivers, a sequence with at least one entry`);
  const routes = reader.items(nested.get('routes'), 'routes').map((node) => readRoute(reader, node));
  const problems = [
    ...reader.problems,
    ...checkReceivers(receivers),
    ...checkRoutes(routes, receivers, findingCodes),
    ...(receivers.length > mostReceivers ? [`${file}: expected at most ${mostReceivers} receivers`] : []),
    ...(routes.length > mostRoutes ? [`${file}: expected at most ${mostRoutes} routes`] : []),
  ];
  const everything = { receivers: receivers.map(({ name }) => name), severities: usualSeverities };
  return { file: { receivers, routes: routes.length > 0 ? routes : [everything] }, problems };
}

/** Of a route that sets none. */
const usualSeverities = ['critical', 'warning'] as const;

function readReceiver(reader: Reader, node: unknown): ReceiverEntry | undefined {
  switch (typeOf(node)) {
    case 'email':
      return readAs(reader, node, emailFields, checkEmail, loadEmail);
    case 'exec':
      return readAs(reader, node, execFields, checkExec, loadExec);
    case 'webhook':
      return readAs(reader, node, webhookFields, checkWebhook, loadWebhook);
    default:
      // Fields of an unknown type are unknown, too: only the type is reported.
      reader.problems.push(
        `${reader.place(node)}: receivers.type: expected ${receiverFields.type.type.expects}`,
      );
      return undefined;
  }
}

/** Undefined if it is none that there is. */
function typeOf(node: unknown): (typeof receiverTypes)[number] | undefined {
  if (!isMap(node) || !node.has('type')) return 'webhook';
  const given = node.get('type');
  return receiverTypes.find((type) => type === given);
}

function readAs<const Of extends Table>(
  reader: Reader,
  node: unknown,
  fields: Of,
  check: (values: Values<Of>) => readonly string[],
  load: (
    receiver: Receiver,
    values: Values<Of>,
    timeoutMs: number | undefined,
    files: Files,
  ) => Promise<Endpoint | undefined>,
): ReceiverEntry {
  const { where, values, nested } = reader.entry(node, 'receivers', { ...receiverFields, ...fields }, [
    'quiet_hours',
  ]);
  const {
    name = '',
    timeout,
    repeat_interval,
    send_resolved,
    most_at_once,
  } = values as Values<typeof receiverFields>;
  const quietHours = reader
    .items(nested.get('quiet_hours'), 'receivers.quiet_hours')
    .map((item) => readQuietHours(reader, item));
  const receiver = {
    name,
    repeatMs: repeat_interval ?? 4 * hourMs,
    sendsResolved: send_resolved ?? true,
    quietHours,
    ...omitUndefined({ mostAtOnce: most_at_once }),
  };
  // The table has the rows of both.
  const own = values as Values<Of>;
  return {
    where: `${where}: receivers.${name}`,
    name,
    problems: check(own),
    load: (files) => load(receiver, own, timeout, files),
  };
}

function readQuietHours(reader: Reader, node: unknown): QuietHours {
  const { values } = reader.entry(node, 'receivers.quiet_hours', quietFields);
  const { from = 0, to = 0, days = weekdays, time_zone: timeZone = 'UTC' } = values;
  return { from, to, days, timeZone };
}

interface RouteEntry extends Route {
  readonly where: string;
}

function readRoute(reader: Reader, node: unknown): RouteEntry {
  const { where, values } = reader.entry(node, 'routes', routeFields);
  const { receivers = [], severities = usualSeverities, pools, codes } = values;
  return { where, receivers, severities, ...omitUndefined({ pools: pools?.map(patternOf), codes }) };
}

function checkReceivers(receivers: readonly ReceiverEntry[]): string[] {
  const names = receivers.map(({ name }) => name);
  return receivers.flatMap(({ where, name, problems }, at) => {
    // What lacks a name was reported already.
    if (name === '') return [];
    const all = names.indexOf(name) === at ? problems : ['given twice; keep one', ...problems];
    return all.map((problem) => `${where}: ${problem}`);
  });
}

function checkRoutes(
  routes: readonly RouteEntry[],
  receivers: readonly ReceiverEntry[],
  findingCodes: readonly string[],
): string[] {
  const names = receivers.map(({ name }) => name);
  return routes.flatMap(({ where, receivers: own, codes = [] }) => [
    ...own
      .filter((name) => !names.includes(name))
      .map((name) => `${where}: routes.receivers: ${name}: there is no such receiver${suggest(name, names)}`),
    ...codes
      .filter((code) => !findingCodes.includes(code))
      .map((code) => `${where}: routes.codes: ${code}: unknown code${suggest(code, findingCodes)}`),
  ]);
}
