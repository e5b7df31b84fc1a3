import { createHash } from 'node:crypto';
import MimeNode from 'nodemailer/lib/mime-node';
import { textOf, titleOf } from '../formats.ts';
import type { Notification } from '../notification.ts';

export interface Mail {
  readonly from: string;
  readonly to: string;
  readonly raw: Buffer;
}

/**
 * A notification as a mail. The beginning of an alert, its repeats and its end refer to the same message, which does not
 * exist: mail programs then show them together.
 */
export async function composeMail(
  notification: Notification,
  { from, to, host }: { readonly from: string; readonly to: string; readonly host: string },
): Promise<Mail> {
  const { id, key, status, since, at, content } = notification;
  const domain = domainOf(host);
  const thread = `<${createHash('sha256').update(`${key} ${since}`).digest('hex').slice(0, 32)}@${domain}>`;
  const isUrgent = status === 'firing' && content.severity === 'critical';
  const node = new MimeNode('text/plain; charset=utf-8', {
    disableFileAccess: true,
    disableUrlAccess: true,
    newline: 'win',
  });
  node.setHeader({
    From: from,
    To: to,
    Subject: titleOf(notification),
    Date: new Date(at).toUTCString().replace('GMT', '+0000'),
    'Message-ID': `<${domainOf(id)}@${domain}>`,
    References: thread,
    'In-Reply-To': thread,
    // Programs that answer mail leave it alone (RFC 3834).
    'Auto-Submitted': 'auto-generated',
    'X-Thinpool-ID': domainOf(id),
    ...(isUrgent && { 'X-Priority': '1 (Highest)', Importance: 'High' }),
    // A command must arrive in one line.
    'Content-Transfer-Encoding': 'quoted-printable',
  });
  node.setContent(`${textOf(notification, host)}\n`);
  return { from, to, raw: await node.build() };
}

/** What may be in the identifier of a message. */
function domainOf(text: string): string {
  const kept = text
    .replaceAll(/[^A-Za-z0-9.-]/g, '-')
    .replace(/^[.-]+/, '')
    .slice(0, 120);
  return kept === '' ? 'localhost' : kept;
}
