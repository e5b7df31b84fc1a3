import { type IncomingMessage, request as requestPlain } from 'node:http';
import { request as requestTls } from 'node:https';
import type { PostOutcome } from '../../model/notifier-state.ts';
import { secondMs } from '../../model/units.ts';
import { shareLookups } from './lookups.ts';

export interface PostResult {
  readonly outcome: PostOutcome;
  /** Why it failed, in one line. Never contains credentials. */
  readonly why?: string;
  /** The status of the response, where there was one that was no success. */
  readonly status?: number;
  /** How long the server wants to be left alone. */
  readonly retryAfterMs?: number;
}

/** Posts a JSON text. Always resolves within the deadline, never rejects. */
export type Post = (body: string, headers?: Readonly<Record<string, string>>) => Promise<PostResult>;

export interface PostOptions {
  readonly url: URL;
  readonly deadlineMs: number;
  /** PEM. Replaces the certificates that Node trusts. */
  readonly ca?: string;
  /** `user:password` */
  readonly credentials?: string;
  /** Sent with every request. */
  readonly headers?: Readonly<Record<string, string>>;
  /** GET sends no body. */
  readonly method?: 'POST' | 'GET';
  /** The address is a secret, and the text of a response may repeat it: only its status is reported. */
  readonly hidesResponse?: boolean;
  /** What a response without content (204) means, where it is no success. */
  readonly emptyMeans?: string;
}

/** More of a response is not read: usually it is a word or a line. */
const responseMax = 2048;

/**
 * Posts to one address, each time over a new connection: a kept one might be dead. Redirects are not followed, so that
 * credentials go to no other host.
 */
export function openPost(options: PostOptions): Post {
  const {
    url,
    deadlineMs,
    ca,
    credentials,
    headers,
    method = 'POST',
    hidesResponse = false,
    emptyMeans,
  } = options;
  const request = url.protocol === 'https:' ? requestTls : requestPlain;
  const lookupOnce = shareLookups();
  const send = (body: string, more?: Readonly<Record<string, string>>): Promise<PostResult> =>
    new Promise((resolve) => {
      const signal = AbortSignal.timeout(deadlineMs);
      const sent = request(url, {
        method,
        agent: false,
        signal,
        lookup: lookupOnce,
        headers: {
          ...(method === 'POST' && {
            'content-type': 'application/json',
            'content-length': Buffer.byteLength(body),
          }),
          ...(credentials !== undefined && {
            authorization: `Basic ${Buffer.from(credentials).toString('base64')}`,
          }),
          ...headers,
          ...more,
        },
        ...(ca !== undefined && { ca }),
      });
      const late: PostResult = { outcome: 'timed-out', why: `no response within ${deadlineMs} ms` };
      // There may be several errors. Each needs a listener; the first is reported.
      sent.on('error', (error) => resolve(signal.aborted ? late : unreachable(error)));
      sent.once('response', (response) => {
        if (hidesResponse) {
          response.on('error', () => {});
          response.destroy();
          resolve(judge(response, '', emptyMeans));
          return;
        }
        let text = '';
        response.setEncoding('utf8');
        response.on('data', (part: string) => {
          text += part;
          if (text.length > responseMax) response.destroy();
        });
        // The status has arrived; how the rest of the response ends does not matter.
        response.on('error', () => {});
        response.once('close', () => resolve(signal.aborted ? late : judge(response, text, emptyMeans)));
      });
      sent.end(method === 'POST' ? body : undefined);
    });
  // An invalid certificate makes the request itself throw.
  return (body, more) => send(body, more).catch(unreachable);
}

function unreachable(error: NodeJS.ErrnoException): PostResult {
  return { outcome: 'unreachable', why: error.code ?? error.message };
}

function judge(
  { statusCode: status = 0, headers }: IncomingMessage,
  text: string,
  emptyMeans: string | undefined,
): PostResult {
  if (status === 204 && emptyMeans !== undefined)
    return { outcome: 'refused', why: `HTTP 204: ${emptyMeans}`, status };
  if (status >= 200 && status < 300) return { outcome: 'ok' };
  const message = text.slice(0, 200).replaceAll(/\s+/g, ' ').trim();
  const why = `HTTP ${status}${message === '' ? '' : `: ${message}`}`;
  const outcome = status >= 500 ? 'failed' : 'refused';
  const retryAfterMs = parseRetryAfter(headers['retry-after']);
  return { outcome, why, status, ...(retryAfterMs !== undefined && { retryAfterMs }) };
}

/** Of its two forms the number of seconds; a date depends on two clocks. */
function parseRetryAfter(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,5}$/.test(text) ? Number(text) * secondMs : undefined;
}
