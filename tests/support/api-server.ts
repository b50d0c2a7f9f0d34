import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { getRequest, setResponse } from '@sveltejs/kit/node';
import type { App } from '../../src/lib/server/app.ts';
import { sessionCookieName } from '../../src/lib/server/security/session-cookie-name.ts';
import { refuseForeignChange } from '../../src/lib/server/web/foreign-change.ts';
import * as conversations from '../../src/routes/api/conversations/+server.ts';
import * as conversation from '../../src/routes/api/conversations/[id]/+server.ts';
import * as commands from '../../src/routes/api/conversations/[id]/commands/[event]/+server.ts';
import * as events from '../../src/routes/api/conversations/[id]/events/+server.ts';

type Handler = (event: unknown) => Response | Promise<Response>;

const routes: { path: RegExp; handlers: Record<string, unknown> }[] = [
  { path: /^\/api\/conversations$/, handlers: conversations },
  { path: /^\/api\/conversations\/(?<id>[^/]+)$/, handlers: conversation },
  { path: /^\/api\/conversations\/(?<id>[^/]+)\/events$/, handlers: events },
  { path: /^\/api\/conversations\/(?<id>[^/]+)\/commands\/(?<event>[^/]+)$/, handlers: commands },
];

export interface ApiServer {
  url: string;
  close(): Promise<void>;
}

/** The endpoints of conversations over real HTTP, with what the hooks do for them, and without the pages' build. */
export async function serveApi(app: App): Promise<ApiServer> {
  const { origin } = app.settings;
  const server: Server = createServer((incoming, outgoing) => {
    const answer = async () => {
      const request = await getRequest({ base: origin, request: incoming, bodySizeLimit: 512 * 1024 });
      const response = await respond(request, incoming.socket.remoteAddress ?? '');
      await setResponse(outgoing, response);
    };
    answer().catch((error: unknown) => outgoing.destroy(error instanceof Error ? error : undefined));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));

  async function respond(request: Request, address: string): Promise<Response> {
    const requestId = 'test-request-2';
    const refusal = refuseForeignChange(request, origin, requestId);
    if (refusal) return refusal;
    const url = new URL(request.url);
    for (const { path, handlers } of routes) {
      const match = path.exec(url.pathname);
      if (!match) continue;
      const handler = handlers[request.method] as Handler | undefined;
      if (!handler) return new Response(null, { status: 405 });
      return handler({
        request,
        url,
        params: { ...match.groups },
        locals: await localsOf(request, address, requestId),
      });
    }
    return new Response(null, { status: 404 });
  }

  async function localsOf(request: Request, address: string, requestId: string) {
    const cookie = new RegExp(`${sessionCookieName(origin)}=([^;]+)`).exec(
      request.headers.get('cookie') ?? '',
    );
    const session = await app.services.session.authenticate(cookie?.[1]);
    const actor = session && {
      userId: session.user.id,
      employeeId: session.user.employeeId,
      role: session.user.role,
      requestId,
    };
    return { requestId, address, session, actor, keyHolder: null, services: app.services };
  }

  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close() {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}
