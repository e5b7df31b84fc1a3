import { type ClientRequest, get } from 'node:http';
import type { Input, Output } from '../collectors/collector.ts';
import { reasonOf } from '../collectors/shared/errors.ts';
import { messageOf } from '../format/error-message.ts';
import type { FailureReason } from '../model/collector-state.ts';
import { inTime } from './deadline.ts';
import { engineMessage, keepParts } from './docker-response.ts';
import { errnoOf, isDenial } from './errno.ts';
import { type Bounds, failure, type PendingRead, type ReadResult } from './read.ts';

type EngineInput = Extract<Input, { readonly engine: unknown }>;

export interface EngineBounds extends Bounds {
  /** Limit for all responses of one query together. */
  readonly maxBytes: number;
}

const usualSocket = '/var/run/docker.sock';

/**
 * Queries Docker's daemon on its Unix socket, with GET only and like a command: a query settles by its deadline; after
 * that, it sends nothing more and its connection is closed after `killGraceMs`.
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

  read(input: EngineInput, bounds: EngineBounds): PendingRead {
    const session: Session = { isOver: false, bytesLeft: bounds.maxBytes };
    const takenAt = Date.now();
    const read = this.#request(input, session).then(
      (output): ReadResult => ({ ok: true, output: { ...output, takenAt } }),
      (error: unknown): ReadResult => explain(error, bounds.maxBytes),
    );
    const result = inTime(read, bounds.timeoutMs, 'no response', () => {
      session.isOver = true;
      setTimeout(() => session.request?.destroy(), bounds.killGraceMs ?? 0).unref();
    });
    return { result, exited: read.then(() => undefined) };
  }

  /** Closes all connections. */
  close(): void {
    for (const request of this.#open) request.destroy();
  }

  /** Sequential: a hung daemon gets one request, not one per path. */
  async #request({ engine, keep }: EngineInput, session: Session): Promise<MutableOutput> {
    const socketPath = socketOf(this.#host);
    const output: MutableOutput = { stdout: '', stderr: '', exitCode: 0 };
    for (const path of engine) {
      if (session.isOver) break;
      const { status, body } = await this.#get(socketPath, path, session);
      if (status === 200) output.stdout += keep === undefined ? body : keepParts(body, keep);
      else {
        // In the format of the docker command, so that the same code parses both.
        output.stderr += `Error response from daemon: ${engineMessage(body)}\n`;
        output.exitCode = 1;
      }
    }
    return output;
  }

  /** Settles when the connection is closed. */
  #get(socketPath: string, path: string, session: Session): Promise<EngineResponse> {
    return new Promise((resolve, reject) => {
      let end = (): void =>
        reject(new Failed('exited', 'the daemon closed the connection before its response was complete'));
      const fail = (error: Error): void => {
        end = () => reject(error);
      };
      const request = get({ socketPath, path, agent: false });
      session.request = request;
      this.#open.add(request);
      request.once('response', (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => {
          session.bytesLeft -= chunk.length;
          if (session.bytesLeft < 0) request.destroy();
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
        if (session.bytesLeft < 0) reject(new Failed('output-too-large', ''));
        else end();
      });
    });
  }
}

/** A running query. */
interface Session {
  /** Past its deadline. */
  isOver: boolean;
  bytesLeft: number;
  request?: ClientRequest;
}

interface EngineResponse {
  readonly status: number;
  readonly body: string;
}

type MutableOutput = { -readonly [Part in 'stdout' | 'stderr' | 'exitCode']: Output[Part] };

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
