const LONGEST_MS = 24 * 60 * 60 * 1_000;

/**
 * How long a Retry-After header asks to wait, in milliseconds, at most a day. Undefined where it is missing or neither
 * whole seconds nor a date (RFC 9110, 10.2.3). A date in the past is 0.
 */
export function retryAfterMs(header: string | undefined, now: number): number | undefined {
  const text = header?.trim() ?? '';
  if (/^\d+$/.test(text)) return Math.min(Number(text) * 1_000, LONGEST_MS);
  // Every date form that RFC 9110 knows begins with a day's name; Date.parse alone would take "-5" for a year.
  if (!/^(Mon|Tue|Wed|Thu|Fri|Sat|Sun)/.test(text)) return undefined;
  const at = Date.parse(text);
  return Number.isNaN(at) ? undefined : Math.min(Math.max(at - now, 0), LONGEST_MS);
}

/** That wait as the end of a sentence about whoever asked for it; empty where nobody did. */
export function askedToWait(waitMs: number | undefined): string {
  if (!waitMs) return '';
  const seconds = Math.ceil(waitMs / 1_000);
  if (seconds < 120) return ` It asks to wait ${seconds} s.`;
  const minutes = Math.ceil(seconds / 60);
  return minutes < 120
    ? ` It asks to wait ${minutes} minutes.`
    : ` It asks to wait ${Math.ceil(minutes / 60)} hours.`;
}
