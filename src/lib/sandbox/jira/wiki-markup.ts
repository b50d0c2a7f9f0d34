import { html, safeHref, type SafeHtml } from '../html.ts';

/**
 * Renders Jira wiki markup for a person: headings, lists, tables, quotes, code, panels, bold, italic,
 * monospace and links. Everything else stays the text that it is, escaped.
 */
export function renderWikiMarkup(source: string): SafeHtml {
  const lines = source.replaceAll('\r\n', '\n').split('\n');
  const blocks: SafeHtml[] = [];
  while (lines.length > 0) {
    const block = readBlock(lines);
    if (block) blocks.push(block);
  }
  return html`${blocks}`;
}

// Takes the lines of one block off the front; every branch takes at least one, so that reading ends.
function readBlock(lines: string[]): SafeHtml | null {
  const line = lines[0] ?? '';
  const fence = /^\{(code|noformat|panel|quote)(?::[^}]*)?\}(.*)$/.exec(line.trim());
  if (fence) return readFence(lines, fence[1] ?? 'code', fence[2] ?? '');
  const heading = /^h([1-6])\.\s+(.*)$/.exec(line);
  if (heading) {
    lines.shift();
    return renderHeading(Number(heading[1]), heading[2] ?? '');
  }
  if (listItem(line)) return readList(lines, 1);
  if (line.startsWith('|')) return readTable(lines);
  if (/^-{4,}$/.test(line.trim())) {
    lines.shift();
    return html`<hr />`;
  }
  if (line.startsWith('bq. ')) {
    lines.shift();
    return html`<blockquote>${renderInline(line.slice(4))}</blockquote>`;
  }
  if (line.trim() === '') {
    lines.shift();
    return null;
  }
  return readParagraph(lines);
}

function readFence(lines: string[], kind: string, firstLine: string): SafeHtml {
  lines.shift();
  const closing = `{${kind}}`;
  const inside = firstLine === '' ? [] : [firstLine];
  // `{code}one line{code}` closes where it opened.
  if (firstLine.endsWith(closing)) return renderFence(kind, firstLine.slice(0, -closing.length));
  while (lines.length > 0) {
    const line = lines.shift() ?? '';
    if (line.trimEnd().endsWith(closing)) {
      const last = line.trimEnd().slice(0, -closing.length);
      if (last !== '') inside.push(last);
      break;
    }
    inside.push(line);
  }
  return renderFence(kind, inside.join('\n'));
}

function renderFence(kind: string, text: string): SafeHtml {
  if (kind === 'panel') return html`<div class="panel">${renderInline(text)}</div>`;
  if (kind === 'quote') return html`<blockquote>${renderInline(text)}</blockquote>`;
  return html`<pre><code>${text}</code></pre>`;
}

function renderHeading(level: number, text: string): SafeHtml {
  const content = renderInline(text);
  // The page's own title is its h1.
  if (level <= 2) return html`<h2>${content}</h2>`;
  return level === 3 ? html`<h3>${content}</h3>` : html`<h4>${content}</h4>`;
}

function listItem(line: string): { marks: string; text: string } | null {
  const match = /^([*#-]+)\s+(.*)$/.exec(line);
  // Deeper than this is not a list that somebody wrote.
  if (!match || (match[1] ?? '').length > 8) return null;
  return { marks: match[1] ?? '', text: match[2] ?? '' };
}

function readList(lines: string[], depth: number): SafeHtml {
  const ordered = listItem(lines[0] ?? '')?.marks.charAt(depth - 1) === '#';
  const items: SafeHtml[] = [];
  for (
    let item = listItem(lines[0] ?? '');
    item && item.marks.length >= depth;
    item = listItem(lines[0] ?? '')
  ) {
    if (item.marks.length > depth) {
      items.push(html`<li>${readList(lines, depth + 1)}</li>`);
      continue;
    }
    lines.shift();
    const isParent = (listItem(lines[0] ?? '')?.marks.length ?? 0) > depth;
    const children = isParent ? [readList(lines, depth + 1)] : [];
    items.push(html`<li>${renderInline(item.text)}${children}</li>`);
  }
  return ordered
    ? html`<ol>
        ${items}
      </ol>`
    : html`<ul>
        ${items}
      </ul>`;
}

function readTable(lines: string[]): SafeHtml {
  const rows: SafeHtml[] = [];
  while (lines[0]?.startsWith('|')) {
    const line = (lines.shift() ?? '').trim();
    const isHeader = line.startsWith('||');
    const cells = line.replace(/^\|+|\|+$/g, '').split(isHeader ? '||' : '|');
    rows.push(
      html`<tr>
        ${cells.map((cell) => {
          const content = renderInline(cell.trim());
          return isHeader ? html`<th>${content}</th>` : html`<td>${content}</td>`;
        })}
      </tr>`,
    );
  }
  return html`<table>
    ${rows}
  </table>`;
}

function readParagraph(lines: string[]): SafeHtml {
  const inside: string[] = [lines.shift() ?? ''];
  while (lines.length > 0 && isParagraphLine(lines[0] ?? '')) inside.push(lines.shift() ?? '');
  const [first = '', ...rest] = inside;
  return html`<p>${renderInline(first)}${rest.map((line) => html`<br />${renderInline(line)}`)}</p>`;
}

function isParagraphLine(line: string): boolean {
  return (
    line.trim() !== '' &&
    !listItem(line) &&
    !/^(?:h[1-6]\. |\||bq\. |\{(?:code|noformat|panel|quote)|-{4,}$)/.test(line)
  );
}

const inlinePattern =
  /\\(?<escaped>[^\w\s])|\{\{(?<mono>[^{}\n]+)\}\}|\[(?:(?<label>[^|[\]\n]+)\|)?(?<address>[^|[\]\s]+)\]|(?<![\w*])\*(?<bold>[^\s*](?:[^*\n]*[^\s*])?)\*(?![\w*])|(?<![\w_])_(?<italic>[^\s_](?:[^_\n]*[^\s_])?)_(?![\w_])/g;

function renderInline(text: string): SafeHtml {
  const parts: SafeHtml[] = [];
  let rest = 0;
  for (const match of text.matchAll(inlinePattern)) {
    parts.push(html`${text.slice(rest, match.index)}`, renderMatch(match));
    rest = match.index + match[0].length;
  }
  return html`${parts}${text.slice(rest)}`;
}

function renderMatch(match: RegExpMatchArray): SafeHtml {
  const { escaped, mono, label, address, bold, italic } = match.groups ?? {};
  if (escaped) return html`${escaped}`;
  if (mono) return html`<code>${mono}</code>`;
  if (bold) return html`<strong>${renderInline(bold)}</strong>`;
  if (italic) return html`<em>${renderInline(italic)}</em>`;
  const href = safeHref(address ?? '');
  return href ? html`<a href="${href}" rel="noreferrer">${label ?? address ?? ''}</a>` : html`${match[0]}`;
}
