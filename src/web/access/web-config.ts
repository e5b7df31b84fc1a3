import type { TLSSocket } from 'node:tls';
import type { TlsVersion } from './tls-names.ts';

/** TLS settings of a connection, with the names of node:tls. */
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
  /** Whether a client is admitted after its handshake. */
  readonly accepts: (socket: TLSSocket) => boolean;
  /** Unix ms. Clients reject the certificate after it. */
  readonly expiresAt: number;
}

/** One request per `intervalMs`, after a burst. */
export interface Rate {
  readonly intervalMs: number;
  readonly burst: number;
}

/** Everything that a web configuration file sets. */
export interface WebConfig {
  /** Absent: plain HTTP. */
  readonly tls?: Tls;
  readonly headers: Readonly<Record<string, string>>;
  /** bcrypt hashes by user. Empty: no authentication. */
  readonly users: ReadonlyMap<string, string>;
  readonly rate?: Rate;
}

/** The configuration without a file. */
export const openToAll: WebConfig = { headers: {}, users: new Map() };
