import type { Operand } from '../boolean-query.ts';

export type JqlTime =
  | { readonly ok: true; readonly at: number }
  | { readonly ok: false; readonly complain: (field: string) => string };

/**
 * Reads a point in time as JQL writes it: a date, a date and time, a period such as `-7d` or `-4w 2d`, or
 * one of now(), startOfDay(), startOfWeek(), startOfMonth(), startOfYear(). Days are UTC days.
 */
export function readTime(operand: Operand, now: number): JqlTime {
  if (operand.kind === 'call') return readFunction(operand.name, now);
  const text = operand.kind === 'value' ? operand.text.trim() : '';
  const at = readDate(text) ?? readPeriod(text, now);
  if (at !== undefined) return { ok: true, at };
  return {
    ok: false,
    complain: (field) =>
      `Date value '${text}' for field '${field}' is invalid. Valid formats include: 'yyyy/MM/dd HH:mm', 'yyyy-MM-dd HH:mm', 'yyyy/MM/dd', 'yyyy-MM-dd', or a period format e.g. '-5d', '4w 2d'.`,
  };
}

function readFunction(name: string, now: number): JqlTime {
  const day = new Date(now);
  const [year, month, date] = [day.getUTCFullYear(), day.getUTCMonth(), day.getUTCDate()];
  const sinceMonday = (day.getUTCDay() + 6) % 7;
  const times: Record<string, number> = {
    now: now,
    startofday: Date.UTC(year, month, date),
    startofweek: Date.UTC(year, month, date - sinceMonday),
    startofmonth: Date.UTC(year, month),
    startofyear: Date.UTC(year, 0),
  };
  const at = Object.hasOwn(times, name.toLowerCase()) ? times[name.toLowerCase()] : undefined;
  if (at !== undefined) return { ok: true, at };
  return { ok: false, complain: () => `Unable to find JQL function '${name}()'.` };
}

function readDate(text: string): number | undefined {
  const match = /^(\d{4})[-/](\d{1,2})[-/](\d{1,2})(?: (\d{1,2}):(\d{2}))?$/.exec(text);
  if (!match) return undefined;
  const [year = 0, month = 0, date = 0, hour = 0, minute = 0] = match
    .slice(1)
    .map((part) => Number(part ?? 0));
  if (month < 1 || month > 12 || date < 1 || date > 31 || hour > 23 || minute > 59) return undefined;
  return Date.UTC(year, month - 1, date, hour, minute);
}

const unitMs: Record<string, number> = {
  w: 7 * 24 * 3_600_000,
  d: 24 * 3_600_000,
  h: 3_600_000,
  m: 60_000,
};

function readPeriod(text: string, now: number): number | undefined {
  if (!/^[+-]?(?:\d{1,5}[wdhm]\s*)+$/i.test(text)) return undefined;
  let ms = 0;
  for (const [, count, unit = ''] of text.matchAll(/(\d+)([wdhm])/gi)) {
    ms += Number(count) * (unitMs[unit.toLowerCase()] ?? 0);
  }
  return text.startsWith('-') ? now - ms : now + ms;
}
