import { lookup } from 'node:dns';
import { request as requestPlain } from 'node:http';
import { request as requestTls } from 'node:https';
import type { LookupFunction } from 'node:net';
import type { PostOutcome } from '../../model/notifier-state.ts';

export interface Posted {
  readonly outcome: PostOutcome;
  /** Why it is not ok, in a line. Never what was sent along to prove who we are. */
  readonly why?: string;
}

/** Sends a JSON text. Always settles, within the deadline, and never rejects. */
export type Post = (body: string) => Promise<Posted>;

export interface PostOptions {
  readonly url: URL;
  readonly deadlineMs: number;
  /** PEM, in place of the certificates that Node trusts. */
  readonly ca?: string;
  /** `user:password` */
  readonly credentials?: string;
}

/** What is read of an answer, which is a word or a line. */
const answerMax = 2048;

/**
 * Posts to one address over connections of its own: none is kept, so none is found dead. Redirects are not followed: who
 * we are is told to nobody else.
 */
export function openPost({ url, deadlineMs, ca, credentials }: PostOptions): Post {
  const request = url.protocol === 'https:' ? requestTls : requestPlain;
  const lookupOnce = shareLookups();
  const send = (body: string): Promise<Posted> =>
    new Promise((resolve) => {
      const signal = AbortSignal.timeout(deadlineMs);
      const sent = request(url, {
        method: 'POST',
        agent: false,
        signal,
        lookup: lookupOnce,
        headers: {
          'content-type': 'application/json',
          'content-length': Buffer.byteLength(body),
          ...(credentials !== undefined && {
            authorization: `Basic ${Buffer.from(credentials).toString('base64')}`,
          }),
        },
        ...(ca !== undefined && { ca }),
      });
      const late: Posted = { outcome: 'timed-out', why: `no response within ${deadlineMs} ms` };
      // Errors may follow one another: each needs a listener, the first one is told.
      sent.on('error', (error) => resolve(signal.aborted ? late : unreachable(error)));
      sent.once('response', (response) => {
        let text = '';
        response.setEncoding('utf8');
        response.on('data', (part: string) => {
          text += part;
          if (text.length > answerMax) response.destroy();
        });
        // However the rest of the answer ends: what counts came first.
        response.on('error', () => {});
        response.once('close', () => resolve(signal.aborted ? late : judge(response.statusCode ?? 0, text)));
      });
      sent.end(body);
    });
  // Certificates that are none make the request itself throw.
  return (body) => send(body).catch(unreachable);
}

function unreachable(error: NodeJS.ErrnoException): Posted {
  return { outcome: 'unreachable', why: error.code ?? error.message };
}

function judge(status: number, text: string): Posted {
  if (status >= 200 && status < 300) return { outcome: 'ok' };
  const said = text.slice(0, 200).replaceAll(/\s+/g, ' ').trim();
  const why = `HTTP ${status}${said === '' ? '' : `: ${said}`}`;
  return { outcome: status >= 500 ? 'failed' : 'refused', why };
}

/**
 * A look-up of a name cannot be ended, and holds one of Node's few threads, which readings need, too: who asks again for
 * a name while that hangs takes the place of who asked before, and waits for the same answer.
 */
function shareLookups(): LookupFunction {
  const waiting = new Map<string, Parameters<LookupFunction>[2]>();
  return (name, options, tell) => {
    const isAsked = waiting.has(name);
    waiting.set(name, tell);
    if (isAsked) return;
    lookup(name, options, (...answer) => {
      const last = waiting.get(name);
      waiting.delete(name);
      last?.(...answer);
    });
  };
}
