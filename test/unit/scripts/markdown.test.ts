import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { renderMarkdown } from '../../../scripts/build/markdown.mjs';

const render = (markdown: string) => renderMarkdown(markdown, (target) => target);

describe('renderMarkdown', () => {
  it('knows what runbooks are written with', () => {
    expect(
      render(`# Title: \`a|b\`

Some **bold [link](x.md#y)**, *emphasis*, \`<code> **as it is**\`
on two lines.

<!-- tried: this -->
\`\`\`sh
lvs -o "a<b" && echo *
\`\`\`

| a | b |
|---|---|
| \`x\` | 1 \\| 2 |

2. second
   item
3. third

- one
- two
`),
    ).toBe(`<h1 id="title-ab">Title: <code>a|b</code></h1>
<p>Some <strong>bold <a href="x.md#y">link</a></strong>, <em>emphasis</em>, <code>&lt;code&gt; **as it is**</code> on two lines.</p>
<pre><code>lvs -o &quot;a&lt;b&quot; &amp;&amp; echo *</code></pre>
<table>
<thead><tr><th>a</th><th>b</th></tr></thead>
<tbody>
<tr><td><code>x</code></td><td>1 | 2</td></tr>
</tbody>
</table>
<ol start="2">
<li>second item</li>
<li>third</li>
</ol>
<ul>
<li>one</li>
<li>two</li>
</ul>
`);
  });

  it('makes no markup of markup', () => {
    expect(render('<script>alert(1)</script> [x](javascript:1"onclick=) <img src=x>\n')).toBe(
      '<p>&lt;script&gt;alert(1)&lt;/script&gt; <a href="javascript:1&amp;quot;onclick=">x</a> &lt;img src=x&gt;</p>\n',
    );
    expect(renderMarkdown('[x](javascript:1)\n', () => undefined)).toBe('<p>x</p>\n');
  });
});

const folder = join(import.meta.dirname, '../../../docs/runbooks');

describe.each(readdirSync(folder))('%s', (file) => {
  const markdown = readFileSync(join(folder, file), 'utf8');
  const html = render(markdown);

  it('keeps every word, and leaves no mark behind', () => {
    const text = html.replaceAll(/<pre>.*?<\/pre>|<code>.*?<\/code>/gs, ' ').replaceAll(/<[^>]+>/g, ' ');
    expect(text).not.toMatch(/\*\*|`|\]\(|^#|\uE000/m);
    const words = (of: string) => of.match(/[A-Za-z]{3,}/g) ?? [];
    const all = words(html.replaceAll(/<[^>]+>/g, ' ').replaceAll(/&\w+;/g, ' '));
    const expected = words(
      markdown
        .replaceAll(/^<!--.*-->$/gm, '')
        .replaceAll(/^```sh$/gm, '')
        .replaceAll(/\]\([^)]+\)/g, ']'),
    );
    expect(all).toEqual(expected);
  });

  it('is well-formed', () => {
    const open: string[] = [];
    for (const [, slash, tag = ''] of html.matchAll(/<(\/?)([a-z0-9]+)[^>]*>/g)) {
      if (slash === '') open.push(tag);
      else expect(open.pop()).toBe(tag);
    }
    expect(open).toEqual([]);
  });
});
