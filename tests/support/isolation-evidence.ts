import { createHash } from 'node:crypto';
import { expect } from 'vitest';
import { alice } from '../../src/lib/sandbox/people.ts';
import { aliceWord, type Things } from './isolation-replays.ts';
import type { LiveProduct } from './live-product.ts';
import type { PageAnswer } from './page-visitor.ts';

/** The ids of what Alice has, from the database. */
export function readThings(product: LiveProduct, conversationId: string): Things {
  const db = product.openDatabase();
  const one = (sql: string, ...values: string[]) =>
    String(
      db
        .prepare(sql)
        .pluck()
        .get(...values) ?? '',
    );
  const userId = one('SELECT id FROM user WHERE employee_id = ?', alice.employeeId);
  const things = {
    conversationId,
    userId,
    draftId: one('SELECT id FROM story_draft WHERE conversation_id = ? LIMIT 1', conversationId),
    interruptId: one(
      `SELECT json_extract(interrupt, '$.interruptId') FROM conversation WHERE id = ?`,
      conversationId,
    ),
    intentId: one('SELECT id FROM creation_intent WHERE user_id = ? LIMIT 1', userId),
    approvalId: one('SELECT id FROM approval WHERE user_id = ? LIMIT 1', userId),
    apiKeyId: one('SELECT id FROM api_key WHERE user_id = ? LIMIT 1', userId),
    jobId: one('SELECT id FROM background_job WHERE user_id = ? LIMIT 1', userId),
    sessionId: one('SELECT id FROM session WHERE user_id = ? LIMIT 1', userId),
    messageId: one('SELECT id FROM message WHERE conversation_id = ? LIMIT 1', conversationId),
  };
  db.close();
  return things;
}

/** Everything that the database keeps of Alice, as one hash; but what jobs do by themselves. */
export function stateOf(product: LiveProduct, { userId, conversationId }: Things): string {
  const db = product.openDatabase();
  const rows = [
    ...['user', 'session', 'conversation', 'run', 'llm_config', 'confluence_config', 'preference'].map(
      (table) => [table, table === 'user' ? 'id' : 'user_id', userId] as const,
    ),
    ...['message', 'story_draft', 'run_event', 'source', 'clarification', 'approval', 'creation_intent'].map(
      (table) => [table, 'conversation_id', conversationId] as const,
    ),
  ].map(([table, column, id]) => db.prepare(`SELECT * FROM "${table}" WHERE "${column}" = ?`).all(id));
  db.close();
  return createHash('sha256').update(JSON.stringify(rows)).digest('hex');
}

/** The status that was meant: an action that answers with JSON says it inside. */
export function refusalOf({ status, body }: PageAnswer): number {
  if (status !== 200) return status;
  const told: unknown = body.startsWith('{') ? JSON.parse(body) : null;
  return typeof told === 'object' && told !== null && 'status' in told ? Number(told.status) : status;
}

/** Status, headers and body without what differs from one request to the next. */
export function comparable({ status, headers, body }: PageAnswer, things: Things) {
  const { location, 'content-type': type, 'cache-control': cache } = headers;
  return {
    status,
    type,
    cache,
    location: location && withoutIds(location, things),
    body: withoutIds(body, things),
  };
}

export function withoutIds(text: string, things: Things): string {
  let clean = text;
  for (const id of Object.values(things)) clean = clean.replaceAll(id, 'ID');
  return clean
    .replace(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g, 'REQUEST')
    .replace(/nonce="[^"]*"/g, 'NONCE')
    .replace(/\b1[0-9]{12}\b/g, 'TIME')
    .replace(/__sveltekit_\w+/g, 'GLOBAL');
}

/** Ids may come back: the asker named them. */
export function expectNothingOfAlice({ body, headers }: PageAnswer): void {
  const told = body + JSON.stringify(headers);
  const marks = [
    aliceWord,
    alice.email,
    alice.displayName,
    alice.jiraToken,
    alice.confluenceToken,
    alice.llmCookie,
  ];
  for (const mark of marks) expect(told).not.toContain(mark);
}
