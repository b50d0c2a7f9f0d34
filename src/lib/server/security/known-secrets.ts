/** Secrets that have been seen, with every spelling in which they may turn up. */
export interface KnownSecrets {
  add(secret: string): void;
  /**
   * Whether one of them stands in this text, or in a text that this JSON holds. Takes one walk through the text, however
   * many there are: every line of the log is asked.
   */
  standIn(text: string): boolean;
  /** Every spelling that is searched for, in the order in which the secrets became known. */
  spellings(): Iterable<string>;
}

/** Values under four characters are too common to look for. */
const SHORTEST_SECRET = 4;

/** Remembers at most `most` secrets; beyond that the one that was not seen for longest is left to its form. */
export function createKnownSecrets(most: number): KnownSecrets {
  /** A Map keeps the order in which they were seen. */
  const spellingsOf = new Map<string, string[]>();
  /** What is searched for, by its first four characters. */
  const byStart = new Map<number, string[]>();

  function add(secret: string): void {
    const value = secret.trim();
    if (value.length < SHORTEST_SECRET) return;
    const known = spellingsOf.get(value);
    spellingsOf.delete(value);
    spellingsOf.set(value, known ?? spell(value));
    if (!known) searchedFor(value).forEach(search);
    if (spellingsOf.size > most) forget(spellingsOf.keys().next().value ?? '');
  }

  function search(text: string): void {
    const start = startAt(text, 0);
    byStart.set(start, [...(byStart.get(start) ?? []), text]);
  }

  function forget(value: string): void {
    for (const text of searchedFor(value)) {
      const start = startAt(text, 0);
      const others = (byStart.get(start) ?? []).toSpliced(byStart.get(start)?.indexOf(text) ?? 0, 1);
      if (others.length > 0) byStart.set(start, others);
      else byStart.delete(start);
    }
    spellingsOf.delete(value);
  }

  return {
    add,
    standIn(text) {
      if (byStart.size === 0) return false;
      for (let at = 0; at <= text.length - SHORTEST_SECRET; at++) {
        const found = byStart.get(startAt(text, at));
        if (found?.some((one) => text.startsWith(one, at))) return true;
      }
      return false;
    },
    *spellings() {
      for (const spellings of spellingsOf.values()) yield* spellings;
    },
  };
}

/** The value itself, and as it stands inside JSON, URLs and Basic credentials. */
function spell(value: string): string[] {
  return [
    ...new Set([value, insideJson(value), encodeURIComponent(value), Buffer.from(value).toString('base64')]),
  ];
}

/** The spellings, and what they become when the text around them is written as JSON. */
function searchedFor(value: string): string[] {
  const spellings = spell(value);
  return [...new Set([...spellings, ...spellings.map(insideJson)])];
}

function insideJson(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}

/** Four characters as one number. Two starts may share one: what follows is compared anyway. */
function startAt(text: string, at: number): number {
  return (
    (text.charCodeAt(at) << 24) ^
    (text.charCodeAt(at + 1) << 16) ^
    (text.charCodeAt(at + 2) << 8) ^
    text.charCodeAt(at + 3)
  );
}
