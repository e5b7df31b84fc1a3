import { connect, createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/** The first free port, starting at `first`. */
export async function freePort(first: number): Promise<number> {
  for (let port = first; port < first + 100; port += 1) if (await isFree(port, '127.0.0.1')) return port;
  throw new Error(`no free port from ${first} to ${first + 99}`);
}

/** Why nothing can listen on this host:port; undefined if it is free, or no such address. */
export async function whyTaken(address: string): Promise<string | undefined> {
  const target = targetOf(address);
  if (target === undefined || (await isFree(target.port, target.host))) return undefined;
  return `${address} is in use, or is not an address of this host; choose another with --web.listen-address`;
}

/** Waits until something accepts connections there. False if the signal ends the wait. */
export async function isListening(address: string, signal: AbortSignal): Promise<boolean> {
  const target = targetOf(address);
  while (!signal.aborted) {
    if (target === undefined || (await accepts(target))) return true;
    await sleep(50);
  }
  return false;
}

interface Target {
  /** Absent: every address of the host. */
  readonly host: string | undefined;
  readonly port: number;
}

function targetOf(address: string): Target | undefined {
  const { bracketed, name, port } =
    /^(?:\[(?<bracketed>[^\]]+)\]|(?<name>[^:]*)):(?<port>\d+)$/.exec(address)?.groups ?? {};
  return port === undefined ? undefined : { host: bracketed ?? (name || undefined), port: Number(port) };
}

function isFree(port: number, host: string | undefined): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, host, () => server.close(() => resolve(true)));
  });
}

function accepts({ host, port }: Target): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, ...(host === undefined ? {} : { host }) });
    socket.once('error', () => resolve(false));
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
  });
}
