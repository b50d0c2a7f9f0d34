import { randomBytes } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import type { Database } from 'better-sqlite3';
import type { FaultPlan, Faults, Product } from './faults.ts';
import { readRequest, type PracticeReply, type PracticeRequest, type RequestHandler } from './http.ts';
import type { Ledger } from './ledger.ts';
import type { PracticePerson } from './people.ts';

/** A practice product: who asks, and what a request does and answers. Both are free of side effects on the wire. */
export interface PracticeProduct {
  readonly name: Extract<Product, 'jira' | 'confluence'>;
  readonly contextPath: string;
  identify(request: PracticeRequest): PracticePerson | undefined;
  isSearch(request: PracticeRequest): boolean;
  answer(request: PracticeRequest, context: { indexLagMs: number }): PracticeReply;
  /** Headers that this product puts on every answer. */
  headers(person: PracticePerson | undefined): Record<string, string>;
}

/** Puts a practice product on the wire: reads, lets faults have their way, applies, writes the ledger, answers. */
export function serveProduct(deps: {
  product: PracticeProduct;
  db: Database;
  faults: Faults;
  ledger: Ledger;
}): RequestHandler {
  const { product, db, faults, ledger } = deps;

  return async (req, res) => {
    const request = await readRequest(req, { contextPath: product.contextPath });
    if (!request) {
      res.writeHead(404, { 'content-type': 'text/html;charset=UTF-8' });
      res.end('<!doctype html><title>Not found</title><p>This practice server has nothing here.</p>');
      return;
    }
    const person = product.identify(request);
    const path = pathAndQuery(request);
    const seen = { product: product.name, method: request.method, path, person: person?.employeeId };
    const plan = faults.take({ ...seen, target: product.name, isSearch: product.isSearch(request) });
    if (plan.delayMs > 0) await wait(plan.delayMs);

    const entry = { ...seen, body: request.body, fault: plan.effect?.kind ?? null };
    if (!isApplied(plan)) {
      const status = plan.effect?.kind === 'reply' ? plan.effect.status : null;
      ledger.record({ ...entry, applied: false, status });
      misbehave(res, plan.effect, null);
      return;
    }
    // One transaction, so that a killed process leaves both the effect and its record, or neither.
    const reply = db.transaction(() => {
      const answered = product.answer(request, { indexLagMs: plan.indexLagMs });
      ledger.record({ ...entry, applied: answered.status < 400, status: answered.status, key: answered.key });
      return answered;
    })();
    misbehave(res, plan.effect, {
      ...reply,
      headers: { ...transportHeaders(), ...product.headers(person), ...reply.headers },
    });
  };
}

function isApplied({ effect }: FaultPlan): boolean {
  if (effect === null) return true;
  if (effect.kind === 'reply' || effect.kind === 'hang') return effect.applied === true;
  return effect.kind !== 'drop-before';
}

function misbehave(res: ServerResponse, effect: FaultPlan['effect'], reply: PracticeReply | null): void {
  if (effect?.kind === 'reply') {
    res.writeHead(effect.status, { 'content-type': 'application/json;charset=UTF-8', ...effect.headers });
    res.end(effect.body ?? '');
    return;
  }
  if (effect?.kind === 'hang') return;
  if (!reply || effect?.kind === 'drop-before' || effect?.kind === 'drop-after') {
    res.destroy();
    return;
  }
  if (effect?.kind === 'cut-body') {
    sendCut(res, reply, effect.afterBytes);
    return;
  }
  const body = effect?.kind === 'malformed-body' ? '{"issues": [{"key": "' : reply.body;
  const length = { 'content-length': String(Buffer.byteLength(body)) };
  res.writeHead(reply.status, { ...reply.headers, ...(reply.status === 204 ? {} : length) });
  res.end(reply.status === 204 ? undefined : body);
}

function sendCut(res: ServerResponse, reply: PracticeReply, afterBytes: number | undefined): void {
  const whole = Buffer.from(reply.body);
  const part = whole.subarray(0, afterBytes ?? Math.floor(whole.length / 2));
  res.writeHead(reply.status, { ...reply.headers, 'content-length': String(whole.length + 1) });
  // Only once the part is out, or the caller would see a dropped connection instead of a cut body.
  res.write(part.length > 0 ? part : ' ', () => res.destroy());
}

function pathAndQuery(request: PracticeRequest): string {
  const query = request.query.toString();
  return query === '' ? request.path : `${request.path}?${query}`;
}

function transportHeaders(): Record<string, string> {
  return {
    'cache-control': 'no-cache, no-store, no-transform',
    'x-content-type-options': 'nosniff',
    'x-arequestid': randomBytes(6).toString('hex'),
  };
}
