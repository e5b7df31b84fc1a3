import { choice, path, serverUrl, type ValueType } from '../../config/value-types.ts';
import { omitUndefined } from '../../model/omit-undefined.ts';
import { secondMs } from '../../model/units.ts';
import { type Format, type FormatName, formats } from '../formats.ts';
import { type Receiver, usualAtOnce } from '../receiver.ts';
import type { WebhookEndpoint } from './endpoint.ts';
import { type Files, isSecretUrl } from './files.ts';
import type { Field, Values } from './reader.ts';

const chatId: ValueType<string> = {
  placeholder: 'ID',
  expects: 'the number of a chat, such as -1001234567890, or @channel',
  parse: (text) => (/^(?:-?\d{1,20}|@\w{1,64})$/.test(text) ? text : undefined),
};

const formatNames = Object.keys(formats).filter((name): name is FormatName => Object.hasOwn(formats, name));

export const webhookFields = {
  format: { type: choice(formatNames) },
  url: { type: { ...serverUrl, expects: 'a URL without user, password, ? or # (url_file may have them)' } },
  url_file: { type: path('FILE') },
  token_file: { type: path('FILE') },
  basic_auth_file: { type: path('FILE') },
  ca_file: { type: path('FILE') },
  chat_id: { type: chatId },
} as const satisfies Record<string, Field>;

type WebhookValues = Values<typeof webhookFields>;

export function checkWebhook(values: WebhookValues): readonly string[] {
  const { format = 'json', url, url_file, token_file, basic_auth_file, chat_id } = values;
  const { hasSecretUrl, needsChatId }: Format = formats[format];
  // An address that is invalid was reported already.
  const hasAddress = Object.hasOwn(values, 'url') || Object.hasOwn(values, 'url_file');
  return [
    ...(hasAddress ? [] : ['expected url or url_file']),
    ...(url !== undefined && url_file !== undefined ? ['url and url_file are both set; keep one'] : []),
    ...(url !== undefined && hasSecretUrl === true
      ? [`expected url_file: the URL of ${format} is a secret, and belongs in a file of its own`]
      : []),
    ...(token_file !== undefined && basic_auth_file !== undefined
      ? ['token_file and basic_auth_file are both set; keep one']
      : []),
    ...(needsChatId === true && chat_id === undefined ? [`expected chat_id for format ${format}`] : []),
  ];
}

export async function loadWebhook(
  receiver: Receiver,
  values: WebhookValues,
  timeoutMs: number | undefined,
  files: Files,
): Promise<WebhookEndpoint | undefined> {
  const { format = 'json', url: plainUrl, url_file, token_file, basic_auth_file, chat_id: chatId } = values;
  const address = await files.line('url_file', url_file, 'an http or https URL', isSecretUrl);
  const token = await files.line('token_file', token_file, 'a token', (text) => /^[\x21-\x7e]+$/.test(text));
  const credentials = await files.line('basic_auth_file', basic_auth_file, 'USER:PASSWORD', (text) =>
    /^[^:]+:/.test(text),
  );
  const ca = await files.certificates(values.ca_file);
  const url = address === undefined ? plainUrl : new URL(address);
  if (url === undefined) return undefined;
  for (const problem of checkAddress(url, values)) files.report(problem);
  return {
    ...(format !== 'json' && { mostAtOnce: usualAtOnce }),
    ...receiver,
    type: 'webhook',
    format,
    url,
    timeoutMs: timeoutMs ?? 10 * secondMs,
    ...omitUndefined({ token, credentials, ca, chatId }),
  };
}

/** What is wrong with the address, in words that do not contain it. */
function checkAddress(url: URL, values: WebhookValues): readonly string[] {
  const { format = 'json', url_file, ca_file } = values;
  const field = url_file === undefined ? 'url' : 'url_file';
  const { needsTopic }: Format = formats[format];
  const isPlain = url.protocol === 'http:';
  const secrets = (['url_file', 'token_file', 'basic_auth_file'] as const).filter(
    (name) => values[name] !== undefined,
  );
  return [
    ...(isPlain && secrets.length > 0 && !isLoopback(url)
      ? [
          `${field}: expected an https address, got http: what ${secrets.join(' and ')} contains would be sent unencrypted; use https, or a server on this host (localhost)`,
        ]
      : []),
    ...(isPlain && ca_file !== undefined
      ? [
          `ca_file: expected an https address in ${field}, got http: it has no effect; use https, or remove ca_file`,
        ]
      : []),
    ...(needsTopic === true && !/[^/]\/?$/.test(url.pathname)
      ? [`${field}: expected an address with a topic, got none; append it, as in https://ntfy.sh/TOPIC`]
      : []),
  ];
}

/** What is sent to it does not leave this host. */
function isLoopback({ hostname }: URL): boolean {
  return /^(?:(?:.+\.)?localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(hostname);
}
