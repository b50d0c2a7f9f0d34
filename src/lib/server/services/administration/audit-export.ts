import type { AuditEvent } from '../../repositories/audit-repository.ts';

/** How one format of the exported audit log is written. */
interface AuditFormat {
  contentType: string;
  head: string;
  line(event: AuditEvent): string;
}

const columns = [
  'id',
  'at',
  'userId',
  'employeeId',
  'action',
  'outcome',
  'detail',
  'requestId',
  'hash',
] as const;

export const auditFormats = {
  csv: {
    contentType: 'text/csv; charset=utf-8',
    // RFC 4180, section 2: CRLF between records, quotes doubled inside quotes.
    head: `${columns.join(',')}\r\n`,
    line: (event) => `${columns.map((column) => csvField(valueOf(event, column))).join(',')}\r\n`,
  },
  jsonl: {
    contentType: 'application/x-ndjson; charset=utf-8',
    head: '',
    line: (event) =>
      `${JSON.stringify({ ...event, at: timeOf(event), detail: JSON.parse(event.detail) as unknown })}\n`,
  },
} satisfies Record<string, AuditFormat>;

export type AuditFormatName = keyof typeof auditFormats;

/**
 * One field of a CSV file. Spreadsheets run what begins like a formula, and people choose their own names: such a
 * field gets a quotation mark in front, which the spreadsheet hides (OWASP, CSV injection).
 */
export function csvField(text: string): string {
  const harmless = /^\s*[=+\-@\t\r\n\0＝＋－＠]/.test(text) ? `'${text}` : text;
  return `"${harmless.replaceAll('"', '""')}"`;
}

function valueOf(event: AuditEvent, column: (typeof columns)[number]): string {
  return column === 'at' ? timeOf(event) : String(event[column] ?? '');
}

function timeOf({ at }: AuditEvent): string {
  return new Date(at).toISOString();
}
