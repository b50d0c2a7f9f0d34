import type { PracticePerson } from '../people.ts';
import type { Sandbox } from '../start-sandbox.ts';

export interface Answer<Body = Record<string, unknown>> {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** Parsed on demand: an error page is not JSON. */
  json(): Body;
}

/** A person's own HTTP client for one practice product; without a person, nobody's. */
export function practiceClient(
  sandbox: Sandbox,
  product: 'jira' | 'confluence',
  person?: PracticePerson | string,
) {
  const base = product === 'jira' ? sandbox.jiraUrl : sandbox.confluenceUrl;
  const token =
    typeof person === 'string' ? person : product === 'jira' ? person?.jiraToken : person?.confluenceToken;

  async function call<Body = Record<string, unknown>>(
    method: string,
    path: string,
    body?: unknown,
  ): Promise<Answer<Body>> {
    const response = await fetch(base + path, {
      method,
      redirect: 'manual',
      headers: {
        ...(token ? { authorization: `Bearer ${token}` } : {}),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, headers: response.headers, text, json: () => JSON.parse(text) as Body };
  }

  return {
    get: <Body = Record<string, unknown>>(path: string) => call<Body>('GET', path),
    post: <Body = Record<string, unknown>>(path: string, body: unknown) => call<Body>('POST', path, body),
    put: (path: string, body: unknown) => call('PUT', path, body),
    delete: (path: string) => call('DELETE', path),
  };
}

/** The fields of a story that DEMO takes, with whatever matters to the test. */
export function demoStory(fields: Record<string, unknown> = {}) {
  return {
    fields: { project: { key: 'DEMO' }, issuetype: { name: 'Story' }, summary: 'Export invoices', ...fields },
  };
}
