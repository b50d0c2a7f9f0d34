import { emptyReply, isObject, jsonObject, jsonReply, type PracticeReply } from '../http.ts';
import type { Route, RoutedRequest } from '../router.ts';
import type { ConfluenceParts } from './confluence-parts.ts';
import { CqlError, searchPages } from './cql.ts';
import type { WikiPage } from './page-store.ts';
import { pageOf } from './paging.ts';
import { confluenceError, notPermitted, pageNotFound } from './replies.ts';
import { findSpace } from './spaces.ts';

/** Finding, reading and writing pages. */
export function contentEndpoints(parts: ConfluenceParts): Route[] {
  const { pages } = parts;
  const path = '/rest/api/content';
  return [
    { method: 'GET', pattern: `${path}/search`, handle: (routed) => search(routed, parts) },
    { method: 'GET', pattern: path, handle: (routed) => listContent(routed, parts) },
    { method: 'POST', pattern: path, handle: (routed) => createPage(routed, parts) },
    {
      method: 'GET',
      pattern: `${path}/:id`,
      handle: (routed) => {
        const page = visiblePage(routed, parts);
        if (!page) return pageNotFound(routed.params.id ?? '');
        return contentReply(page, parts, expandOf(routed, ['history', 'space', 'version']));
      },
    },
    { method: 'PUT', pattern: `${path}/:id`, handle: (routed) => updatePage(routed, parts) },
    {
      method: 'DELETE',
      pattern: `${path}/:id`,
      handle: (routed) => {
        const page = visiblePage(routed, parts);
        if (!page) return pageNotFound(routed.params.id ?? '');
        pages.delete(page.id);
        return emptyReply(String(page.id));
      },
    },
  ];
}

function search(routed: RoutedRequest, { pages, wire, clock }: ConfluenceParts): PracticeReply {
  const indexedUntil = clock.now() - routed.indexLagMs;
  const visible = routed.person ? pages.all() : [];
  const indexed = visible.filter((page) => routed.indexLagMs === 0 || page.createdAt <= indexedUntil);
  try {
    const found = searchPages(routed.request.query.get('cql') ?? '', indexed);
    return pageOf(
      routed.request,
      wire,
      found.map((page) => wire.page(page, expandOf(routed))),
    );
  } catch (error) {
    if (error instanceof CqlError) return confluenceError(400, error.message);
    throw error;
  }
}

function listContent(routed: RoutedRequest, { pages, wire }: ConfluenceParts): PracticeReply {
  const { query } = routed.request;
  const title = query.get('title')?.toLowerCase();
  const spaceKey = query.get('spaceKey')?.toUpperCase();
  const visible = routed.person ? pages.all() : [];
  const found = visible.filter(
    (page) =>
      (title === undefined || page.title.toLowerCase() === title) &&
      (spaceKey === undefined || page.spaceKey === spaceKey),
  );
  return pageOf(
    routed.request,
    wire,
    found.map((page) => wire.page(page, expandOf(routed))),
  );
}

function createPage(routed: RoutedRequest, parts: ConfluenceParts): PracticeReply {
  if (!routed.person) return notPermitted();
  const body = jsonObject(routed.request.body);
  if (body?.type !== 'page') return confluenceError(400, 'The type of the content has to be "page".');
  const space = isObject(body.space) ? findSpace(String(body.space.key)) : undefined;
  if (!space) return confluenceError(404, 'No space found with the given key.');
  const title = readTitle(body);
  if (title === null) return confluenceError(400, 'A title of 1 to 255 characters is required.');
  const storage = readStorage(body);
  if (storage === null) return confluenceError(400, 'The body has to be in storage format.');
  if (parts.pages.findByTitle(space.key, title)) {
    return confluenceError(400, `A page with this title already exists: ${title} in the space ${space.key}.`);
  }
  const parent = readParent(body, parts);
  if (parent === 'missing') return confluenceError(400, 'The parent page does not exist.');
  const parentId = parent?.id ?? null;
  const page = parts.pages.create(
    { spaceKey: space.key, title, storage, parentId },
    routed.person.employeeId,
  );
  return contentReply(
    page,
    parts,
    ['body.storage', 'version', 'space', 'history', 'ancestors'],
    String(page.id),
  );
}

function updatePage(routed: RoutedRequest, parts: ConfluenceParts): PracticeReply {
  const page = visiblePage(routed, parts);
  if (!page || !routed.person) return pageNotFound(routed.params.id ?? '');
  const body = jsonObject(routed.request.body) ?? {};
  const version = isObject(body.version) ? Number(body.version.number) : Number.NaN;
  if (version !== page.version + 1) {
    return confluenceError(409, `Version must be incremented on update. Current version is: ${page.version}`);
  }
  const title = readTitle(body) ?? page.title;
  const sameTitle = parts.pages.findByTitle(page.spaceKey, title);
  if (sameTitle && sameTitle.id !== page.id) {
    return confluenceError(
      400,
      `A page with this title already exists: ${title} in the space ${page.spaceKey}.`,
    );
  }
  const storage = readStorage(body) ?? page.storage;
  const updated = parts.pages.update(page.id, { title, storage }, routed.person.employeeId);
  if (!updated) return pageNotFound(String(page.id));
  return contentReply(updated, parts, ['body.storage', 'version', 'space', 'history'], String(page.id));
}

function contentReply(page: WikiPage, { wire }: ConfluenceParts, expand: readonly string[], key?: string) {
  const content = wire.page(page, expand);
  const links = content._links as Record<string, string>;
  return jsonReply(
    200,
    { ...content, _links: { ...links, base: wire.baseUrl, context: wire.contextPath } },
    key,
  );
}

function visiblePage({ person, params }: RoutedRequest, { pages }: ConfluenceParts): WikiPage | undefined {
  return person && /^\d{1,15}$/.test(params.id ?? '') ? pages.find(Number(params.id)) : undefined;
}

function expandOf({ request }: RoutedRequest, fallback: readonly string[] = []): readonly string[] {
  const expand = request.query.get('expand');
  return expand === null ? fallback : expand.split(',').map((name) => name.trim());
}

function readTitle(body: Record<string, unknown>): string | null {
  const title = typeof body.title === 'string' ? body.title.trim() : '';
  return title.length > 0 && title.length <= 255 ? title : null;
}

function readStorage(body: Record<string, unknown>): string | null {
  const storage = isObject(body.body) ? body.body.storage : undefined;
  if (!isObject(storage) || storage.representation !== 'storage') return null;
  return typeof storage.value === 'string' ? storage.value : null;
}

function readParent(
  body: Record<string, unknown>,
  { pages }: ConfluenceParts,
): WikiPage | 'missing' | undefined {
  const nearest: unknown = Array.isArray(body.ancestors) ? body.ancestors.at(-1) : undefined;
  if (!isObject(nearest)) return undefined;
  return pages.find(Number(nearest.id)) ?? 'missing';
}
