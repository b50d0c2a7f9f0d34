/** Something that was read for an answer. */
export interface ReadThing {
  kind: 'issue' | 'page';
  /** The key or the page's id. */
  ref: string;
  title: string;
  url: string;
  /** Read in full, and not only met in a list. */
  opened: boolean;
}

/** What was really read for one answer, each thing once, in the order of its first reading. */
export interface ReadingLog {
  note(thing: ReadThing): void;
  all(): ReadThing[];
}

export function createReadingLog(): ReadingLog {
  const things = new Map<string, ReadThing>();
  return {
    note(thing) {
      const key = `${thing.kind} ${thing.ref}`;
      things.set(key, { ...thing, opened: thing.opened || things.get(key)?.opened === true });
    },
    all: () => [...things.values()],
  };
}
