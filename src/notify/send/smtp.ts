import { once } from 'node:events';
import { connect, isIPv6, type Socket } from 'node:net';
import SMTPConnection from 'nodemailer/lib/smtp-connection';
import { shareLookups } from '../../alerting/push/lookups.ts';
import { omitUndefined } from '../../model/omit-undefined.ts';
import { secondMs } from '../../model/units.ts';
import type { EmailEndpoint } from '../file/endpoint.ts';
import type { Delivery } from './delivery.ts';
import type { Mail } from './mail.ts';

/** Longer than any response of a server that means well. */
const responseMax = 64 << 10;
/** How long a server may take to say goodbye. The mail is accepted by then. */
const goodbyeMs = secondMs;

/**
 * Sends each mail over a connection of its own. It ends at the timeout, whatever the server does. What the server says is
 * not reported, only its code: it may repeat an address or what was sent to it.
 */
export function openSmtp(endpoint: EmailEndpoint, name: string): (mail: Mail) => Promise<Delivery> {
  const { server, encryption, ca, timeoutMs } = endpoint;
  const lookup = shareLookups();
  return async (mail) => {
    const socket = connect({ ...server, lookup });
    const connection = new SMTPConnection({
      ...server,
      connection: socket,
      secure: encryption === 'tls',
      requireTLS: encryption === 'starttls',
      ignoreTLS: encryption === 'none',
      tls: omitUndefined({ ca }),
      name,
      maxResponseSize: responseMax,
      // The timer below is the only one.
      connectionTimeout: 2 * timeoutMs,
      greetingTimeout: 2 * timeoutMs,
      socketTimeout: 2 * timeoutMs,
    });
    const end = (): void => {
      connection.close();
      socket.destroy();
    };
    // There may be several errors. Each needs a listener.
    socket.on('error', () => {});
    connection.on('error', () => {});
    let isLate = false;
    // A socket that is destroyed while it connects reports neither a connection nor an error.
    const deadline = new AbortController();
    const timer = setTimeout(() => {
      isLate = true;
      deadline.abort();
      end();
    }, timeoutMs);
    try {
      await once(socket, 'connect', { signal: deadline.signal });
      connection.name = greetingName(name, socket);
      await talk(connection, endpoint, mail);
      connection.quit();
      setTimeout(end, goodbyeMs).unref();
      return { outcome: 'ok' };
    } catch (error) {
      end();
      return isLate ? { outcome: 'timed-out', why: `no response within ${timeoutMs} ms` } : judge(error);
    } finally {
      clearTimeout(timer);
    }
  };
}

/** Mail servers refuse a name without a dot (`reject_non_fqdn_helo_hostname`); an address in brackets is always valid. */
function greetingName(name: string, { localAddress }: Socket): string {
  if (name.includes('.') || localAddress === undefined) return name;
  return isIPv6(localAddress) ? `[IPv6:${localAddress.split('%')[0]}]` : `[${localAddress}]`;
}

/** Resolves when the server has accepted the mail. */
function talk(connection: SMTPConnection, { login }: EmailEndpoint, { from, to, raw }: Mail): Promise<void> {
  return new Promise((resolve, reject) => {
    const send = (): void =>
      connection.send({ from, to: [to], size: raw.length }, raw, (error) =>
        error ? reject(error) : resolve(),
      );
    connection.on('error', reject);
    connection.once('end', () => reject(new Error('connection closed')));
    connection.connect((error) => {
      if (error) reject(error);
      else if (login === undefined) send();
      else
        connection.login({ user: login.user, pass: login.password }, (failure) =>
          failure ? reject(failure) : send(),
        );
    });
  });
}

interface SmtpError extends Error {
  readonly code?: string;
  /** The code of the system or of TLS. */
  readonly originalCode?: string;
  /** Of the last reply. */
  readonly responseCode?: number;
  /** The command that failed, without its arguments. */
  readonly command?: string;
}

function judge(error: unknown): Delivery {
  const {
    code,
    originalCode,
    responseCode,
    command = '',
  }: SmtpError = error instanceof Error ? error : new Error(String(error));
  const isAboutContent = code === 'EMESSAGE';
  if (responseCode === undefined)
    return isAboutContent
      ? { outcome: 'refused', why: 'larger than the server accepts', isContentRefused: true }
      : { outcome: 'unreachable', why: originalCode ?? code ?? 'connection closed' };
  const why = `SMTP ${responseCode} after ${command}`;
  if (responseCode < 500) return { outcome: 'failed', why };
  // A wrong password, sender or mailbox may be corrected; a mail whose content the server will not have stays as it is.
  return { outcome: 'refused', why, ...(isAboutContent && { isContentRefused: true }) };
}
