import { bypassPolicySchema, type BypassPolicy } from '../../contracts/bypass-policy.ts';
import type { AppDatabase } from '../db/connection.ts';
import { bypassPolicies } from '../db/schema/index.ts';
import { inTransaction } from './transaction.ts';

export type BypassPolicyRepository = ReturnType<typeof createBypassPolicyRepository>;

/** What was decided about setting rules aside, by policy key. */
export function createBypassPolicyRepository(db: AppDatabase) {
  return {
    async all(): Promise<Map<string, BypassPolicy>> {
      const rows = db.orm.select().from(bypassPolicies).all();
      return new Map(
        rows.map(({ ruleKey, who, people, reasonRequired }) => [
          ruleKey,
          bypassPolicySchema.parse({ who, people: JSON.parse(people), reasonRequired }),
        ]),
      );
    },

    /** All of them or none. */
    async save(policies: ReadonlyMap<string, BypassPolicy>, changedAt: number): Promise<void> {
      inTransaction(db, (tx) => {
        for (const [ruleKey, { who, people, reasonRequired }] of policies) {
          const row = { who, people: JSON.stringify(people), reasonRequired, changedAt };
          tx.insert(bypassPolicies)
            .values({ ruleKey, ...row })
            .onConflictDoUpdate({ target: bypassPolicies.ruleKey, set: row })
            .run();
        }
      });
    },
  };
}
