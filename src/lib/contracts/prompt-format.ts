/**
 * How a prompt is laid out for the model: named blocks, each fenced by a tag, whose text cannot close the fence.
 * What people, pages and issues wrote stands only inside blocks: it is data to the model, never instruction.
 *
 * Blocks in use: `requirement` (attribute id, one numbered sentence a line: "M1.1 text"), `source` (id, title; one
 * numbered paragraph a line: "S1.1 text"), `clarifications` (one "A1 question => answer" a line, "=> (skipped)"),
 * `summary` (older turns), `drafts` (a JSON array of {number, ...story}), `target` (JSON array of draft numbers),
 * `instruction`, `question`, `violations` (JSON), `rules` (JSON), `format`, `prompt` (a custom prompt), `tools`
 * (capability hints), `language`, `turns` (recent turns, one
 * "person: text" or "assistant: text" a line), `issues` (existing issues, one "KEY summary (status)" a line).
 * What tools read: `issue` (attribute key), `pages` (one "id title" a line), `page` (id, title; one paragraph a line),
 * `projects` (one "KEY name" a line).
 */
export interface PromptBlock {
  name: string;
  attributes: Record<string, string>;
  text: string;
}

/** The block as text. `<`, `>` and `&` in texts and attributes are escaped, so that no text can open or close one. */
export function renderBlock({ name, attributes, text }: PromptBlock): string {
  const attributeText = Object.entries(attributes)
    .map(([key, value]) => ` ${key}="${escapeText(value)}"`)
    .join('');
  return `<${name}${attributeText}>\n${escapeText(text)}\n</${name}>`;
}

/** Every block of a prompt in order, unescaped. Text between blocks is passed over. Never throws. */
export function parseBlocks(prompt: string): PromptBlock[] {
  const blocks: PromptBlock[] = [];
  for (const match of prompt.matchAll(/<([a-z_]+)((?: [a-z]+="[^"<>]*")*)>\n([^<>]*)\n<\/\1>/g)) {
    const [, name = '', attributeText = '', text = ''] = match;
    const attributes: Record<string, string> = {};
    for (const [, key = '', value = ''] of attributeText.matchAll(/ ([a-z]+)="([^"<>]*)"/g))
      attributes[key] = unescapeText(value);
    blocks.push({ name, attributes, text: unescapeText(text) });
  }
  return blocks;
}

function escapeText(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}

function unescapeText(text: string): string {
  return text
    .replaceAll('&quot;', '"')
    .replaceAll('&gt;', '>')
    .replaceAll('&lt;', '<')
    .replaceAll('&amp;', '&');
}
