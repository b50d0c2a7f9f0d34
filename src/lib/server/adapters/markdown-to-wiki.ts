import type { BlockContent, DefinitionContent, List, ListItem, Root, RootContent, Table } from 'mdast';
import { fromMarkdown } from 'mdast-util-from-markdown';
import { gfmFromMarkdown } from 'mdast-util-gfm';
import { gfm } from 'micromark-extension-gfm';
import { wikiCodeBlock } from './markdown/wiki-code-block.ts';
import { wikiInline } from './markdown/wiki-inline.ts';
import type { InlinePlace } from './markdown/wiki-inline.ts';

/**
 * Markdown (CommonMark with GitHub's tables, tasks, strikethrough and bare links) as Jira wiki markup. Every visible
 * word survives; what wiki markup cannot say is said plainer: images become links, nested quotes one quote.
 * Source: Jira's Text Formatting Notation Help.
 */
export function markdownToWiki(markdown: string): string {
  const root = fromMarkdown(markdown, { extensions: [gfm()], mdastExtensions: [gfmFromMarkdown()] });
  const place: BlockPlace = {
    inCell: false,
    inLink: false,
    definitions: definitionsOf(root),
    inQuote: false,
  };
  return blocks(root.children, place).join('\n\n');
}

interface BlockPlace extends InlinePlace {
  /** A quote ends at the next quote mark, so quotes cannot nest. */
  inQuote: boolean;
}

type Block = RootContent | BlockContent | DefinitionContent;

function blocks(nodes: Block[], place: BlockPlace): string[] {
  return nodes.map((node) => block(node, place)).filter((text) => text !== '');
}

function block(node: Block, place: BlockPlace): string {
  switch (node.type) {
    case 'heading':
      return `h${node.depth}. ${wikiInline(node.children, place, `h${node.depth}. `).replace(/\s*\n\s*/g, ' ')}`;
    case 'paragraph':
      return wikiInline(node.children, place).trim();
    case 'list':
      return listLines(node, '', place).join('\n');
    case 'table':
      return table(node, place);
    case 'code':
      return wikiCodeBlock(node.value, node.lang);
    case 'blockquote':
      return quote(blocks(node.children, { ...place, inQuote: true }), place);
    case 'thematicBreak':
      return '----';
    case 'html':
      return wikiInline([node], place).trim();
    case 'footnoteDefinition':
      return footnote(node.label ?? node.identifier, blocks(node.children, place), place);
    default:
      return '';
  }
}

/** A line an item: the marks of all levels in a row, such as `*#` for a number within a bullet. */
function listLines(list: List, marks: string, place: BlockPlace): string[] {
  const itemMarks = marks + (list.ordered ? '#' : '*');
  return list.children.flatMap((item) => itemLines(item, itemMarks, place));
}

function itemLines(item: ListItem, marks: string, place: BlockPlace): string[] {
  const lines: string[] = [];
  // An empty line would end the list, so an item's blocks follow each other without one.
  let own = item.children.flatMap((child) => (child.type === 'list' ? [] : blocks([child], place)));
  if (item.checked != null) own = [`${item.checked ? '☑' : '☐'} ${own[0] ?? ''}`.trimEnd(), ...own.slice(1)];
  if (own.length > 0) lines.push(`${marks} ${own.map(withoutEmptyLines).join('\n')}`);
  for (const child of item.children) if (child.type === 'list') lines.push(...listLines(child, marks, place));
  return lines.length > 0 ? lines : [`${marks} `];
}

function withoutEmptyLines(text: string): string {
  // Code keeps its own: a macro is read as a whole before the list is.
  return /^\{(code|noformat)/.test(text) ? text : text.replace(/\n{2,}/g, '\n');
}

function table({ children: [head, ...rows] }: Table, place: BlockPlace): string {
  const cells = (row: Table['children'][number]) =>
    row.children.map((cell) => wikiInline(cell.children, { ...place, inCell: true }, '| ').trim() || ' ');
  const line = (bar: string, texts: string[]) => `${bar} ${texts.join(` ${bar} `)} ${bar}`;
  return [...(head ? [line('||', cells(head))] : []), ...rows.map((row) => line('|', cells(row)))].join('\n');
}

function quote(inner: string[], place: BlockPlace): string {
  const text = inner.join('\n\n');
  return place.inQuote ? text : `{quote}\n${text}\n{quote}`;
}

function footnote(label: string, inner: string[], place: BlockPlace): string {
  return `${wikiInline([{ type: 'text', value: `[${label}]` }], place)} ${inner.join('\n')}`;
}

function definitionsOf(root: Root): Map<string, string> {
  const definitions = new Map<string, string>();
  const collect = (nodes: Block[]) => {
    for (const node of nodes) {
      if (node.type === 'definition' && !definitions.has(node.identifier))
        definitions.set(node.identifier, node.url);
      if (node.type === 'blockquote') collect(node.children);
      if (node.type === 'list') for (const item of node.children) collect(item.children);
    }
  };
  collect(root.children);
  return definitions;
}
