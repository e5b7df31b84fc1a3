import { hashOf } from './csp.ts';
import { type Html, html } from './html.ts';

/** For reading in any browser, a text browser included. */
const style = `:root{color-scheme:light dark;font:16px/1.5 system-ui,sans-serif}
body{max-width:52rem;margin:0 auto;padding:1rem}
pre{overflow-x:auto;padding:.6rem .8rem;border:1px solid color-mix(in srgb,currentColor 25%,transparent);border-radius:4px}
code{font:.9em/1.45 ui-monospace,monospace}
table{display:block;overflow-x:auto;border-collapse:collapse}
th,td{padding:.3rem .6rem;border:1px solid color-mix(in srgb,currentColor 25%,transparent);text-align:left;vertical-align:top}
`;

/** Allows its style sheet, and nothing else. */
export const runbookPolicy = [
  "default-src 'none'",
  `style-src ${hashOf(style)}`,
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** A runbook as a page. `root` leads to the status page from where the runbook is. */
export function renderRunbook(name: string, root: string, body: Html): Html {
  const isList = name === 'README';
  return html`<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>${isList ? 'Runbooks' : name}</title><style>${{ markup: style }}</style></head>
<body>
<nav><a href="${root}">Status</a>${isList ? undefined : html` <a href="${root}runbooks">Runbooks</a>`}</nav>
<main>
${body}</main>
</body>
</html>
`;
}
