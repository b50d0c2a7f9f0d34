import type { PhrasingContent } from 'mdast';
import { escapeWiki } from './escape-wiki.ts';

/** What the inline content of one block needs to know of the document around it. */
export interface InlinePlace {
  /** Table cells know no line break but `\\`, and the bar ends them. */
  inCell: boolean;
  inLink: boolean;
  /** URLs of reference-style links, by identifier. */
  definitions: Map<string, string>;
}

const WORD = /[\p{L}\p{N}]/u;

/** Inline Markdown as wiki markup. `before` is what stands on the line already. */
export function wikiInline(nodes: PhrasingContent[], place: InlinePlace, before = ''): string {
  let out = '';
  for (const [index, node] of nodes.entries()) {
    out += inlineNode(node, place, before + out, startsWithWord(nodes[index + 1]));
  }
  return out;
}

function inlineNode(node: PhrasingContent, place: InlinePlace, before: string, wordFollows: boolean): string {
  const text = (value: string) => escapeWiki(value, { before, inCell: place.inCell, inLink: place.inLink });
  switch (node.type) {
    case 'text':
      return text(node.value.replace(/\s*\n\s*/g, ' '));
    case 'strong':
      return marked('*', node.children, place, before, wordFollows);
    case 'emphasis':
      return marked('_', node.children, place, before, wordFollows);
    case 'delete':
      return marked('-', node.children, place, before, wordFollows);
    case 'inlineCode':
      return monospaced(node.value, place);
    case 'break':
      return lineBreak(place);
    case 'link':
      return link(
        node.url,
        wikiInline(node.children, { ...place, inLink: true }),
        plainText(node.children),
        place,
      );
    case 'image':
      return link(node.url, linkWords(node.alt ?? '', place), node.alt ?? '', place);
    case 'linkReference': {
      const words = wikiInline(node.children, { ...place, inLink: true });
      return link(place.definitions.get(node.identifier) ?? '', words, plainText(node.children), place);
    }
    case 'imageReference':
      return link(
        place.definitions.get(node.identifier) ?? '',
        linkWords(node.alt ?? '', place),
        node.alt ?? '',
        place,
      );
    case 'html':
      return /^<br\s*\/?>$/i.test(node.value) ? lineBreak(place) : htmlText(node.value, text);
    case 'footnoteReference':
      return text(`[${node.label ?? node.identifier}]`);
    default:
      return '';
  }
}

/**
 * Bold, italic or struck text. Marks act at word boundaries only, so within a word they stand in braces; they do not
 * reach over line breaks, and not over spaces at their own ends.
 */
function marked(
  mark: string,
  nodes: PhrasingContent[],
  place: InlinePlace,
  before: string,
  wordFollows: boolean,
): string {
  const [, lead = '', inner = '', trail = ''] =
    /^(\s*)([\s\S]*?)(\s*)$/.exec(wikiInline(nodes, place, before + mark)) ?? [];
  if (inner === '') return lead + trail;
  const previous = (before + lead).at(-1) ?? '';
  const withinWord = WORD.test(previous) || (wordFollows && trail === '') || previous === '}';
  const ends = withinWord ? `{${mark}}` : mark;
  const lines = inner.split('\n').map((line) => (line.trim() === '' ? line : ends + line + ends));
  return lead + lines.join('\n') + trail;
}

/** Inside double braces everything still acts, so all that could is escaped. */
function monospaced(value: string, place: InlinePlace): string {
  const code = value
    .replace(/\s+/g, ' ')
    .replace(/\\/g, '\\\u200b')
    .replace(/[{}[\]*_+^~!|?]|(?<=-)-|-(?=-)/g, '\\$&');
  return place.inLink ? code : `{{${code.trim() === '' ? '\u00a0' : code}}}`;
}

function link(url: string, words: string, plain: string, place: InlinePlace): string {
  if (place.inLink) return words;
  if (!/^(https?:\/\/|mailto:|#)/i.test(url)) return words;
  const target = url.replace(/[|[\]{}\\\s!*]/g, (char) =>
    encodeURIComponent(char).replace(/^[!*]$/, hexadecimal),
  );
  const bare = plain.trim() === '' || plain === url || `http://${plain}` === url;
  return bare ? `[${target}]` : `[${words.trim().replace(/\n/g, ' ')}|${target}]`;
}

function hexadecimal(char: string): string {
  return `%${char.charCodeAt(0).toString(16).toUpperCase()}`;
}

function linkWords(alt: string, place: InlinePlace): string {
  return escapeWiki(alt, { before: '[', inCell: place.inCell, inLink: true });
}

function lineBreak(place: InlinePlace): string {
  if (place.inLink) return ' ';
  return place.inCell ? ' \\\\ ' : '\n';
}

/** Jira shows markup of other kinds as the text that it is; comments were never to be seen. */
function htmlText(html: string, text: (value: string) => string): string {
  return html.startsWith('<!--') ? '' : text(html);
}

function startsWithWord(node: PhrasingContent | undefined): boolean {
  return node !== undefined && WORD.test(plainText([node])[0] ?? '');
}

export function plainText(nodes: PhrasingContent[]): string {
  return nodes
    .map((node) => ('value' in node ? node.value : 'children' in node ? plainText(node.children) : ''))
    .join('');
}
