/** A placeholder in a template: `{{name}}`, spaces inside the braces allowed. */
const placeholder = /\{\{\s*([^{}]*?)\s*\}\}/g;

/** Names of the placeholders in one text, in order. */
export function placeholdersOf(text: string): string[] {
  return [...text.matchAll(placeholder)].map(([, name = '']) => name);
}

/** The name, if the text is one placeholder and nothing else. */
export function lonePlaceholder(text: string): string | null {
  const names = placeholdersOf(text);
  return names.length === 1 && text.replace(placeholder, '') === '' ? (names[0] ?? null) : null;
}

/** The text with every placeholder replaced by what `fill` says. */
export function replacePlaceholders(text: string, fill: (name: string) => string): string {
  return text.replace(placeholder, (_whole, name: string) => fill(name));
}

/** Every text inside a JSON value, with the path that leads to it. */
export function* textsOf(
  value: unknown,
  path: readonly (string | number)[] = [],
): Generator<{ text: string; path: readonly (string | number)[] }> {
  if (typeof value === 'string') yield { text: value, path };
  if (typeof value !== 'object' || value === null) return;
  for (const [key, child] of Object.entries(value)) {
    yield* textsOf(child, [...path, Array.isArray(value) ? Number(key) : key]);
  }
}
