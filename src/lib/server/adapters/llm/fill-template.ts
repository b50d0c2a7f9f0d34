import { lonePlaceholder, replacePlaceholders } from '../../settings/placeholders.ts';

/** Values for the placeholders of a template. */
export type PlaceholderValues = Readonly<Record<string, unknown>>;

/**
 * A JSON template with its placeholders filled in. A text that is one placeholder becomes the value itself, whatever
 * its type; as an entry of a list, a list is put in entry by entry. Inside longer text values become text, `null` and
 * unknown names nothing. The values are not searched for placeholders in their turn.
 */
export function fillTemplate(template: unknown, values: PlaceholderValues): unknown {
  if (typeof template === 'string') return fillText(template, values);
  if (Array.isArray(template)) {
    return template.flatMap((entry: unknown) => {
      const filled = fillTemplate(entry, values);
      return typeof entry === 'string' ? filled : [filled];
    });
  }
  if (typeof template !== 'object' || template === null) return template;
  return Object.fromEntries(
    Object.entries(template).map(([key, child]) => [key, fillTemplate(child, values)]),
  );
}

function fillText(text: string, values: PlaceholderValues): unknown {
  const name = lonePlaceholder(text);
  return name === null ? fillToText(text, values) : (values[name] ?? null);
}

/** A text template, for headers: always text. */
export function fillToText(text: string, values: PlaceholderValues): string {
  return replacePlaceholders(text, (name) => {
    const value = values[name] ?? '';
    return typeof value === 'object' ? JSON.stringify(value) : String(value);
  });
}
