/** What a tool call tells of itself: when it is cancelled, and under which request id it runs. */
export interface ToolCallContext {
  signal: AbortSignal;
  _meta?: Record<string, unknown>;
}

/** One person's REST client for one tool call. */
export type RestForCall<Rest> = (call: ToolCallContext) => Rest;

/** Where a caller puts its request id, so that one id runs through every log. */
export const requestIdKey = 'backlogue/request-id';
