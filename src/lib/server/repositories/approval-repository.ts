import { eq } from 'drizzle-orm';
import type { AppDatabase } from '../db/connection.ts';
import { approvals } from '../db/schema/index.ts';
import type { ApprovedDraft } from './draft-approval.ts';

/** One person's yes to exactly what was shown. */
export interface Approval {
  id: string;
  conversationId: string;
  userId: string;
  drafts: ApprovedDraft[];
}

export type ApprovalRepository = ReturnType<typeof createApprovalRepository>;

export function createApprovalRepository({ orm }: AppDatabase) {
  async function byId(id: string): Promise<Approval | null> {
    const row = orm.select().from(approvals).where(eq(approvals.id, id)).get();
    if (!row) return null;
    const { conversationId, userId } = row;
    return { id, conversationId, userId, drafts: JSON.parse(row.drafts) as ApprovedDraft[] };
  }

  return { byId };
}
