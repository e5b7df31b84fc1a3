import type { FormatName } from '../formats.ts';
import type { Receiver } from '../receiver.ts';

interface Reached extends Receiver {
  /** Of one attempt to deliver. */
  readonly timeoutMs: number;
}

/** A server that is posted to. */
export interface WebhookEndpoint extends Reached {
  readonly type: 'webhook';
  readonly format: FormatName;
  readonly url: URL;
  readonly token?: string;
  /** `user:password` */
  readonly credentials?: string;
  /** PEM */
  readonly ca?: string;
  readonly chatId?: string;
}

export const encryptions = ['starttls', 'tls', 'none'] as const;
/** `starttls`: a connection that is encrypted before anything is sent; `tls`: one that is from its first byte. */
export type Encryption = (typeof encryptions)[number];

/** A mailbox, and the server that accepts mail for it. */
export interface EmailEndpoint extends Reached {
  readonly type: 'email';
  readonly server: { readonly host: string; readonly port: number };
  readonly encryption: Encryption;
  readonly login?: { readonly user: string; readonly password: string };
  /** PEM */
  readonly ca?: string;
  readonly from: string;
  readonly to: string;
}

/** A program of this host. */
export interface ExecEndpoint extends Reached {
  readonly type: 'exec';
  /** Without symbolic links. */
  readonly program: string;
  readonly args: readonly string[];
}

/** A receiver, and what it takes to get there. */
export type Endpoint = WebhookEndpoint | EmailEndpoint | ExecEndpoint;

/** `ntfy`, `email`, `exec`: what people call it. */
export function kindOf(endpoint: Endpoint): string {
  return endpoint.type === 'webhook' ? endpoint.format : endpoint.type;
}

/** The server that it is on; the name, where the file has one. Undefined for a program. */
export function serverOf(endpoint: Endpoint): string | undefined {
  switch (endpoint.type) {
    case 'webhook':
      return endpoint.url.hostname;
    case 'email':
      return endpoint.server.host;
    case 'exec':
      return undefined;
  }
}

/** In a few words, without a secret: an address of a webhook may be one. */
export function describeEndpoint(endpoint: Endpoint): string {
  switch (endpoint.type) {
    case 'webhook':
      return `webhook, format ${endpoint.format}`;
    case 'email':
      return `mail to ${endpoint.to} by ${endpoint.server.host}, port ${endpoint.server.port}, ${endpoint.encryption === 'none' ? 'not encrypted' : endpoint.encryption}`;
    case 'exec':
      return `program ${endpoint.program}`;
  }
}
