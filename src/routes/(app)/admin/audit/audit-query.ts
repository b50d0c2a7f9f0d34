import { z } from 'zod';

const text = z
  .string()
  .trim()
  .max(100)
  .transform((value) => (value === '' ? null : value))
  .catch(null)
  .default(null);
/** A day as `<input type="date">` sends it, as the start of that day, UTC. */
const day = z.iso
  .date()
  .transform((value) => Date.parse(`${value}T00:00:00Z`))
  .nullable()
  .catch(null)
  .default(null);

const DAY_MS = 86_400_000;

/** The audit page's address, also that of its exports. What cannot be read in it counts as not given. */
const auditQuerySchema = z.object({
  person: text,
  action: text,
  outcome: z.enum(['ok', 'refused', 'failed', 'unknown']).nullable().catch(null).default(null),
  from: day,
  /** The last day that is shown. */
  until: day,
  before: z.coerce.number().int().min(1).nullable().catch(null).default(null),
});

export function readAuditQuery(url: URL) {
  const { before, until, ...filter } = auditQuerySchema.parse(Object.fromEntries(url.searchParams));
  return { filter: { ...filter, until: until === null ? null : until + DAY_MS }, before };
}

/** What the filter's fields show: the address as it was read, in the form that fields take. */
export function auditFieldValues(
  url: URL,
): Record<'person' | 'action' | 'outcome' | 'from' | 'until', string> {
  const { person, action, outcome, from, until } = auditQuerySchema.parse(
    Object.fromEntries(url.searchParams),
  );
  const asDay = (at: number | null) => (at === null ? '' : new Date(at).toISOString().slice(0, 10));
  return {
    person: person ?? '',
    action: action ?? '',
    outcome: outcome ?? '',
    from: asDay(from),
    until: asDay(until),
  };
}
