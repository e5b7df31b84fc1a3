import type { TLSSocket } from 'node:tls';
import type { TlsVersion } from './tls-names.ts';

/** What every connection needs before it can speak, in the words of node:tls. */
export interface TlsSettings {
  readonly cert: string;
  readonly key: string;
  readonly ca?: string;
  readonly minVersion: TlsVersion;
  readonly maxVersion: TlsVersion;
  readonly ciphers: string;
  readonly ecdhCurve?: string;
  readonly honorCipherOrder: boolean;
  readonly requestCert: boolean;
  readonly rejectUnauthorized: boolean;
}

export interface Tls {
  readonly settings: TlsSettings;
  /** Whether a client may stay whose handshake has ended. */
  readonly admits: (socket: TLSSocket) => boolean;
  /** Milliseconds since 1970 after which clients refuse the certificate. */
  readonly expiresAt: number;
}

/** One request in `intervalMs`, after a burst of so many. */
export interface Rate {
  readonly intervalMs: number;
  readonly burst: number;
}

/** Who may ask, and how: all that a web configuration file decides. */
export interface WebConfig {
  /** Absent: plain HTTP. */
  readonly tls?: Tls;
  readonly headers: Readonly<Record<string, string>>;
  /** bcrypt hashes by user; empty: everybody may ask. */
  readonly users: ReadonlyMap<string, string>;
  readonly rate?: Rate;
}

/** What holds without a file. */
export const openToAll: WebConfig = { headers: {}, users: new Map() };
