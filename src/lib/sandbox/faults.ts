import { randomUUID } from 'node:crypto';
import { z } from 'zod';

const maxWaitMs = 3_600_000;

/**
 * What goes wrong with a request.
 * - `delay`: wait, then go on (adds up with any other effect).
 * - `reply`: answer this; nothing is applied unless `applied` says so.
 * - `drop-before`: close the connection, nothing applied. `drop-after`: apply, then close without an answer.
 * - `cut-body`: apply, answer, close after `afterBytes` of the body. `malformed-body`: apply, answer broken JSON.
 * - `hang`: answer nothing and hold the connection until the caller gives up; applied only if `applied` says so.
 * - `index-lag`: a search does not see what was created in the last `ms`. Only searches match such a rule.
 * - `scenario`: a habit of the practice model's writing by its name (see llm/writing-habits.ts); with any other name
 *   the request is counted and answered as usual.
 */
export const faultEffectSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('delay'), ms: z.int().min(0).max(maxWaitMs) }),
  z.strictObject({
    kind: z.literal('reply'),
    status: z.int().min(200).max(599),
    headers: z.record(z.string(), z.string()).optional(),
    body: z.string().optional(),
    applied: z.boolean().optional(),
  }),
  z.strictObject({ kind: z.literal('drop-before') }),
  z.strictObject({ kind: z.literal('drop-after') }),
  z.strictObject({ kind: z.literal('cut-body'), afterBytes: z.int().min(0).optional() }),
  z.strictObject({ kind: z.literal('malformed-body') }),
  z.strictObject({ kind: z.literal('hang'), applied: z.boolean().optional() }),
  z.strictObject({ kind: z.literal('index-lag'), ms: z.int().min(0) }),
  z.strictObject({ kind: z.literal('scenario'), name: z.string().min(1) }),
]);

export const faultRuleSchema = z.strictObject({
  target: z.enum(['jira', 'confluence', 'llm']),
  match: z
    .strictObject({
      method: z.string().optional(),
      /** Prefix of path and query, without the context path. */
      path: z.string().optional(),
      /** Regular expression over path and query, for what a prefix cannot tell apart. */
      pathPattern: z.string().refine(isRegularExpression, 'is not a regular expression').optional(),
      /** Employee id. */
      person: z.string().optional(),
      /** Why the model is called, such as `draft`. Only the practice model's requests have one. */
      call: z.string().optional(),
    })
    .optional(),
  /** How many requests it hits before it is spent; without it, until it is removed. */
  times: z.int().min(1).optional(),
  effect: faultEffectSchema,
});

export type FaultEffect = z.infer<typeof faultEffectSchema>;
export type FaultRule = z.infer<typeof faultRuleSchema>;
export type Product = FaultRule['target'];

export interface FaultedRequest {
  readonly target: Product;
  readonly method: string;
  /** Path and query, without the context path. */
  readonly path: string;
  readonly person?: string | undefined;
  readonly call?: string | undefined;
  /** Whether an index answers this request, so that an index lag can hit it. */
  readonly isSearch?: boolean | undefined;
}

/** What is to happen to one request: all delays together, and at most one other effect. */
export interface FaultPlan {
  readonly delayMs: number;
  readonly indexLagMs: number;
  readonly effect: Exclude<FaultEffect, { kind: 'delay' | 'index-lag' }> | null;
}

export interface Faults {
  /** Puts a rule in force and returns its id. Rules are tried in the order in which they were added. */
  add(rule: FaultRule): string;
  remove(id: string): void;
  clear(): void;
  rules(): readonly (FaultRule & { readonly id: string })[];
  /** Decides a request's fate and uses up one hit of every rule that took part. Call it once a request. */
  take(request: FaultedRequest): FaultPlan;
}

/** Faults in memory: a restarted sandbox misbehaves no more. */
export function createFaults(): Faults {
  let active: (FaultRule & { id: string; left: number })[] = [];

  function take(request: FaultedRequest): FaultPlan {
    let delayMs = 0;
    let indexLagMs = 0;
    let effect: FaultPlan['effect'] = null;
    for (const rule of active) {
      if (!matches(rule, request)) continue;
      if (rule.effect.kind === 'delay') {
        delayMs += rule.effect.ms;
      } else if (rule.effect.kind === 'index-lag') {
        indexLagMs = Math.max(indexLagMs, rule.effect.ms);
      } else if (effect === null) {
        effect = rule.effect;
      } else {
        continue; // A second end for the same request: this rule waits for the next one.
      }
      rule.left -= 1;
    }
    active = active.filter((rule) => rule.left > 0);
    return { delayMs, indexLagMs, effect };
  }

  return {
    add(rule) {
      const id = randomUUID();
      active.push({ ...faultRuleSchema.parse(rule), id, left: rule.times ?? Infinity });
      return id;
    },
    remove(id) {
      active = active.filter((rule) => rule.id !== id);
    },
    clear() {
      active = [];
    },
    rules: () => active.map(({ left: _left, ...rule }) => rule),
    take,
  };
}

function matches(rule: FaultRule, request: FaultedRequest): boolean {
  if (rule.target !== request.target) return false;
  if (rule.effect.kind === 'index-lag' && !request.isSearch) return false;
  const match = rule.match ?? {};
  if (match.method && match.method.toUpperCase() !== request.method.toUpperCase()) return false;
  if (match.person && match.person !== request.person) return false;
  if (match.call && match.call !== request.call) return false;
  if (match.path && !request.path.startsWith(match.path)) return false;
  return !match.pathPattern || new RegExp(match.pathPattern).test(request.path);
}

function isRegularExpression(source: string): boolean {
  try {
    return Boolean(new RegExp(source));
  } catch {
    return false;
  }
}
