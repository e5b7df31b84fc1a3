import { type ClientRequest, get } from 'node:http';
import type { Access, Reading } from '../collectors/collector.ts';
import { reasonOf } from '../collectors/shared/errors.ts';
import { messageOf } from '../format/error-message.ts';
import type { FailureReason } from '../model/source-state.ts';
import { inTime } from './deadline.ts';
import { engineMessage, keepParts } from './docker-answer.ts';
import { errnoOf, isDenial } from './errno.ts';
import { type Attempt, type Bounds, failure, type ReadResult } from './read.ts';

type EngineAccess = Extract<Access, { readonly engine: unknown }>;

export interface EngineBounds extends Bounds {
  /** Limit for all responses of one query together. */
  readonly maxBytes: number;
}

const usualSocket = '/var/run/docker.sock';

/**
 * Queries Docker's daemon on its Unix socket, with GET only and like a command: a query settles by its deadline; after
 * that, it sends nothing more and its connection is closed after `leftAloneMs`.
 *
 * Paths have no API version: the daemon then uses its newest one (moby api/server/middleware/version.go), so that no
 * daemon is too old or too new.
 */
export class EngineApi {
  readonly #host: string | undefined;
  readonly #open = new Set<ClientRequest>();

  /** `host` is the value of DOCKER_HOST. */
  constructor(host: string | undefined) {
    this.#host = host;
  }

  read(access: EngineAccess, bounds: EngineBounds): Attempt {
    const talk: Talk = { isOver: false, bytesLeft: bounds.maxBytes };
    const takenAt = Date.now();
    const answered = this.#ask(access, talk).then(
      (said): ReadResult => ({ ok: true, reading: { ...said, takenAt } }),
      (error: unknown): ReadResult => explain(error, bounds.maxBytes),
    );
    const result = inTime(answered, bounds.timeoutMs, 'no response', () => {
      talk.isOver = true;
      setTimeout(() => talk.request?.destroy(), bounds.leftAloneMs ?? 0).unref();
    });
    return { result, gone: answered.then(() => undefined) };
  }

  /** Closes all connections. */
  close(): void {
    for (const request of this.#open) request.destroy();
  }

  /** Sequential: a hung daemon gets one request, not one per path. */
  async #ask({ engine, keep }: EngineAccess, talk: Talk): Promise<Said> {
    const socketPath = socketOf(this.#host);
    const said: Said = { stdout: '', stderr: '', exitCode: 0 };
    for (const path of engine) {
      if (talk.isOver) break;
      const { status, body } = await this.#get(socketPath, path, talk);
      if (status === 200) said.stdout += keep === undefined ? body : keepParts(body, keep);
      else {
        // In the format of the docker command, so that the same code parses both.
        said.stderr += `Error response from daemon: ${engineMessage(body)}\n`;
        said.exitCode = 1;
      }
    }
    return said;
  }

  /** Settles when the connection is closed. */
  #get(socketPath: string, path: string, talk: Talk): Promise<Answer> {
    return new Promise((resolve, reject) => {
      let end = (): void =>
        reject(new Failed('exited', 'the daemon closed the connection before its response was complete'));
      const fail = (error: Error): void => {
        end = () => reject(error);
      };
      const request = get({ socketPath, path, agent: false });
      talk.request = request;
      this.#open.add(request);
      request.once('response', (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => {
          talk.bytesLeft -= chunk.length;
          if (talk.bytesLeft < 0) request.destroy();
          else chunks.push(chunk);
        });
        response.once('end', () => {
          const body = Buffer.concat(chunks).toString('utf8');
          end = () => resolve({ status: response.statusCode ?? 0, body });
        });
        // A broken connection is reported here too; whether the response is complete shows at its end.
        response.once('error', () => {});
      });
      request.once('error', fail);
      request.once('close', () => {
        this.#open.delete(request);
        if (talk.bytesLeft < 0) reject(new Failed('output-too-large', ''));
        else end();
      });
    });
  }
}

/** A running query. */
interface Talk {
  /** Past its deadline. */
  isOver: boolean;
  bytesLeft: number;
  request?: ClientRequest;
}

interface Answer {
  readonly status: number;
  readonly body: string;
}

type Said = { -readonly [Part in 'stdout' | 'stderr' | 'exitCode']: Reading[Part] };

class Failed extends Error {
  readonly reason: FailureReason;
  constructor(reason: FailureReason, detail: string) {
    super(detail);
    this.reason = reason;
  }
}

/** The socket that the docker command would use, if it is on this host. Throws Failed otherwise: pools of other hosts are out of scope. */
function socketOf(host: string | undefined): string {
  if (host === undefined || host === '') return usualSocket;
  const path = /^unix:\/\/(?<path>\/.+)$/.exec(host)?.groups?.['path'];
  if (path !== undefined) return path;
  throw new Failed(
    'not-installed',
    `DOCKER_HOST is ${host}, but without the docker command only a Unix socket is supported: set it to unix:///PATH or install the docker command`,
  );
}

function explain(error: unknown, maxBytes: number): ReadResult {
  const detail = messageOf(error);
  if (error instanceof Failed)
    return failure(
      error.reason,
      error.reason === 'output-too-large' ? `more than ${maxBytes} bytes` : detail,
    );
  const reason = reasonOf(error);
  if (reason !== undefined) return failure(reason, detail);
  const errno = errnoOf(error);
  if (isDenial(error))
    return failure('permission-denied', 'the Docker socket requires root or the group docker');
  if (errno === 'ENOENT' || errno === 'ECONNREFUSED')
    return failure('unavailable', `no Docker daemon responds (${detail})`);
  // The parser's own errors: no errno, but `HPE_…`.
  if (errno === undefined) return failure('unparseable', `expected HTTP on the Docker socket: ${detail}`);
  return failure('exited', detail);
}
