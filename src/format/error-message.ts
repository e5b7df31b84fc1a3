/** What Node puts around the message of a system error: `ENOENT: no such file or directory, open '/x'`. */
const systemError = /^(?<code>E[A-Z0-9]+): (?<text>[^,]+), (?<call>[a-z]+)(?: (?<path>'.*'))?$/s;
/** The same of a network error: `connect ECONNREFUSED 127.0.0.1:9093`, `listen EADDRINUSE: address already in use :::10058`. */
const networkError =
  /^(?:connect|listen|bind|read|write|getaddrinfo) (?<code>E[A-Z0-9_]+)(?::? (?<rest>.*))?$/s;

const networkTexts: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'connection refused',
  ECONNRESET: 'connection reset',
  EHOSTUNREACH: 'host unreachable',
  ENETUNREACH: 'network unreachable',
  ETIMEDOUT: 'connection timed out',
  ENOENT: 'no such file or directory',
  EACCES: 'permission denied',
  EADDRINUSE: 'address already in use',
  EADDRNOTAVAIL: 'no such address on this host',
  ENOTFOUND: 'unknown host name',
  EAI_AGAIN: 'host names cannot be resolved now',
};

/** The message of a thrown value, which may be no Error, in plain words. */
export function messageOf(thrown: unknown): string {
  if (!(thrown instanceof Error)) return String(thrown);
  const { message } = thrown;
  const system = systemError.exec(message)?.groups;
  if (system !== undefined)
    return `${system['code'] === 'EISDIR' ? 'it is a directory' : system['text']}${system['path'] === undefined ? '' : `: ${system['path'].slice(1, -1).replace("' -> '", ' -> ')}`}`;
  const { code = '', rest = '' } = networkError.exec(message)?.groups ?? {};
  const text = networkTexts[code];
  return text === undefined
    ? message
    : `${text}${rest === '' ? '' : `: ${rest.replace('address already in use ', '')}`}`;
}
