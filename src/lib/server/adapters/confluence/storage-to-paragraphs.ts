import { storageTokens } from './storage-tokens.ts';
import type { StorageToken } from './storage-tokens.ts';

/**
 * The words of a Confluence page, paragraph by paragraph as a person reads them: headings, paragraphs, list items
 * (`- `, `1. `), tasks, table rows (cells joined by ` | `), code. Of macros only what they show stays, never their XML.
 * Without characters that are invisible or turn the direction of text. Takes any input and never throws.
 */
export function storageToParagraphs(storage: string): string[] {
  const page = new PageText();
  for (const token of storageTokens(storage)) page.take(token);
  return page.end();
}

const BLOCKS = new Set(
  'p h1 h2 h3 h4 h5 h6 ul ol table thead tbody tfoot div blockquote pre hr section article'
    .split(' ')
    .concat(
      ['ac:structured-macro', 'ac:macro', 'ac:rich-text-body', 'ac:plain-text-body', 'ac:layout'],
      ['ac:layout-section', 'ac:layout-cell', 'ac:task-list'],
    ),
);

/** Elements whose text nobody sees. */
const UNSEEN = new Set([
  'script',
  'style',
  'head',
  'title',
  'ac:placeholder',
  'ac:task-id',
  'ac:task-uuid',
  'ri:user',
]);

/** The one parameter of a macro that a reader sees. */
const SEEN_PARAMETERS: Record<string, string> = {
  status: 'title',
  jira: 'key',
  expand: 'title',
  panel: 'title',
  info: 'title',
  note: 'title',
  tip: 'title',
  warning: 'title',
};

/** Macros that stand inside a line. */
const INLINE_MACROS = new Set(['status', 'jira', 'anchor']);

const VOID_ELEMENTS = new Set(['br', 'hr', 'img', 'col', 'input']);

class PageText {
  readonly #paragraphs: string[] = [];
  readonly #lists: { ordered: boolean; count: number }[] = [];
  readonly #macros: string[] = [];
  #buffer = '';
  #prefix = '';
  #link: { title: string; wordsFrom: number } | null = null;
  #taskDone = false;
  #cellDepth = 0;
  /** How deep inside an element that nobody sees, and which. */
  #unseen: { name: string; depth: number } | null = null;

  take(token: StorageToken): void {
    if (this.#unseen) return this.#skip(token);
    if (token.kind === 'text') this.#buffer += token.text;
    else if (token.kind === 'close') this.#close(token.name);
    else this.#open(token);
  }

  end(): string[] {
    this.#flush();
    return this.#paragraphs;
  }

  #open({ name, attributes, empty }: Extract<StorageToken, { kind: 'open' }>): void {
    const closed = empty || VOID_ELEMENTS.has(name);
    if (name === 'ac:structured-macro' || name === 'ac:macro') {
      const macro = attributes['ac:name'] ?? '';
      if (!INLINE_MACROS.has(macro)) this.#break();
      if (!closed) this.#macros.push(macro);
      return;
    }
    if (this.#isUnseen(name, attributes)) {
      if (!closed) this.#unseen = { name, depth: 1 };
      return;
    }
    if (name === 'ri:page')
      this.#link = { title: attributes['ri:content-title'] ?? '', wordsFrom: this.#buffer.length };
    else if (name === 'time') this.#buffer += attributes['datetime'] ?? '';
    else if (name === 'br') this.#buffer += ' ';
    else if (name === 'td' || name === 'th') this.#cell();
    else if (name === 'tr') this.#flush();
    else if (name === 'li') this.#item();
    else if (name === 'ac:task') this.#flush();
    else if (name === 'ac:task-status') this.#taskDone = false;
    else if (name === 'ac:task-body') this.#prefix = this.#taskDone ? '- [x] ' : '- [ ] ';
    else if (name === 'ul' || name === 'ol') this.#list(name === 'ol');
    else if (BLOCKS.has(name)) this.#break();
  }

  #close(name: string): void {
    if (name === 'ac:structured-macro' || name === 'ac:macro') {
      const macro = this.#macros.pop() ?? '';
      if (!INLINE_MACROS.has(macro)) this.#break();
    } else if (name === 'td' || name === 'th') {
      this.#cellDepth = Math.max(0, this.#cellDepth - 1);
    } else if (name === 'ul' || name === 'ol') {
      this.#break();
      this.#lists.pop();
    } else if (name === 'ac:task-status') {
      this.#taskDone = this.#buffer.trim() === 'complete';
      this.#buffer = '';
    } else if (name === 'ac:link') {
      this.#endLink();
    } else if (name === 'tr' || name === 'ac:task-body') {
      this.#flush();
    } else if (name === 'li') {
      this.#break();
    } else if (name === 'ac:parameter' || BLOCKS.has(name)) {
      this.#break();
    }
  }

  #isUnseen(name: string, attributes: Record<string, string>): boolean {
    if (name !== 'ac:parameter') return UNSEEN.has(name);
    return SEEN_PARAMETERS[this.#macros.at(-1) ?? ''] !== attributes['ac:name'];
  }

  #skip(token: StorageToken): void {
    if (!this.#unseen || token.kind === 'text' || token.name !== this.#unseen.name) return;
    if (token.kind === 'open' && !token.empty) this.#unseen.depth++;
    if (token.kind === 'close' && --this.#unseen.depth === 0) this.#unseen = null;
  }

  /** Ends a paragraph, but not inside a table cell or an inline macro: a row, and a line, stay one paragraph. */
  #break(): void {
    if (this.#cellDepth > 0 || INLINE_MACROS.has(this.#macros.at(-1) ?? '')) this.#buffer += ' ';
    else this.#flush();
  }

  #cell(): void {
    this.#cellDepth++;
    if (this.#buffer.trim() !== '') this.#buffer += ' | ';
  }

  #list(ordered: boolean): void {
    this.#break();
    this.#lists.push({ ordered, count: 0 });
  }

  #item(): void {
    if (this.#cellDepth > 0) {
      this.#buffer += ' ';
      return;
    }
    this.#flush();
    const list = this.#lists.at(-1);
    if (list) list.count++;
    const indent = '  '.repeat(Math.max(0, this.#lists.length - 1));
    this.#prefix = indent + (list?.ordered ? `${list.count}. ` : '- ');
  }

  /** A link shows its own words, or where it has none the title of its page. */
  #endLink(): void {
    if (this.#link && this.#buffer.length === this.#link.wordsFrom) this.#buffer += this.#link.title;
    this.#link = null;
  }

  #flush(): void {
    const text = visible(this.#buffer);
    this.#buffer = '';
    if (text === '') return;
    this.#paragraphs.push(this.#prefix + text);
    this.#prefix = '';
  }
}

function visible(text: string): string {
  return text
    .replace(/[\u00ad\u200b\u202a-\u202e\u2060-\u206f\ufeff\u{e0000}-\u{e007f}]/gu, '')
    .replace(/[\s\p{Cc}]+/gu, ' ')
    .trim();
}
