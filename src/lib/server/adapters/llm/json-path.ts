/** Reads one place of a JSON value; `undefined` where nothing stands there. */
export type JsonReader = (value: unknown) => unknown;

/** Compiles a path such as `choices.0.delta.content` once, so that reading it for every token costs a few lookups. */
export function jsonReader(path: string | undefined): JsonReader {
  if (path === undefined) return () => undefined;
  const keys = path.split('.');
  return (value) => {
    let place: unknown = value;
    for (const key of keys) {
      if (typeof place !== 'object' || place === null || !Object.hasOwn(place, key)) return undefined;
      place = (place as Record<string, unknown>)[key];
    }
    return place;
  };
}
