const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/**
 * How long ago, as short as a list needs it: "now", "4 min ago", "in 3 min", "2 h ago", "yesterday", "Thu",
 * "12 Nov", "12 Nov 2025". Days are counted in the reader's time zone.
 */
export function relativeTime(at: number, now: number): string {
  const distance = Math.abs(now - at);
  const told = (amount: string) => (at > now ? `in ${amount}` : `${amount} ago`);
  if (distance < 45_000) return 'now';
  if (distance < HOUR_MS) return told(`${Math.round(distance / MINUTE_MS)} min`);
  const days = daysBetween(at, now);
  if (days === 0 || at > now) return told(`${Math.round(distance / HOUR_MS)} h`);
  if (days === 1) return 'yesterday';
  if (days < 7) return format(at, { weekday: 'short' });
  if (new Date(at).getFullYear() === new Date(now).getFullYear())
    return format(at, { day: 'numeric', month: 'short' });
  return format(at, { day: 'numeric', month: 'short', year: 'numeric' });
}

/** Date and time in the reader's time zone. */
export function absoluteTime(at: number): string {
  return format(at, { dateStyle: 'medium', timeStyle: 'short' });
}

function format(at: number, options: Intl.DateTimeFormatOptions): string {
  return new Intl.DateTimeFormat('en-GB', options).format(at);
}

function daysBetween(at: number, now: number): number {
  const midnight = (time: number) => new Date(time).setHours(0, 0, 0, 0);
  return Math.round((midnight(now) - midnight(at)) / (24 * HOUR_MS));
}
