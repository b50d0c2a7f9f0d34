import { decodeNamedCharacterReference } from 'decode-named-character-reference';

/** A piece of Confluence's storage format, which is XHTML with macros in namespaces of its own. */
export type StorageToken =
  | { kind: 'text'; text: string }
  | { kind: 'open'; name: string; attributes: Record<string, string>; empty: boolean }
  | { kind: 'close'; name: string };

/**
 * Cuts storage format into tokens, in one pass and whatever its state: what is not markup is text, and what never ends
 * is dropped. Entities are decoded, comments left out.
 */
export function* storageTokens(storage: string): Generator<StorageToken> {
  let at = 0;
  while (at < storage.length) {
    const start = storage.indexOf('<', at);
    if (start !== at) yield textToken(storage.slice(at, start === -1 ? undefined : start));
    if (start === -1) return;
    if (storage.startsWith('<!--', start)) {
      at = after(storage, '-->', start);
    } else if (storage.startsWith('<![CDATA[', start)) {
      at = after(storage, ']]>', start);
      yield { kind: 'text', text: storage.slice(start + 9, at).replace(/\]\]>$/, '') };
    } else {
      const end = tagEnd(storage, start + 1);
      const token = end === -1 ? null : tagToken(storage.slice(start + 1, end));
      if (token) yield token;
      // A lone bracket, as in "a < b".
      else yield { kind: 'text', text: storage.slice(start, end === -1 ? start + 1 : end + 1) };
      at = end === -1 ? start + 1 : end + 1;
    }
  }
}

function after(storage: string, marker: string, from: number): number {
  const found = storage.indexOf(marker, from);
  return found === -1 ? storage.length : found + marker.length;
}

/** Where the tag ends, or -1 where another begins first: well-formed attributes hold no bracket, so one pass is enough. */
function tagEnd(storage: string, from: number): number {
  let quote = '';
  for (let at = from; at < storage.length; at++) {
    const char = storage[at];
    if (char === '<') return -1;
    if (quote !== '') {
      if (char === quote) quote = '';
    } else if (char === '"' || char === "'") {
      quote = char;
    } else if (char === '>') {
      return at;
    }
  }
  return -1;
}

function tagToken(inside: string): StorageToken | null {
  const [, closing, name, rest = ''] = /^(\/?)([a-zA-Z][\w:.-]*)([\s\S]*)$/.exec(inside) ?? [];
  if (name === undefined) return null;
  if (closing === '/') return { kind: 'close', name: name.toLowerCase() };
  const attributes: Record<string, string> = {};
  for (const [, key = '', double, single] of rest.matchAll(/([\w:.-]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g)) {
    attributes[key.toLowerCase()] = decodeEntities(double ?? single ?? '');
  }
  return { kind: 'open', name: name.toLowerCase(), attributes, empty: rest.trimEnd().endsWith('/') };
}

function textToken(text: string): StorageToken {
  return { kind: 'text', text: decodeEntities(text) };
}

function decodeEntities(text: string): string {
  return text.replace(/&(#x[0-9a-f]{1,6}|#\d{1,7}|[a-z][a-z0-9]{1,30});/gi, (whole, reference: string) => {
    if (!reference.startsWith('#')) return decodeNamedCharacterReference(reference) || whole;
    const hexadecimal = reference[1] === 'x' || reference[1] === 'X';
    const code = Number.parseInt(reference.slice(hexadecimal ? 2 : 1), hexadecimal ? 16 : 10);
    const valid = code > 0 && code <= 0x10ffff && !(code >= 0xd800 && code <= 0xdfff);
    return valid ? String.fromCodePoint(code) : '';
  });
}
