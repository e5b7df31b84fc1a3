import { openPost } from '../../alerting/push/post.ts';
import { omitUndefined } from '../../model/omit-undefined.ts';
import type { WebhookEndpoint } from '../file/endpoint.ts';
import { type Format, formats } from '../formats.ts';
import type { Deliver } from './delivery.ts';

/** The server has understood the request and will not have this content. */
const contentRefused: readonly (number | undefined)[] = [400, 413, 422];

/** Posts notifications to a server. */
export function openWebhook(
  { format: name, url, token, credentials, ca, chatId, timeoutMs }: WebhookEndpoint,
  host: string,
): Deliver {
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
    ...omitUndefined({ ca, credentials, emptyMeans: format.emptyMeans }),
  });
  const setup = { host, path: decodePath(url.pathname), ...omitUndefined({ chatId }) };
  return async (notification) => {
    const body = JSON.stringify(format.body(notification, setup));
    const result = await post(body, { 'idempotency-key': notification.id });
    return contentRefused.includes(result.status) ? { ...result, isContentRefused: true } : result;
  };
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
