import { isIPv4, isIPv6 } from 'node:net';
import { parseBytes } from '../format/bytes.ts';
import { formatDuration, parseDuration } from '../format/duration.ts';
import type { MinimumFreeOption } from '../model/pool.ts';

/** How the text of an option becomes a value: the command line, the environment and YAML all give text. */
export interface ValueType<Value> {
  /** In help: `--web.listen-address=ADDRESS`. */
  readonly placeholder: string;
  /** In errors, after "expected". */
  readonly expects: string;
  /** May be given several times; the texts are then joined with commas. */
  readonly list?: true;
  /** A bare flag means `true`. */
  readonly bare?: true;
  /** All accepted texts, if they can be listed. */
  readonly words?: readonly string[];
  /** For a value that is more than texts in the file: its text, and what is wrong in it; undefined if it is no such value. */
  readonly readNode?: (
    node: unknown,
    at: (offset: number | undefined) => string,
    problems: string[],
  ) => string | undefined;
  /** Undefined if the text is not valid. */
  readonly parse: (text: string) => Value | undefined;
}

export function choice<const Word extends string>(words: readonly Word[]): ValueType<Word> {
  return {
    placeholder: words.join('|'),
    words,
    expects: `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`,
    parse: (text) => words.find((word) => word === text),
  };
}

export const boolean: ValueType<boolean> = {
  placeholder: 'true|false',
  words: ['true', 'false'],
  expects: 'true or false',
  bare: true,
  parse: (text) => (text === 'true' ? true : text === 'false' ? false : undefined),
};

/** Milliseconds. */
export function duration(leastMs: number, mostMs: number): ValueType<number> {
  return {
    placeholder: 'DURATION',
    expects: `a duration from ${formatDuration(leastMs)} to ${formatDuration(mostMs)}, such as 5s or 1m30s`,
    parse: (text) => within(parseDuration(text), leastMs, mostMs),
  };
}

/** Minutes past midnight UTC. */
export const timeOfDay: ValueType<number> = {
  placeholder: 'HH:MM',
  expects: 'a time of day in UTC from 00:00 to 23:59, such as 03:30',
  parse: (text) => {
    const { hour, minute } = /^(?<hour>[01]\d|2[0-3]):(?<minute>[0-5]\d)$/.exec(text)?.groups ?? {};
    return hour === undefined ? undefined : 60 * Number(hour) + Number(minute);
  },
};

export function whole(least: number, most: number): ValueType<number> {
  return {
    placeholder: 'NUMBER',
    expects: `a whole number from ${least} to ${most}`,
    parse: (text) => (/^\d{1,15}$/.test(text) ? within(Number(text), least, most) : undefined),
  };
}

/** 0..100, `%` or not. */
export function percent(least: number, most: number): ValueType<number> {
  return {
    placeholder: 'PERCENT',
    expects: `a percentage from ${least} to ${most}, such as 10 or 2.5%`,
    parse: (text) => within(parsePercent(text), least, most),
  };
}

function parsePercent(text: string): number | undefined {
  return /^\d{1,3}(?:\.\d{1,6})?%?$/.test(text) ? Number.parseFloat(text) : undefined;
}

export const bytes: ValueType<number> = {
  placeholder: 'SIZE',
  expects: 'a size such as 5GiB, 500M or a number of bytes',
  parse: parseBytes,
};

function within(value: number | undefined, least: number, most: number): number | undefined {
  return value !== undefined && value >= least && value <= most ? value : undefined;
}

export function path(placeholder: 'FILE' | 'DIR'): ValueType<string> {
  return {
    placeholder,
    expects: placeholder === 'FILE' ? 'a file path' : 'a directory path',
    parse: (text) => (text.includes('\0') ? undefined : text),
  };
}

/** A path that needs no escaping anywhere and is not served already. */
export const urlPath: ValueType<string> = {
  placeholder: 'PATH',
  expects:
    'a path such as /metrics, made of letters, digits and / _ . ~ -, not / itself and not under /-/, /api/ or /runbooks',
  parse: (text) =>
    /^(?:\/[\w.~-]+)+$/.test(text) &&
    !/^\/(?:(?:-|api)\/|runbooks(?:\/|$))/.test(text) &&
    !/\/\.{1,2}(?:\/|$)/.test(text)
      ? text
      : undefined,
};

export type ListenAddress = InternetAddress | SocketPath;

interface InternetAddress {
  /** Absent: all addresses of the host. */
  readonly host?: string;
  readonly port: number;
}

export interface SocketPath {
  /** Absolute path of a Unix socket. */
  readonly path: string;
}

export const listenAddress: ValueType<ListenAddress> = {
  placeholder: 'ADDRESS',
  expects: 'an address such as :10058, 127.0.0.1:10058, [::1]:10058 or unix:/run/thinpool-exporter.sock',
  parse: (text) => (text.startsWith('unix:') ? parseSocketPath(text.slice(5)) : parseInternetAddress(text)),
};

/** The kernel accepts 107 bytes (unix(7)); Node would silently truncate a longer path. */
function parseSocketPath(path: string): SocketPath | undefined {
  const isPath = path.startsWith('/') && !path.endsWith('/') && !path.includes('\0');
  return isPath && Buffer.byteLength(path) <= 107 ? { path } : undefined;
}

function parseInternetAddress(text: string): InternetAddress | undefined {
  const groups = /^(?:\[(?<six>[^\]]+)\]|(?<host>[^:[\]]*)):(?<port>\d{1,5})$/.exec(text)?.groups;
  const port = Number(groups?.['port']);
  if (groups === undefined || port > 65_535) return undefined;
  const { six, host } = groups;
  if (six !== undefined) return isIPv6(six) ? { host: six, port } : undefined;
  if (host === undefined || host === '') return { port };
  return isIPv4(host) || isHostName(host) ? { host, port } : undefined;
}

function isHostName(text: string): boolean {
  return /^(?!-)[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*$/.test(text) && !/^[\d.]+$/.test(text);
}

/** A node may also be called by its address. */
export const hostName: ValueType<string> = {
  placeholder: 'NAME',
  expects: 'a host name or an address, such as node1.example.org',
  parse: (text) => (/^[A-Za-z0-9][\w.:-]{0,252}$/.test(text) ? text : undefined),
};

export const minimumFree: ValueType<MinimumFreeOption> = {
  placeholder: 'PERCENT|POOL=PERCENT',
  expects: 'a percentage for all pools such as 10%, or for one pool such as docker-thinpool=5%',
  parse: (text) => {
    // A device-mapper name may contain "=": the last one separates.
    const at = text.lastIndexOf('=');
    const value = within(parsePercent(text.slice(at + 1)), 0, 99);
    if (value === undefined || at === 0) return undefined;
    return at < 0 ? { percent: value } : { pool: text.slice(0, at), percent: value };
  },
};

/** Base URL of a server. Credentials go into a file, because URLs are displayed and logged. */
export const serverUrl: ValueType<URL> = {
  placeholder: 'URL',
  expects: 'a URL such as http://alertmanager:9093 or https://host/prefix, without user, password, ? or #',
  parse: (text) => {
    const url = /^https?:\/\/[^\s?#@]+$/.test(text) && URL.canParse(text) ? new URL(text) : undefined;
    return url === undefined || url.username !== '' || url.password !== '' ? undefined : url;
  },
};

export interface Label {
  readonly name: string;
  readonly value: string;
}

export const label: ValueType<Label> = {
  placeholder: 'NAME=VALUE',
  expects: 'a label such as job=thinpool; an empty value removes the label',
  parse: (text) => {
    const groups = /^(?<name>[A-Za-z_]\w*)=(?<value>.*)$/.exec(text)?.groups;
    const { name, value } = groups ?? {};
    return name === undefined || value === undefined || name.startsWith('__') ? undefined : { name, value };
  },
};

/** A pattern of pool names. */
export const poolGlob: ValueType<string> = {
  placeholder: 'PATTERN',
  expects:
    'a pool name, in which * stands for any text and ? for one character, such as vg0-pool or docker-*',
  parse: (text) => (text === '' || /[\0\n]/.test(text) ? undefined : text),
};

/** A factor, 0.1 to 60. */
export const speed: ValueType<number> = {
  placeholder: 'FACTOR',
  expects: 'a number from 0.1 to 60',
  parse: (text) => (/^\d{1,2}(?:\.\d{1,3})?$/.test(text) ? within(Number(text), 0.1, 60) : undefined),
};

/** Where runbooks are: an address that may contain `{alert}`. It stands in links, so it has no credentials. */
export const runbookUrl: ValueType<string> = {
  placeholder: 'URL',
  expects:
    'a URL such as https://wiki.example/runbooks or https://wiki.example/{alert}.html, without user or password',
  parse: (text) => {
    const address = text.replaceAll('{alert}', 'alert');
    const url =
      /^https?:\/\/[^\s@<>"'`|{}]+$/.test(address) && URL.canParse(address) ? new URL(address) : undefined;
    return url === undefined || url.username !== '' || url.password !== '' ? undefined : text;
  },
};

/** A list: repeated flags, a YAML sequence, or commas. */
export function listOf<Value>(item: ValueType<Value>): ValueType<readonly Value[]> {
  return {
    placeholder: item.placeholder,
    expects: `${item.expects}; separate several with commas`,
    list: true,
    parse: (text) => {
      const values: Value[] = [];
      for (const part of text.split(',')) {
        const value = item.parse(part.trim());
        if (value === undefined) return undefined;
        values.push(value);
      }
      return values;
    },
  };
}
