/**
 * The policies that a form holds, by rule: `who.<rule>`, `people.<rule>` as employee ids with commas, spaces or lines
 * between them, `reason.<rule>` where it is ticked. What they may be is the service's to say.
 */
export function policiesOf(form: FormData): Record<string, unknown> {
  const keys = [...form.keys()].flatMap((name) =>
    name.startsWith('who.') ? [name.slice('who.'.length)] : [],
  );
  return Object.fromEntries(
    keys.map((key) => [
      key,
      {
        who: form.get(`who.${key}`),
        people: String(form.get(`people.${key}`) ?? '')
          .split(/[\s,;]+/)
          .filter((person) => person !== ''),
        reasonRequired: form.has(`reason.${key}`),
      },
    ]),
  );
}
