import { formatAge } from '../format/duration.ts';
import { plain } from '../format/printable.ts';
import type { Severity } from '../model/finding.ts';
import { omitUndefined } from '../model/omit-undefined.ts';
import type { Digest, Notification } from './notification.ts';

/** What a body is made from, besides the notification. */
export interface Setup {
  /** The name of this host. */
  readonly host: string;
  /** The path of the address as it was configured. */
  readonly path: string;
  /** The chat of a bot. */
  readonly chatId?: string;
}

/** The request body that one service expects. */
export interface Format {
  readonly help: string;
  /** The address is the password: it may only be in a file. */
  readonly hasSecretUrl?: true;
  readonly needsChatId?: true;
  /** The address ends in a topic. */
  readonly needsTopic?: true;
  /** The path to post to, where it is not the one that was configured. */
  readonly path?: (path: string) => string;
  /** The header that carries a token; absent: `Authorization: Bearer`. */
  readonly tokenHeader?: string;
  /** What a response without content (204) means, where it is no success. */
  readonly emptyMeans?: string;
  readonly body: (notification: Notification, setup: Setup) => object;
}

/** The limits of the services are higher; what is longer is cut by us, and not refused by them. */
const discordMost = 1900;
const telegramMost = 4000;
/** In bytes. */
const ntfyMost = 3800;

/** Every service that has a format. `json` is documented by docs/reference/notification.schema.json. */
export const formats = {
  json: {
    help: 'all fields, as the schema describes them',
    body: jsonBody,
  },
  ntfy: {
    help: 'ntfy; the last part of the address is the topic',
    needsTopic: true,
    path: (path) => path.replace(/[^/]*\/?$/, ''),
    body: (notification, { host, path }) => ({
      topic: /(?<topic>[^/]*)\/?$/.exec(path)?.groups?.['topic'] ?? '',
      title: titleOf(notification),
      message: textWithin(notification, host, { most: ntfyMost, sizeOf: Buffer.byteLength }),
      priority: isOver(notification) ? 3 : ntfyPriorities[notification.content.severity],
      tags: [isOver(notification) ? 'white_check_mark' : ntfyTags[notification.content.severity]],
      ...omitUndefined({ click: notification.content.runbook }),
    }),
  },
  gotify: {
    help: 'Gotify; the address ends in /message, the token is that of an application',
    tokenHeader: 'x-gotify-key',
    body: (notification, { host }) => ({
      title: titleOf(notification),
      message: textOf(notification, host),
      priority: isOver(notification) ? 4 : gotifyPriorities[notification.content.severity],
    }),
  },
  slack: {
    help: 'Slack (incoming webhook), Mattermost, Rocket.Chat',
    hasSecretUrl: true,
    body: (notification, { host }) => ({
      text: `*${forSlack(titleOf(notification))}*\n${forSlack(textOf(notification, host))}`,
    }),
  },
  discord: {
    help: 'Discord (webhook of a channel)',
    hasSecretUrl: true,
    body: (notification, { host }) => ({
      content: titledWithin(notification, host, discordMost),
      // The name of a pool must not call anyone.
      allowed_mentions: { parse: [] },
    }),
  },
  teams: {
    help: 'Microsoft Teams (workflow that posts to a channel when a webhook request is received)',
    hasSecretUrl: true,
    body: (notification, { host }) => ({
      type: 'message',
      attachments: [
        {
          contentType: 'application/vnd.microsoft.card.adaptive',
          content: {
            $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
            type: 'AdaptiveCard',
            version: '1.4',
            body: [
              {
                type: 'TextBlock',
                text: titleOf(notification),
                weight: 'bolder',
                wrap: true,
                color: isOver(notification) ? 'good' : teamsColors[notification.content.severity],
              },
              // A single line break would be a space.
              ...textOf(notification, host)
                .split('\n')
                .map((text) => ({ type: 'TextBlock', text, wrap: true, spacing: 'none' })),
            ],
          },
        },
      ],
    }),
  },
  telegram: {
    help: 'Telegram; the address is https://api.telegram.org/botTOKEN/sendMessage',
    hasSecretUrl: true,
    needsChatId: true,
    body: (notification, { host, chatId = '' }) => ({
      chat_id: chatId,
      text: titledWithin(notification, host, telegramMost),
      link_preview_options: { is_disabled: true },
    }),
  },
  apprise: {
    help: 'Apprise API; the address ends in /notify/KEY',
    emptyMeans: 'the Apprise API has no services under this key',
    body: (notification, { host }) => ({
      title: titleOf(notification),
      body: textOf(notification, host),
      type: isOver(notification) ? 'success' : appriseTypes[notification.content.severity],
      format: 'text',
    }),
  },
} as const satisfies Record<string, Format>;

export type FormatName = keyof typeof formats;

type BySeverity<Value> = Readonly<Record<Severity, Value>>;
const ntfyPriorities: BySeverity<number> = { critical: 5, warning: 4, info: 2 };
const ntfyTags: BySeverity<string> = {
  critical: 'rotating_light',
  warning: 'warning',
  info: 'information_source',
};
const gotifyPriorities: BySeverity<number> = { critical: 10, warning: 6, info: 2 };
const teamsColors: BySeverity<string> = { critical: 'attention', warning: 'warning', info: 'default' };
const appriseTypes: BySeverity<string> = { critical: 'failure', warning: 'warning', info: 'info' };

function isOver({ status }: Notification): boolean {
  return status !== 'firing';
}

/** Bumped when a key changes its meaning or goes. */
const version = 1;

function jsonBody({ id, key, status, count, content, since, at }: Notification, { host }: Setup): object {
  return {
    version,
    id,
    key,
    status,
    count,
    host,
    ...content,
    since: new Date(since).toISOString(),
    at: new Date(at).toISOString(),
  };
}

/** `CRITICAL: Pool vg-pool on db1 is out of data space; …`, in one line. */
export function titleOf({ status, count, content: { severity, title } }: Notification): string {
  const state = { firing: severity.toUpperCase(), resolved: 'RESOLVED', gone: 'GONE' }[status];
  return plain(`${state}${status === 'firing' && count > 1 ? ' (again)' : ''}: ${title}`);
}

/** What is wrong and what to do, for a person. */
export function textOf({ status, content, since, at }: Notification, host: string): string {
  const { alert, pool, findings, runbook, digest } = content;
  if (digest !== undefined) return digestText(digest, status, host);
  const ends: Readonly<Record<Notification['status'], string>> = {
    firing: '',
    resolved: `${alert} has ended.`,
    gone: `Pool ${pool ?? ''} is no longer there; this alert about it has ended.`,
  };
  const firing = findings.map(({ summary, advice }) => `${sentence(summary)}\nDo: ${advice}`);
  const time = status === 'firing' ? `Since ${isoTime(since)}` : `It was active for ${formatAge(at - since)}`;
  return [
    ...(status === 'firing' ? firing : [ends[status]]),
    ...(status === 'firing' && runbook !== undefined ? [`Runbook: ${runbook}`] : []),
    `${time}, host ${host}.`,
  ]
    .map((line) => line.split('\n').map(plain).join('\n'))
    .join('\n');
}

interface Limit {
  readonly most: number;
  readonly sizeOf: (text: string) => number;
}

/** Title and text, cut to a number of characters. */
function titledWithin(notification: Notification, host: string, most: number): string {
  const title = `${titleOf(notification)}\n`;
  return title + textWithin(notification, host, { most: most - charactersOf(title), sizeOf: charactersOf });
}

/** A list of alerts loses alerts, and still says how many more there are and what to do. Another text loses its end. */
function textWithin(notification: Notification, host: string, { most, sizeOf }: Limit): string {
  const { content, status } = notification;
  const { alerts, more } = content.digest ?? { alerts: [], more: 0 };
  for (let shown = alerts.length; shown > 0; shown--) {
    const digest = { alerts: alerts.slice(0, shown), more: more + alerts.length - shown };
    const text = digestText(digest, status, host);
    if (sizeOf(text) <= most) return text;
  }
  const text = textOf(notification, host);
  if (sizeOf(text) <= most) return text;
  // Whole characters only: half of one would be no valid text.
  let left = most - sizeOf('…');
  const kept: string[] = [];
  for (const character of text) {
    left -= sizeOf(character);
    if (left < 0) break;
    kept.push(character);
  }
  return `${kept.join('')}…`;
}

function charactersOf(text: string): number {
  return [...text].length;
}

function digestText({ alerts, more }: Digest, status: Notification['status'], host: string): string {
  const isFiring = status === 'firing';
  return [
    ...alerts.map(({ severity, title }) =>
      plain(`- ${isFiring ? `${severity.toUpperCase()}: ` : ''}${title}`),
    ),
    ...(more > 0 ? [`and ${more} more.`] : []),
    plain(
      isFiring ? `Do: Run \`thinpool-exporter check\` on ${host}.` : `These alerts on ${host} have ended.`,
    ),
  ].join('\n');
}

/** Summaries of findings begin with a small letter where they go on from the name of a pool. */
function sentence(text: string): string {
  const first = text.charAt(0).toUpperCase() + text.slice(1);
  return /[.!?]$/.test(first) ? first : `${first}.`;
}

function isoTime(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}Z`;
}

/** The three characters that Slack interprets everywhere: a name in angle brackets would be a link, or call someone. */
function forSlack(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
