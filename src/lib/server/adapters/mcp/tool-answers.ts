import { z } from 'zod';
import type { UpstreamKind } from '../../errors/app-error.ts';
import type { ToolAnswer } from './mcp-client.ts';
import type { ToolFailure } from './tool-profile.ts';

/** An answer's JSON: its structured content, what FastMCP wraps as `{result: "<json>"}`, or its text. Null for none. */
export function answerJson({ structured, text }: ToolAnswer): unknown {
  if (structured && typeof structured['result'] === 'string' && Object.keys(structured).length === 1) {
    return jsonOrNull(structured['result']);
  }
  return structured ?? jsonOrNull(text);
}

/** Statuses with which Jira, or what stands before it, turns a create away unread or read and refused. */
const DEFINITE_STATUSES = new Set([400, 401, 403, 404, 405, 413, 415, 422, 429]);

export function isDefiniteStatus(status: number | null | undefined): boolean {
  return status != null && DEFINITE_STATUSES.has(status);
}

/** The first HTTP status that an error text names, such as `400 Bad Request`, `HTTP 403`, `status code: 429`. */
export function statusIn(text: string): number | null {
  const named = /\b(?:HTTP|status(?: code)?|error)\b[^0-9\n]{0,20}\b([45]\d\d)\b/i.exec(text)?.[1];
  const spoken =
    /\b([45]\d\d)\b[ :'"]{0,3}(?:Bad Request|Client Error|Server Error|Unauthori[sz]ed|Forbidden|Not Found|Too Many|Internal|Bad Gateway|Service Unavail|Gateway Time)/i.exec(
      text,
    )?.[1];
  const status = Number(spoken ?? named ?? Number.NaN);
  return Number.isNaN(status) ? null : status;
}

/** A failure that a server of others told as text. */
export function textFailure(text: string, isDefinite: (status: number | null) => boolean): ToolFailure {
  const status = statusIn(text);
  return {
    code: 'mcp_tool_failed',
    message: `The tool reports: ${oneLine(text)}`,
    kind: kindOf(status),
    status,
    isDefinite: isDefinite(status),
  };
}

/**
 * A failure as servers tell it whose create tool reads after posting: as `isError`, or as an ordinary result that
 * holds an error. Only a 400 can stem from the post alone. Null for a success.
 */
export function reportedFailure(answer: ToolAnswer): ToolFailure | null {
  if (answer.isError && isArgumentError(answer.text)) return argumentsRefused(answer.text);
  const reported = reportedSchema.safeParse(answerJson(answer));
  const reportsError = reported.success && (reported.data.error != null || reported.data.success === false);
  if (!answer.isError && !reportsError) return null;
  const text = reportsError ? JSON.stringify(reported.data.error ?? '') : answer.text;
  return textFailure(text, (status) => status === 400);
}

const reportedSchema = z.object({ error: z.unknown(), success: z.boolean().optional() });

/** The arguments did not fit the tool's schema: it did not run. */
export function argumentsRefused(text: string): ToolFailure {
  return {
    code: 'mcp_arguments_refused',
    message: `The tool did not take its arguments: ${oneLine(text)}`,
    kind: 'refused',
    status: null,
    isDefinite: true,
  };
}

/** How the SDKs for TypeScript and Python say that arguments do not fit a tool's schema. */
export function isArgumentError(text: string): boolean {
  return /-32602|input validation error|invalid arguments|\bvalidation errors? for\b/i.test(text);
}

function kindOf(status: number | null): UpstreamKind {
  if (status === 401 || status === 403) return 'credential';
  if (status === 429) return 'rate_limited';
  return status !== null && status < 500 ? 'refused' : 'unknown';
}

function oneLine(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length <= 300 ? line : `${line.slice(0, 299)}…`;
}

function jsonOrNull(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
