import type { PersonDataRepository } from '../repositories/person-data-repository.ts';

/**
 * All that is stored of a person as one JSON document, but for secrets. A conversation at a time, so that a long history
 * is never in memory as a whole.
 */
export async function* personDocument(
  data: Pick<PersonDataRepository, 'ofPerson' | 'ofConversation' | 'conversationIds'>,
  userId: string,
): AsyncGenerator<string> {
  yield '{"schemaVersion":1';
  for (const { table, rows } of data.ofPerson(userId))
    yield `,\n${JSON.stringify(table)}:${JSON.stringify(rows)}`;
  yield ',\n"conversations":[';
  let separator = '';
  for (const conversationId of data.conversationIds(userId)) {
    const tables = data.ofConversation(conversationId).map(({ table, rows }) => [table, rows] as const);
    yield `${separator}\n${JSON.stringify({ conversationId, ...Object.fromEntries(tables) })}`;
    separator = ',';
  }
  yield ']}\n';
}
