import { isIPv6 } from 'node:net';
import { choice, path, type ValueType } from '../../config/value-types.ts';
import { omitUndefined } from '../../model/omit-undefined.ts';
import { secondMs } from '../../model/units.ts';
import { type Receiver, usualAtOnce } from '../receiver.ts';
import { type EmailEndpoint, type Encryption, encryptions } from './endpoint.ts';
import type { Files } from './files.ts';
import type { Field, Values } from './reader.ts';

interface ServerAddress {
  readonly host: string;
  readonly port?: number;
}

const serverAddress: ValueType<ServerAddress> = {
  placeholder: 'HOST[:PORT]',
  expects: 'a mail server such as mail.example.org, mail.example.org:587 or [::1]:25',
  parse: (text) => {
    const { six, name, port } =
      /^(?:\[(?<six>[\da-fA-F:.]+)\]|(?<name>[A-Za-z\d][\w.-]{0,252}))(?::(?<port>\d{1,5}))?$/.exec(text)
        ?.groups ?? {};
    const host = six ?? name;
    const isValid =
      host !== undefined &&
      (six === undefined || isIPv6(six)) &&
      Number(port ?? 1) >= 1 &&
      Number(port ?? 1) < 65_536;
    return isValid ? { host, ...(port !== undefined && { port: Number(port) }) } : undefined;
  },
};

/** What needs no quoting anywhere. A local part of other characters is valid, but rare. */
const address: ValueType<string> = {
  placeholder: 'ADDRESS',
  expects: 'one mail address without a name, such as ops@example.org',
  parse: (text) =>
    /^[\w.!#$%&'*+/=?^`{|}~-]{1,64}@[A-Za-z\d](?:[A-Za-z\d.-]{0,252})$/.test(text) ? text : undefined,
};

const userName: ValueType<string> = {
  placeholder: 'USER',
  expects: 'a user name without control characters',
  parse: (text) => (/^[^\p{Cc}]{1,256}$/u.test(text) ? text : undefined),
};

export const emailFields = {
  server: { type: serverAddress, required: true },
  encryption: { type: choice(encryptions) },
  user: { type: userName },
  password_file: { type: path('FILE') },
  ca_file: { type: path('FILE') },
  from: { type: address, required: true },
  to: { type: address, required: true },
} as const satisfies Record<string, Field>;

type EmailValues = Values<typeof emailFields>;

export function checkEmail({ encryption, user, password_file, ca_file }: EmailValues): readonly string[] {
  const isPlain = encryption === 'none';
  return [
    ...((user === undefined) === (password_file === undefined)
      ? []
      : ['expected both user and password_file, or neither']),
    ...(isPlain && password_file !== undefined
      ? ['a password is not sent over an unencrypted connection; set encryption to starttls or tls']
      : []),
    ...(isPlain && ca_file !== undefined ? ['ca_file has no effect with encryption none; remove one'] : []),
  ];
}

const usualPorts: Readonly<Record<Encryption, number>> = { starttls: 587, tls: 465, none: 25 };

export async function loadEmail(
  receiver: Receiver,
  values: EmailValues,
  timeoutMs: number | undefined,
  files: Files,
): Promise<EmailEndpoint | undefined> {
  const { server, encryption = 'starttls', user, from, to } = values;
  const password = await files.line('password_file', values.password_file, 'a password', (text) =>
    /^[^\p{Cc}]+$/u.test(text),
  );
  const ca = await files.certificates(values.ca_file);
  const login = user !== undefined && password !== undefined ? { user, password } : undefined;
  // What is missing or invalid was reported when the file was read.
  if (server === undefined || from === undefined || to === undefined) return undefined;
  return {
    mostAtOnce: usualAtOnce,
    ...receiver,
    type: 'email',
    server: { host: server.host, port: server.port ?? usualPorts[encryption] },
    encryption,
    from,
    to,
    timeoutMs: timeoutMs ?? 30 * secondMs,
    ...omitUndefined({ login, ca }),
  };
}
