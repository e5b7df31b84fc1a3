import { isMap } from 'yaml';
import { suggest } from '../../config/suggest.ts';
import { readDocument } from '../../config/yaml-document.ts';
import { omitUndefined } from '../../model/omit-undefined.ts';
import { hourMs, secondMs } from '../../model/units.ts';
import { type Format, type FormatName, formats } from '../formats.ts';
import { type QuietHours, weekdays } from '../quiet-hours.ts';
import type { Receiver, Route } from '../receiver.ts';
import { quietFields, receiverFields, routeFields } from './fields.ts';
import { Reader } from './reader.ts';

/** A receiver as the file describes it. What is secret is in files of its own, whose names are here. */
export interface ReceiverEntry extends Receiver {
  /** `FILE:LINE: receivers.NAME` */
  readonly where: string;
  readonly format: FormatName;
  /** A valid one or not. */
  readonly hasAddress: boolean;
  readonly url?: URL;
  readonly urlFile?: string;
  readonly tokenFile?: string;
  readonly basicAuthFile?: string;
  readonly caFile?: string;
  readonly chatId?: string;
  readonly timeoutMs: number;
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
    .map((node) => readReceiver(reader, node));
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

function readReceiver(reader: Reader, node: unknown): ReceiverEntry {
  const { where, values, nested } = reader.entry(node, 'receivers', receiverFields, ['quiet_hours']);
  const { name = '', format = 'json', timeout, repeat_interval, send_resolved } = values;
  return {
    where: `${where}: receivers.${name}`,
    name,
    format,
    hasAddress: Object.hasOwn(values, 'url') || Object.hasOwn(values, 'url_file'),
    timeoutMs: timeout ?? 10 * secondMs,
    repeatMs: repeat_interval ?? 4 * hourMs,
    sendsResolved: send_resolved ?? true,
    quietHours: reader
      .items(nested.get('quiet_hours'), 'receivers.quiet_hours')
      .map((item) => readQuietHours(reader, item)),
    ...omitUndefined({
      url: values.url,
      urlFile: values.url_file,
      tokenFile: values.token_file,
      basicAuthFile: values.basic_auth_file,
      caFile: values.ca_file,
      chatId: values.chat_id,
    }),
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
  return { where, receivers, severities, ...omitUndefined({ pools, codes }) };
}

function checkReceivers(receivers: readonly ReceiverEntry[]): string[] {
  const names = receivers.map(({ name }) => name);
  return receivers.flatMap((receiver, at) => {
    // What lacks a name was reported already.
    if (receiver.name === '') return [];
    const { where, name, format, url, urlFile, tokenFile, basicAuthFile, chatId } = receiver;
    const { hasSecretUrl, needsChatId }: Format = formats[format];
    return [
      ...(names.indexOf(name) !== at ? [`${where}: given twice; keep one`] : []),
      ...(!receiver.hasAddress ? [`${where}: expected url or url_file`] : []),
      ...(url !== undefined && urlFile !== undefined
        ? [`${where}: url and url_file are both set; keep one`]
        : []),
      ...(url !== undefined && hasSecretUrl === true
        ? [`${where}: expected url_file: the URL of ${format} is a secret, and belongs in a file of its own`]
        : []),
      ...(tokenFile !== undefined && basicAuthFile !== undefined
        ? [`${where}: token_file and basic_auth_file are both set; keep one`]
        : []),
      ...(needsChatId === true && chatId === undefined
        ? [`${where}: expected chat_id for format ${format}`]
        : []),
    ];
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
