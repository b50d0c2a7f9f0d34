/** Of one paragraph, in characters: so that several fit into a prompt beside the rest, and a citation can be read. */
const longestParagraph = 2_000;

/** Paragraphs of a plain text as they are cited: blank lines part them, and so does every list item. */
export function paragraphsOf(text: string): string[] {
  return text
    .replace(/\r\n?/g, '\n')
    .split(/\n\s*\n|\n(?=\s*(?:[-*+•]|\d+[.)])\s)/)
    .map((paragraph) => paragraph.trim())
    .filter((paragraph) => paragraph !== '');
}

/**
 * The same text in paragraphs that are not too long, parted where a line, a sentence or at least a word ends. A prompt
 * takes a paragraph whole or not at all, so one without an end would never be seen.
 */
export function shortParagraphs(paragraphs: readonly string[]): string[] {
  return paragraphs.flatMap((paragraph) => {
    const pieces: string[] = [];
    let rest = paragraph.trim();
    while (rest.length > longestParagraph) {
      const end = lastBreak(rest.slice(0, longestParagraph));
      pieces.push(rest.slice(0, end).trim());
      rest = rest.slice(end).trim();
    }
    return rest === '' ? pieces : [...pieces, rest];
  });
}

/** Where the last line, sentence or word ends, unless that would leave a crumb; never within a character. */
function lastBreak(text: string): number {
  const sentence = text.search(/[.!?…。！？](?=[^.!?…。！？]*$)/u) + 1;
  const ends = [text.lastIndexOf('\n'), sentence, text.lastIndexOf(' ')];
  return ends.find((end) => end > text.length / 2) ?? text.replace(/[\uD800-\uDBFF]$/, '').length;
}
