import { validateHeaderValue } from 'node:http';
import { boolean, choice, type ValueType, whole } from '../../config/value-types.ts';
import { parseDuration } from '../../format/duration.ts';
import { cipherSuites, clientAuthTypes, curves, type tlsVersions } from './tls-names.ts';

/** A row of the file format. */
export interface Field<Value = unknown> {
  readonly type: ValueType<Value>;
  /** The field is a YAML sequence of such values. */
  readonly several?: true;
  /** Never quoted in an error. */
  readonly secret?: true;
}

/** A higher cost takes seconds for each new client: 4 s for 2^14 rounds (measured), and twice that for each step. */
const mostCost = 14;

const text: ValueType<string> = { placeholder: 'STRING', expects: 'a string', parse: (given) => given };

const pem: ValueType<string> = {
  placeholder: 'PEM',
  expects: 'PEM text',
  parse: (given) => (given === '' || given.includes('-----BEGIN ') ? given : undefined),
};

function nameIn(names: Readonly<Record<string, string>>): ValueType<string> {
  return {
    placeholder: 'NAME',
    expects: `one of ${Object.keys(names).join(', ')}`,
    parse: (given) => (Object.hasOwn(names, given) ? names[given] : undefined),
  };
}

const version = {
  ...choice(['TLS12', 'TLS13']),
  expects: 'TLS12 or TLS13 (RFC 8996 forbids older versions)',
} satisfies ValueType<keyof typeof tlsVersions>;

const headerValue: ValueType<string> = {
  placeholder: 'STRING',
  expects: 'a header value without line breaks or control characters',
  parse: (given) => {
    try {
      validateHeaderValue('value', given);
      return given;
    } catch {
      return undefined;
    }
  },
};

const bcryptHash: ValueType<string> = {
  placeholder: 'HASH',
  expects: `a bcrypt hash of cost 4 to ${mostCost}, 60 characters that begin with $2a$, $2b$ or $2y$ (htpasswd -nBC 10 "" makes one)`,
  parse: (given) => {
    const cost = Number(/^\$2[aby]\$(\d\d)\$[./A-Za-z0-9]{53}$/.exec(given)?.[1] ?? 0);
    return cost >= 4 && cost <= mostCost ? given : undefined;
  },
};

const interval: ValueType<number> = {
  placeholder: 'DURATION',
  expects: 'a duration such as 1s, 500ms or 1m30s, or 0',
  parse: (given) => (given === '0' ? 0 : parseDuration(given)),
};

export const tlsFields = {
  cert: { type: pem },
  key: { type: pem, secret: true },
  client_ca: { type: pem },
  cert_file: { type: text },
  key_file: { type: text },
  client_ca_file: { type: text },
  client_auth_type: { type: choice(clientAuthTypes) },
  client_allowed_sans: { type: text, several: true },
  min_version: { type: version },
  max_version: { type: version },
  cipher_suites: { type: nameIn(cipherSuites), several: true },
  prefer_server_cipher_suites: { type: boolean },
  curve_preferences: { type: nameIn(curves), several: true },
} as const satisfies Record<string, Field>;

export const httpFields = { http2: { type: boolean } } as const satisfies Record<string, Field>;

/** The format allows no other headers. */
export const headerFields = {
  'Content-Security-Policy': { type: headerValue },
  'Strict-Transport-Security': { type: headerValue },
  'X-Content-Type-Options': { type: { ...text, expects: 'nosniff', parse: oneOf('nosniff') } },
  'X-Frame-Options': { type: { ...text, expects: 'deny or sameorigin', parse: oneOf('deny', 'sameorigin') } },
  'X-XSS-Protection': { type: headerValue },
} as const satisfies Record<string, Field>;

export const rateFields = {
  interval: { type: interval },
  burst: { type: whole(0, 1_000_000) },
} as const satisfies Record<string, Field>;

export const userField = { type: bcryptHash, secret: true } as const satisfies Field;

/** Blank counts as absent. */
function oneOf(...words: readonly string[]): (given: string) => string | undefined {
  return (given) => (given === '' || words.includes(given) ? given : undefined);
}
