import { timingSafeEqual } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { z } from 'zod';
import { faultRuleSchema, type Faults } from './faults.ts';
import { jsonObject, readRequest, type PracticeRequest, type RequestHandler } from './http.ts';
import type { Ledger, LedgerFilter } from './ledger.ts';

export const controlSecretHeader = 'x-sandbox-secret';

const productSchema = faultRuleSchema.shape.target;

/**
 * Lets a test in another process switch faults and read the ledger. Whoever lacks the secret learns nothing,
 * not even which paths exist.
 *
 * `POST /faults` (a rule, or a list of rules) answers their ids, `GET /faults`, `DELETE /faults[/id]`;
 * `GET /ledger?product&person&method&path&key&applied`, `DELETE /ledger`.
 */
export function createControlServer(deps: {
  faults: Faults;
  ledger: Ledger;
  secret: string;
}): RequestHandler {
  const { faults, ledger, secret } = deps;

  return async (req, res) => {
    const request = await readRequest(req, { contextPath: '', maxBytes: 1024 * 1024 });
    if (!request || !isSame(request.headers[controlSecretHeader], secret)) return send(res, 404, null);
    const ruleId = /^\/faults\/([\w-]+)$/.exec(request.path)?.[1];
    if (request.method === 'DELETE' && ruleId) {
      faults.remove(ruleId);
      return send(res, 204, null);
    }
    switch (`${request.method} ${request.path}`) {
      case 'POST /faults':
        return addFaults(request, res);
      case 'GET /faults':
        return send(res, 200, faults.rules());
      case 'DELETE /faults':
        faults.clear();
        return send(res, 204, null);
      case 'GET /ledger':
        return send(res, 200, ledger.entries(readFilter(request.query)));
      case 'DELETE /ledger':
        ledger.clear();
        return send(res, 204, null);
      default:
        return send(res, 404, null);
    }
  };

  function addFaults(request: PracticeRequest, res: ServerResponse): void {
    const body = request.body.toString('utf8');
    const given: unknown = body.trimStart().startsWith('[') ? jsonArray(body) : [jsonObject(request.body)];
    const rules = z.array(faultRuleSchema).safeParse(given);
    if (!rules.success) return send(res, 400, { message: z.prettifyError(rules.error) });
    send(res, 201, { ids: rules.data.map((rule) => faults.add(rule)) });
  }
}

function readFilter(query: URLSearchParams): LedgerFilter {
  const text = (name: string) => query.get(name) ?? undefined;
  const product = productSchema.safeParse(text('product'));
  return {
    product: product.success ? product.data : undefined,
    person: text('person'),
    method: text('method'),
    path: text('path'),
    key: text('key'),
    applied: query.has('applied') ? query.get('applied') === 'true' : undefined,
  };
}

function jsonArray(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return null;
  }
}

function isSame(given: string | string[] | undefined, secret: string): boolean {
  if (typeof given !== 'string') return false;
  const [left, right] = [Buffer.from(given), Buffer.from(secret)];
  return left.length === right.length && timingSafeEqual(left, right);
}

function send(res: ServerResponse, status: number, value: unknown): void {
  res.writeHead(status, { 'content-type': 'application/json;charset=UTF-8', 'cache-control': 'no-store' });
  res.end(value === null ? undefined : JSON.stringify(value));
}
