import { building, dev, version } from '$app/environment';
import type { Handle, HandleServerError, ServerInit } from '@sveltejs/kit';
import { createApp, type App } from '$lib/server/app';
import { readSettings } from '$lib/server/settings/settings';
import { correlated, type Correlation } from '$lib/server/observability/correlation';
import { announceReady } from '$lib/server/web/announce-ready';
import { canonicalAddress } from '$lib/server/web/canonical-address';
import { sendConsoleToLog } from '$lib/server/web/console-to-log';
import { allowReading, answerPreflight, listedOrigin, presentsKey } from '$lib/server/web/cross-origin';
import { refuseForeignChange } from '$lib/server/web/foreign-change';
import { clientAddress } from '$lib/server/web/client-address';
import { failStart, failWithoutPort } from '$lib/server/web/fail-start';
import { errorForPage } from '$lib/server/web/page-error';
import { preloadInHead } from '$lib/server/web/page-preloads';
import { asksForPage } from '$lib/server/web/asks-for-page';
import { acceptRequestId } from '$lib/server/web/request-id';
import { addSecurityHeaders } from '$lib/server/web/security-headers';
import { sessionCookie } from '$lib/server/web/session-cookie';
import { stopOnSignal } from '$lib/server/web/stop-on-signal';
import { tracedPage } from '$lib/server/web/traced-page';

// A reload in development runs `init` again, in the same process: the app before it must be gone by then.
const shared = globalThis as typeof globalThis & { backlogue?: Promise<App> };

export const init: ServerInit = async () => {
  if (building) return;
  const previous = shared.backlogue;
  shared.backlogue = (async () => {
    await previous?.then((app) => app.close()).catch(() => undefined);
    return createApp(readSettings(process.env), { build: version, env: process.env });
  })();
  const app = await shared.backlogue.catch(failStart);
  if (!dev) {
    failWithoutPort(app.settings.port);
    stopOnSignal(app);
    sendConsoleToLog(app.log);
  }
  announceReady(app.summary);
};

export const handle: Handle = async ({ event, resolve }) => {
  const app = await runningApp();
  const startedAt = performance.now();
  const { locals, request, url } = event;
  locals.requestId = acceptRequestId(request.headers.get('x-request-id'));
  locals.services = app.services;

  // Whatever comes of it comes inside, so that each line of the log names the request and its trace.
  return correlated(callerOf(locals), () =>
    tracedPage(event, locals.requestId, async () => finish(await answer())),
  );

  async function answer(): Promise<Response> {
    const fromListed = listedOrigin(request, url, app.settings.corsOrigins);
    const refusal =
      fromListed !== null && presentsKey(request)
        ? null
        : refuseForeignChange(request, app.settings.origin, locals.requestId);
    const early =
      redirectTo(canonicalAddress(request, url, app.settings.origin)) ??
      refusal ??
      (fromListed === null ? null : answerPreflight(request, fromListed));
    if (early) return early;

    const cookie = sessionCookie(event.cookies, app.settings.origin);
    locals.address = clientAddress(request.headers, event.getClientAddress(), app.settings.trustProxy);
    locals.session = fromListed === null ? await app.services.session.authenticate(cookie.read()) : null;
    if (locals.session && asksForPage(request)) {
      const kept = await app.services.session.keepAlive(locals.session);
      if (kept) {
        locals.session = kept.session;
        cookie.write(kept.cookie);
      }
    }
    locals.actor = locals.session && {
      userId: locals.session.user.id,
      employeeId: locals.session.user.employeeId,
      role: locals.session.user.role,
      requestId: locals.requestId,
    };
    locals.keyHolder = null;
    locals.setSession = (session) => cookie.write(session);

    const response = await resolve(event, preloadInHead());
    if (fromListed !== null) allowReading(response.headers, fromListed);
    return response;
  }

  function finish(answer: Response): Response {
    withSecurityHeaders(answer, app);
    answer.headers.set('X-Request-ID', locals.requestId);
    app.logRequest({
      requestId: locals.requestId,
      userId: callerOf(locals).userId,
      method: request.method,
      route: event.route.id,
      status: answer.status,
      durationMs: performance.now() - startedAt,
    });
    return answer;
  }
};

export const handleError: HandleServerError = async ({ error, event, status, message }) => {
  const app = await runningApp();
  if (status !== 404)
    app.log.error(
      { err: error, x_request_id: event.locals.requestId, route: event.route.id, outcome: 'failed' },
      'A request failed',
    );
  return errorForPage(error, { status, message, requestId: event.locals.requestId });
};

/** Who a personal key belongs to is known only once its endpoint has asked, so it is looked up when it is wanted. */
function callerOf(locals: App.Locals): Correlation {
  return {
    requestId: locals.requestId,
    get userId() {
      return (locals.actor ?? locals.keyHolder)?.userId ?? null;
    },
  };
}

function redirectTo(address: string | null): Response | null {
  return address === null ? null : new Response(null, { status: 307, headers: { location: address } });
}

function withSecurityHeaders(response: Response, { settings, services }: App): void {
  addSecurityHeaders(response.headers, {
    settings,
    channelUrl: () => services.system.channel().url,
  });
}

async function runningApp(): Promise<App> {
  if (!shared.backlogue) throw new Error('A request came before the app was started.');
  return shared.backlogue;
}
