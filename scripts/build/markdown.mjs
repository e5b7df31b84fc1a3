// The Markdown of the runbooks as HTML: headings, paragraphs, lists, tables, fenced blocks, bold, emphasis, code and links, and
// nothing else. All text is escaped; what is not understood stays text.

/** @param {string} text */
export function escapeHtml(text) {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}

/** The body of a page. `resolve` turns the target of a link into an address; undefined: the link becomes text. */
export function renderMarkdown(markdown, resolve) {
  const lines = markdown.replaceAll(/^<!--.*-->\n/gm, '').split('\n');
  const inline = (text) => renderInline(text, resolve);
  const html = [];
  let at = 0;
  const takeWhile = (isPart) => {
    const from = at;
    while (at < lines.length && isPart(lines[at])) at += 1;
    return lines.slice(from, at);
  };
  while (at < lines.length) {
    const line = lines[at];
    const heading = /^(?<marks>#{1,6}) (?<title>.*)$/.exec(line)?.groups;
    if (line.trim() === '') at += 1;
    else if (heading !== undefined) {
      const { marks, title } = heading;
      html.push(`<h${marks.length} id="${anchorOf(title)}">${inline(title)}</h${marks.length}>`);
      at += 1;
    } else if (line.trim().startsWith('```')) {
      at += 1;
      const code = takeWhile((one) => !one.trim().startsWith('```'));
      at += 1;
      html.push(`<pre><code>${escapeHtml(code.join('\n'))}</code></pre>`);
    } else if (line.startsWith('|')) {
      html.push(
        renderTable(
          takeWhile((one) => one.startsWith('|')),
          inline,
        ),
      );
    } else if (itemStart.test(line)) {
      html.push(
        renderList(
          takeWhile((one) => one.trim() !== '' && !/^(#|\s*```)/.test(one)),
          inline,
        ),
      );
    } else {
      const text = takeWhile(
        (one) => one.trim() !== '' && !/^(#|\||\s*```)/.test(one) && !itemStart.test(one),
      );
      html.push(`<p>${inline(text.map((one) => one.trim()).join(' '))}</p>`);
    }
  }
  return `${html.join('\n')}\n`;
}

const itemStart = /^(?:-|(?<number>\d+)\.) /;

/** A fence ends a list, which goes on behind it with its next number: so `start` is kept. */
function renderList(lines, inline) {
  const items = [];
  for (const line of lines) {
    if (itemStart.test(line)) items.push(line.replace(itemStart, ''));
    else items.push(`${items.pop() ?? ''} ${line.trim()}`);
  }
  const number = itemStart.exec(lines[0])?.groups?.number;
  const [open, close] = number === undefined ? ['<ul>', '</ul>'] : [`<ol start="${number}">`, '</ol>'];
  return `${open}\n${items.map((item) => `<li>${inline(item)}</li>\n`).join('')}${close}`;
}

function renderTable([head, , ...rows], inline) {
  const cells = (row, tag) =>
    row
      .replaceAll(/^\||\|$/g, '')
      .split(/(?<!\\)\|/)
      .map((cell) => `<${tag}>${inline(cell.trim().replaceAll('\\|', '|'))}</${tag}>`)
      .join('');
  return `<table>\n<thead><tr>${cells(head, 'th')}</tr></thead>\n<tbody>\n${rows
    .map((row) => `<tr>${cells(row, 'td')}</tr>\n`)
    .join('')}</tbody>\n</table>`;
}

/** What stands in code means itself: it is put aside while the other marks are read. */
function renderInline(text, resolve) {
  const codes = [];
  const aside = text.replaceAll('\uE000', '').replaceAll(/`([^`]+)`/g, (_, code) => {
    codes.push(`<code>${escapeHtml(code)}</code>`);
    return `\uE000${codes.length - 1}\uE000`;
  });
  return escapeHtml(aside)
    .replaceAll(/\*\*(.+?)\*\*/g, '<strong>$1</strong>')
    .replaceAll(/(?<![\w*])\*(?! )([^*]+?)(?<! )\*(?![\w*])/g, '<em>$1</em>')
    .replaceAll(/\[([^\]]+)\]\(([^)\s]+)\)/g, (_, label, target) => {
      const address = resolve(target.replaceAll('&amp;', '&'));
      return address === undefined ? label : `<a href="${escapeHtml(address)}">${label}</a>`;
    })
    .replaceAll(/\uE000(\d+)\uE000/g, (_, index) => codes[index]);
}

/** As GitHub makes them of headings. */
function anchorOf(title) {
  return title
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}_ -]/gu, '')
    .replaceAll(' ', '-');
}
