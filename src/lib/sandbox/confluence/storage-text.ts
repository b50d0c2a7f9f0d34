import { html, safeHref, type SafeHtml } from '../html.ts';

/** The words of a page in storage format, for searching; tags become blanks. */
export function storageToText(storage: string): string {
  return decodeEntities(storage.replaceAll(/<!\[CDATA\[([\s\S]*?)\]\]>/g, '$1').replaceAll(/<[^>]*>/g, ' '));
}

/**
 * Shows a page in storage format to a person: only harmless tags pass, bare of attributes but for the address
 * of a link and the span of a table cell; everything else is shown as text or left out.
 */
export function renderStorage(storage: string): SafeHtml {
  const open: string[] = [];
  const parts: SafeHtml[] = [];
  for (const [token] of storage.matchAll(
    /<!\[CDATA\[[\s\S]*?\]\]>|<!--[\s\S]*?-->|<\/?[a-zA-Z][^>]*>|[^<]+|</g,
  )) {
    parts.push(renderToken(token, open));
  }
  // Whatever the page left open is closed here, so that it cannot swallow what follows.
  parts.push(...open.reverse().map((tag) => ({ markup: `</${tag}>` })));
  return html`${parts}`;
}

const plainTags = new Set(
  'h1 h2 h3 h4 h5 h6 p ul ol li table tbody thead tr th td strong b em i u s code pre blockquote hr br sub sup a div span'.split(
    ' ',
  ),
);
const emptyTags = new Set(['br', 'hr']);

function renderToken(token: string, open: string[]): SafeHtml {
  if (token.startsWith('<!--')) return html``;
  if (token.startsWith('<![CDATA[')) return html`<code>${token.slice(9, -3)}</code>`;
  const tag = /^<(\/?)([a-zA-Z][\w:-]*)/.exec(token);
  if (!tag) return html`${decodeEntities(token)}`;
  const name = (tag[2] ?? '').toLowerCase();
  if (!plainTags.has(name)) return html``;
  if (emptyTags.has(name)) return { markup: `<${name} />` };
  if (tag[1] === '/') {
    if (open.at(-1) !== name) return html``;
    open.pop();
    return { markup: `</${name}>` };
  }
  if (token.endsWith('/>')) return html``;
  open.push(name);
  return { markup: `<${name}${attributes(name, token).markup}>` };
}

function attributes(name: string, token: string): SafeHtml {
  if (name === 'a') {
    const href = safeHref(decodeEntities(/\shref="([^"]*)"/.exec(token)?.[1] ?? ''));
    return href ? html` href="${href}" rel="noreferrer"` : html``;
  }
  if (name !== 'td' && name !== 'th') return html``;
  const spans = [...token.matchAll(/\s((?:col|row)span)="(\d{1,3})"/g)];
  return { markup: spans.map(([, span, count]) => ` ${span}="${count}"`).join('') };
}

const namedEntities: Record<string, string> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  nbsp: '\u00a0',
  ndash: '\u2013',
  mdash: '\u2014',
  hellip: '\u2026',
  lsquo: '\u2018',
  rsquo: '\u2019',
  ldquo: '\u201c',
  rdquo: '\u201d',
  euro: '\u20ac',
  auml: '\u00e4',
  ouml: '\u00f6',
  uuml: '\u00fc',
  szlig: '\u00df',
};

function decodeEntities(text: string): string {
  return text.replaceAll(
    /&(?:#(\d{1,7})|#x([\da-f]{1,6})|(\w{2,8}));/gi,
    (whole: string, decimal, hex, name) => {
      if (name) return Object.hasOwn(namedEntities, name) ? (namedEntities[name as string] ?? whole) : whole;
      const code = decimal ? Number(decimal) : Number.parseInt(hex as string, 16);
      return code > 0 && code <= 0x10_ff_ff ? String.fromCodePoint(code) : whole;
    },
  );
}
