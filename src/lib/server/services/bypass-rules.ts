import { defaultBypassPolicy, type BypassPolicy } from '../../contracts/bypass-policy.ts';
import { bypassPolicyKey, REASON_MIN_CHARACTERS, type BypassTerms } from '../../contracts/bypass-terms.ts';
import { ForbiddenError, InvalidError } from '../errors/app-error.ts';
import type { BypassPolicyRepository } from '../repositories/bypass-policy-repository.ts';
import type { Actor, AuditService } from './services.ts';

interface BypassRulesDeps {
  policies: Pick<BypassPolicyRepository, 'all'>;
  /** Keys of everything that a policy can be about. */
  ruleKeys: readonly string[];
  audit: Pick<AuditService, 'record'>;
}

export type BypassRules = ReturnType<typeof createBypassRules>;

/** Whether a person may set a broken rule aside, by what administrators decided for that rule. */
export function createBypassRules({ policies, ruleKeys, audit }: BypassRulesDeps) {
  return {
    /** What the person may do, rule by rule. */
    async termsFor(actor: Actor): Promise<BypassTerms> {
      const stored = await policies.all();
      return Object.fromEntries(
        ruleKeys.flatMap((key) => {
          const policy = stored.get(key) ?? defaultBypassPolicy;
          return mayBypass(actor, policy) ? [[key, { reasonRequired: policy.reasonRequired }]] : [];
        }),
      );
    },

    /**
     * Lets through who may. A refusal is audited, so that attempts show.
     * @throws ForbiddenError `bypass_not_allowed`; InvalidError `reason_missing`, with the sentence at `reason`.
     */
    async require(actor: Actor, ruleId: string, reason: string): Promise<void> {
      const policy = (await policies.all()).get(bypassPolicyKey(ruleId)) ?? defaultBypassPolicy;
      if (!mayBypass(actor, policy)) {
        audit.record(actor, { action: 'rule.bypass', outcome: 'refused', detail: { rule: ruleId } });
        throw new ForbiddenError('bypass_not_allowed', refusals[policy.who], {
          hint: 'Mend the story, or leave the mark: a broken rule does not keep a story from being created.',
        });
      }
      if (policy.reasonRequired && reason.length < REASON_MIN_CHARACTERS)
        throw new InvalidError('reason_missing', 'Setting this rule aside needs a reason.', {
          fields: { reason: 'Say why.' },
        });
    },
  };
}

const refusals: Record<BypassPolicy['who'], string> = {
  nobody: 'This rule cannot be set aside.',
  administrators: 'Only an administrator can set this rule aside.',
  named: 'Only administrators and the people whom they named can set this rule aside.',
  everybody: 'This rule cannot be set aside now.',
};

function mayBypass({ employeeId, role }: Actor, { who, people }: BypassPolicy): boolean {
  if (who === 'nobody') return false;
  if (who === 'everybody' || role === 'administrator') return true;
  return who === 'named' && people.some((named) => named.toLowerCase() === employeeId.toLowerCase());
}
