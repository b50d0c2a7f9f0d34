import type { CallToolResult } from '@modelcontextprotocol/sdk/types.js';
import { AppError, UpstreamError } from '../errors/app-error.ts';

/**
 * Runs a tool and tells its outcome as MCP does: the result as structured content and as text, a failure as `isError`
 * with `{code, kind, message, ...}` in the structured content, so that a client need not read sentences. Rejects only
 * for what is a fault of this program.
 */
export async function toolAnswer(work: () => Promise<Record<string, unknown>>): Promise<CallToolResult> {
  try {
    return answer(await work(), false);
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return answer(failure(error), true);
  }
}

function answer(structuredContent: Record<string, unknown>, isError: boolean): CallToolResult {
  return { structuredContent, content: [{ type: 'text', text: JSON.stringify(structuredContent) }], isError };
}

function failure(error: AppError): Record<string, unknown> {
  const { code, message, hint, fields, retryable } = error;
  const upstream =
    error instanceof UpstreamError
      ? { upstream: error.upstream, kind: error.kind, status: error.status, retryAfterMs: error.retryAfterMs }
      : { kind: 'refused' };
  return { code, message, hint, fields, retryable, ...upstream };
}
