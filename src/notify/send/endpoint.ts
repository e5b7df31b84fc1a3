import { openPost, type PostResult } from '../../alerting/push/post.ts';
import { omitUndefined } from '../../model/omit-undefined.ts';
import type { Endpoint } from '../file/load.ts';
import { type Format, formats } from '../formats.ts';
import type { Notification } from '../notification.ts';

/** Delivers notifications to one receiver. */
export function openEndpoint(
  { format: name, url, token, credentials, ca, chatId, timeoutMs }: Endpoint,
  host: string,
): (notification: Notification) => Promise<PostResult> {
  const format: Format = formats[name];
  const target = new URL(url);
  target.pathname = format.path?.(url.pathname) ?? url.pathname;
  const headers = {
    'user-agent': 'thinpool-exporter',
    ...(token !== undefined && tokenHeader(format, token)),
  };
  const post = openPost({
    url: target,
    deadlineMs: timeoutMs,
    headers,
    hidesResponse: true,
    ...omitUndefined({ ca, credentials }),
  });
  const setup = { host, path: decodePath(url.pathname), ...omitUndefined({ chatId }) };
  return (notification) =>
    post(JSON.stringify(format.body(notification, setup)), { 'idempotency-key': notification.id });
}

function tokenHeader({ tokenHeader: header }: Format, token: string): Record<string, string> {
  return header === undefined ? { authorization: `Bearer ${token}` } : { [header]: token };
}

function decodePath(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
