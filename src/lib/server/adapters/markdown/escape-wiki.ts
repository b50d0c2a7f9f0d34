/** Where a piece of text will stand. */
export interface TextPlace {
  /** What was written before it on the same line: decides about line starts and word boundaries. */
  before: string;
  /** The bar ends a table cell and a link's text. */
  inCell: boolean;
  inLink: boolean;
}

const WORD = /[\p{L}\p{N}]/u;
/** Breaks a mark without being seen, where a backslash would act itself. */
const INVISIBLE = '\u200b';

/** Marks that we write ourselves, so that a stray one could also close ours. */
const OWN_MARKS = new Set(['*', '_', '-']);
/** Marks that only act around words: inserted, superscript, subscript, image. */
const OTHER_MARKS = new Set(['+', '^', '~', '!']);
/** Escaped together or not at all: cite, dashes and rules. */
const RUN = /^(\?{2,}|-{2,})/;
const EMOTICON = /^(:-?[()PD]|;-?\)|\((y|n|i|\/|x|!|\+|-|\?|on|off|\*[rgby]?|flag|flagoff)\))/;

/**
 * Plain text as Jira wiki markup that shows exactly that text. Escapes a character only where it would act: `snake_case`
 * and `3 * 4` stay as they are. Source: Jira's Text Formatting Notation Help; phrase marks act at word boundaries only.
 */
export function escapeWiki(text: string, place: TextPlace): string {
  let escaped = '';
  let at = 0;
  while (at < text.length) {
    const rest = text.slice(at, at + 12);
    const line = lineSoFar(place.before + escaped);
    const [taken, written] = nextPiece(rest, text[at + 1], line, place);
    escaped += written;
    at += taken;
  }
  return escaped;
}

/** How many characters are taken, and what is written for them. */
function nextPiece(rest: string, next: string | undefined, line: string, place: TextPlace): [number, string] {
  const char = rest[0] ?? '';
  const lineStart = line.trim() === '';
  const blockMark = lineStart ? /^(h[1-6]|bq)\. /.exec(rest) : null;
  if (blockMark) return [blockMark[0].length, INVISIBLE + blockMark[0]];
  const emoticon = EMOTICON.exec(rest);
  if (emoticon) return [emoticon[0].length, `\\${emoticon[0]}`];
  const run = RUN.exec(rest);
  if (run) return [run[0].length, [...run[0]].map((mark) => `\\${mark}`).join('')];
  if (char === '\\')
    return [1, next === undefined || /[^\p{L}\p{N}\s]/u.test(next) ? `\\${INVISIBLE}` : char];
  return [1, acts(char, next, line, lineStart, place) ? `\\${char}` : char];
}

function acts(
  char: string,
  next: string | undefined,
  line: string,
  lineStart: boolean,
  place: TextPlace,
): boolean {
  if (char === '[') return true;
  if (char === ']') return place.inLink;
  if (char === '{') return next === undefined || /[\p{L}{*_\-+^~?]/u.test(next);
  if (char === '}') return next === '}';
  if (char === '|') return lineStart || place.inCell || place.inLink;
  if (char === '#') return lineStart;
  if (lineStart && (char === '*' || char === '-')) return true;
  const previous = line.at(-1) ?? ' ';
  if (OWN_MARKS.has(char)) return opens(previous, next) || closes(previous, next);
  // A doubled one, as in C++, is no mark.
  return OTHER_MARKS.has(char) && previous !== char && opens(previous, next);
}

function opens(previous: string, next: string | undefined): boolean {
  return !WORD.test(previous) && (next === undefined || !/\s/.test(next));
}

function closes(previous: string, next: string | undefined): boolean {
  return !/\s/.test(previous) && (next === undefined || !WORD.test(next));
}

function lineSoFar(text: string): string {
  return text.slice(text.lastIndexOf('\n') + 1);
}
