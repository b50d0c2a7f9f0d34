import { request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import type { PracticePerson } from '../../src/lib/sandbox/people.ts';
import { password } from './running-app.ts';

export interface PageAnswer {
  status: number;
  headers: IncomingHttpHeaders;
  /** Each `Set-Cookie` line. */
  setCookies: string[];
  body: string;
}

export interface PageRequest {
  method?: string;
  headers?: Record<string, string>;
  body?: string | Buffer;
}

export type Visitor = ReturnType<typeof createVisitor>;

/**
 * A browser without scripts: keeps cookies, follows no redirect by itself, and names its origin as browsers do.
 * @param url where the product listens
 * @param origin where it believes to be: what Host and Origin say
 */
export function createVisitor({ url, origin }: { url: string; origin: string }) {
  const cookies = new Map<string, string>();
  const { port } = new URL(url);
  const { host } = new URL(origin);

  async function send(
    path: string,
    { method = 'GET', headers = {}, body }: PageRequest = {},
  ): Promise<PageAnswer> {
    const answer = await new Promise<PageAnswer>((resolve, reject) => {
      const outgoing = httpRequest(
        { host: '127.0.0.1', port, path, method, headers: { host, ...cookieHeader(), ...headers } },
        (incoming) => {
          const pieces: Buffer[] = [];
          incoming.on('data', (piece: Buffer) => pieces.push(piece));
          // An event stream has no end: what it begins with is enough.
          if (incoming.headers['content-type']?.startsWith('text/event-stream')) {
            if (method === 'HEAD') incoming.destroy();
            incoming.once('data', () => incoming.destroy());
          }
          incoming.once('close', () => incoming.emit('end'));
          incoming.on('error', reject);
          incoming.on('end', () =>
            resolve({
              status: incoming.statusCode ?? 0,
              headers: incoming.headers,
              setCookies: incoming.headers['set-cookie'] ?? [],
              body: Buffer.concat(pieces).toString('utf8'),
            }),
          );
        },
      );
      outgoing.on('error', reject);
      outgoing.end(body);
    });
    for (const line of answer.setCookies) keepCookie(line);
    return answer;
  }

  function cookieHeader(): Record<string, string> {
    return cookies.size === 0 ? {} : { cookie: header() };
  }

  function header(): string {
    return [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
  }

  function keepCookie(line: string): void {
    const [pair = ''] = line.split(';');
    const equals = pair.indexOf('=');
    const [name, value] = [pair.slice(0, equals), pair.slice(equals + 1)];
    if (value === '' || /max-age=0/i.test(line)) cookies.delete(name);
    else cookies.set(name, value);
  }

  /** Sends a form as a page without scripts does. */
  const submit = (path: string, fields: Record<string, string>, headers: Record<string, string> = {}) =>
    send(path, {
      method: 'POST',
      headers: {
        'content-type': 'application/x-www-form-urlencoded',
        origin,
        accept: 'text/html',
        ...headers,
      },
      body: new URLSearchParams(fields).toString(),
    });

  /** Sends a form as a page with scripts does: the answer is JSON and no page. */
  const act = (path: string, fields: Record<string, string>) =>
    submit(path, fields, { accept: 'application/json', 'x-sveltekit-action': 'true' });

  const post = (path: string, body: unknown) =>
    send(path, {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin },
      body: JSON.stringify(body),
    });

  return {
    send,
    get: (path: string) => send(path, { headers: { accept: 'text/html' } }),
    submit,
    act,
    post,
    cookies,
    /** The whole Cookie header. */
    cookieHeader: header,
    /** Registers with a Jira token, signs in, and tests what is needed to write stories. */
    async join({ employeeId, jiraToken, confluenceToken, llmCookie }: PracticePerson): Promise<void> {
      await expectStatus(303, submit('/register', { jiraToken }));
      await expectStatus(303, submit('/register/person?/complete', { password, passwordAgain: password }));
      await this.signIn(employeeId);
      const secrets = { jira: '', confluence: confluenceToken, llm: llmCookie };
      for (const [kind, secret] of Object.entries(secrets))
        await expectStatus(
          200,
          submit('/configurations?/save', { kind, secret, verifyTls: 'on', then: 'test' }),
        );
    },
    signIn: (login: string, typed = password) =>
      expectStatus(303, submit('/sign-in', { login, password: typed })),
  };
}

async function expectStatus(status: number, coming: Promise<PageAnswer>): Promise<PageAnswer> {
  const answer = await coming;
  if (answer.status !== status)
    throw new Error(`Expected ${status}, got ${answer.status}: ${answer.body.slice(0, 2_000)}`);
  return answer;
}
