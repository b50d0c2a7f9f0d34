import type { PracticeReply, PracticeRequest } from './http.ts';
import type { PracticePerson } from './people.ts';

export interface RoutedRequest {
  readonly request: PracticeRequest;
  /** Who presented a valid credential; undefined for everybody else. */
  readonly person: PracticePerson | undefined;
  /** What the `:names` of the pattern stood for, decoded. */
  readonly params: Readonly<Record<string, string>>;
  /** How old something must be for a search to see it. */
  readonly indexLagMs: number;
}

export interface Route {
  readonly method: string;
  /** A path such as `/rest/api/2/issue/:key`; the last `:name*` also takes slashes. */
  readonly pattern: string;
  readonly handle: (routed: RoutedRequest) => PracticeReply;
}

/**
 * Finds the first route for a request. HEAD is answered by GET's route.
 * @returns 'no such path', or 'no such method' where only the method is wrong.
 */
export function createRouter(routes: readonly Route[]) {
  const compiled = routes.map((route) => ({ ...route, expression: toExpression(route.pattern) }));

  return (method: string, path: string) => {
    const onPath = compiled.flatMap((route) => {
      const params = paramsOf(route.expression, path);
      return params ? [{ route, params }] : [];
    });
    const wanted = method === 'HEAD' ? 'GET' : method;
    const found = onPath.find(({ route }) => route.method === wanted);
    if (found) return { handle: found.route.handle, params: found.params };
    return onPath.length > 0 ? ('no such method' as const) : ('no such path' as const);
  };
}

function toExpression(pattern: string): RegExp {
  const source = pattern
    .replaceAll(/[.]/g, String.raw`\.`)
    .replaceAll(/:(\w+)\*/g, '(?<$1>.+)')
    .replaceAll(/:(\w+)/g, '(?<$1>[^/]+)');
  return new RegExp(`^${source}/?$`);
}

function paramsOf(expression: RegExp, path: string): Record<string, string> | null {
  const match = expression.exec(path);
  if (!match) return null;
  try {
    return Object.fromEntries(
      Object.entries(match.groups ?? {}).map(([name, value]) => [name, decodeURIComponent(value)]),
    );
  } catch {
    return null; // A lone percent sign is not a path of ours.
  }
}
