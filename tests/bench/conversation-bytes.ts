import { join } from 'node:path';
import Database from 'better-sqlite3';
import { talkOver } from '../support/main-job.ts';
import type { Visitor } from '../support/page-visitor.ts';
import { openSocketTab } from '../support/socket-client.ts';
import { writeScript } from './answer-script.ts';
import type { ProductProcess } from './product-process.ts';
import { createConversation } from './writing-tabs.ts';

const ANSWER = { firstTokenMs: 0, tokens: 200, gapMs: 0 };

/**
 * What a conversation of so many turns leaves in the databases, in bytes of used pages, once its last run has come to
 * rest: the first turn drafts a story in 200 tokens, each later one revises it.
 */
export async function measureConversationBytes(
  { url, channelUrl, dataFolder }: ProductProcess,
  whose: Visitor,
  turns: number,
): Promise<number> {
  const tab = await openSocketTab(channelUrl, { cookie: whose.cookieHeader(), origin: url });
  try {
    const before = usedBytes(dataFolder);
    const talk = talkOver(tab, await createConversation(whose));
    await talk.joined();
    await talk.say(writeScript(ANSWER));
    for (let turn = 2; turn <= turns; turn += 1) await talk.say(`Say more about exports, round ${turn}.`);
    const [draft, ...others] = talk.drafts();
    if (draft?.version !== turns || others.length > 0)
      throw new Error(`After ${turns} turns the story is at version ${draft?.version}.`);
    return usedBytes(dataFolder) - before;
  } finally {
    tab.close();
  }
}

function usedBytes(folder: string): number {
  return ['app.db', 'checkpoints.db']
    .map((name) => {
      const db = new Database(join(folder, name), { readonly: true });
      try {
        const pragma = (what: string) => Number(db.pragma(what, { simple: true }));
        return (pragma('page_count') - pragma('freelist_count')) * pragma('page_size');
      } finally {
        db.close();
      }
    })
    .reduce((sum, bytes) => sum + bytes, 0);
}
