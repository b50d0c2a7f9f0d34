import {
  bypassPolicySchema,
  defaultBypassPolicy,
  type BypassPolicy,
} from '../../../contracts/bypass-policy.ts';
import { InvalidError } from '../../errors/app-error.ts';
import type { BypassPolicyRepository } from '../../repositories/bypass-policy-repository.ts';
import type { Actor, AuditService } from '../services.ts';
import type { BypassAdministrationService } from './administration-services.ts';
import { requireAdministrator } from './require-administrator.ts';

interface BypassAdministrationDeps {
  policies: BypassPolicyRepository;
  /** Everything that a policy can be about, in the order of the marks on a card. */
  rules: readonly { key: string; name: string }[];
  audit: Pick<AuditService, 'record'>;
  clock: { now(): number };
}

/** Who may set which rule aside: for administrators to read and to decide. */
export function createBypassAdministration(deps: BypassAdministrationDeps): BypassAdministrationService {
  const { policies, rules, audit, clock } = deps;

  return {
    async list(actor) {
      requireAdministrator(actor);
      const stored = await policies.all();
      return rules.map((rule) => ({ ...rule, policy: stored.get(rule.key) ?? defaultBypassPolicy }));
    },

    async save(actor, wanted) {
      requireAdministrator(actor);
      const parsed = parse(wanted);
      const stored = await policies.all();
      const changes = [...parsed].flatMap(([key, after]) => {
        const before = stored.get(key) ?? defaultBypassPolicy;
        return isSame(before, after) ? [] : [{ key, before, after }];
      });
      if (changes.length === 0) return { changed: 0 };
      await policies.save(new Map(changes.map(({ key, after }) => [key, after])), clock.now());
      for (const change of changes) recordChange(actor, change);
      return { changed: changes.length };
    },
  };

  function parse(wanted: Record<string, unknown>): Map<string, BypassPolicy> {
    const parsed = new Map<string, BypassPolicy>();
    const fields: Record<string, string> = {};
    for (const [key, value] of Object.entries(wanted)) {
      if (!rules.some((rule) => rule.key === key)) fields[key] = 'There is no such rule.';
      const result = bypassPolicySchema.safeParse(value);
      if (!result.success) fields[key] = result.error.issues[0]?.message ?? 'This cannot be used.';
      else if (result.data.who === 'named' && result.data.people.length === 0)
        fields[key] = 'Name at least one person, or leave it to the administrators.';
      else parsed.set(key, result.data);
    }
    if (Object.keys(fields).length === 0) return parsed;
    throw new InvalidError('bypass_policy_invalid', 'Some rules need another look. Nothing was saved.', {
      fields,
    });
  }

  /** People one by one: the log replaces the id of somebody who is deleted only where it stands alone. */
  function recordChange(
    actor: Actor,
    { key, before, after }: { key: string; before: BypassPolicy; after: BypassPolicy },
  ): void {
    audit.record(actor, {
      action: 'rule.bypass_policy',
      outcome: 'ok',
      detail: {
        rule: key,
        who: after.who,
        reasonRequired: after.reasonRequired,
        whoBefore: before.who,
        reasonRequiredBefore: before.reasonRequired,
      },
    });
    for (const person of missingFrom(before.people, after.people))
      audit.record(actor, { action: 'rule.bypass_allow', outcome: 'ok', detail: { rule: key, person } });
    for (const person of missingFrom(after.people, before.people))
      audit.record(actor, { action: 'rule.bypass_withdraw', outcome: 'ok', detail: { rule: key, person } });
  }
}

function isSame(a: BypassPolicy, b: BypassPolicy): boolean {
  return (
    a.who === b.who &&
    a.reasonRequired === b.reasonRequired &&
    missingFrom(a.people, b.people).length === 0 &&
    missingFrom(b.people, a.people).length === 0
  );
}

/** Those of `people` that are not in `list`, whatever the case of letters. */
function missingFrom(list: readonly string[], people: readonly string[]): string[] {
  const known = new Set(list.map((person) => person.toLowerCase()));
  return people.filter((person) => !known.has(person.toLowerCase()));
}
