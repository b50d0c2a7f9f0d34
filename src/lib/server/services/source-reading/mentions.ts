/** What a message points at: to be read, numbered and cited. */
export interface Mentions {
  /** Page ids, out of links to the person's own Confluence or by themselves. */
  pageIds: string[];
  /** `/display/SPACE/Title` links. */
  titledPages: { spaceKey: string; title: string }[];
  /** "the billing page": words to search titles for. */
  namedPages: string[];
  issueKeys: string[];
}

const mostOfEach = 5;

/** Finds links, issue keys and named pages in a text. Links to other hosts are left alone: nobody asked us to go there. */
export function findMentions(
  text: string,
  urls: { confluenceUrl: string | null; jiraUrl: string | null },
): Mentions {
  // A full stop or comma after a link belongs to the sentence.
  const links = text.match(/https?:\/\/[^\s<>"')\]]*[^\s<>"')\].,;:!?]/g) ?? [];
  const wiki = links.filter((link) => isBelow(link, urls.confluenceUrl));
  const withoutLinks = links.reduce(
    (rest, link) => (isBelow(link, urls.jiraUrl) ? rest : rest.replace(link, ' ')),
    text,
  );
  const titled = wiki.flatMap(titledPage);
  return {
    pageIds: unique([
      ...wiki.flatMap(pageId),
      ...[...withoutLinks.matchAll(bareId)].map(([, id = '']) => id),
    ]),
    titledPages: titled.slice(0, mostOfEach),
    namedPages: unique(
      [...withoutLinks.matchAll(namedPage)].map((match) => (match.groups?.['name'] ?? '').trim()),
    ),
    issueKeys: unique(withoutLinks.match(/\b[A-Z][A-Z0-9_]{1,19}-[1-9]\d{0,9}\b/g) ?? []),
  };
}

// "See the billing page", "as described on the refund page in Confluence": up to four words before "page".
const namedPage =
  /\b(?:see|read|per|in|on|from)\s+(?:the|our)\s+(?<name>(?:[\p{L}\p{N}-]+\s+){0,3}[\p{L}\p{N}-]+)\s+(?:wiki |confluence )?page\b/giu;

// "page 65540", "page id: 42": a short number without "id" is more likely a page of a document, or an error page.
const bareId = /\bpage(?=\s*-?id|\s+#?\d{5})(?:\s*-?id)?\s*[:=#]?\s*(\d{1,18})\b/giu;

function isBelow(link: string, base: string | null): boolean {
  if (base === null) return false;
  const target = URL.parse(link);
  const root = URL.parse(base);
  if (!target || !root || target.origin !== root.origin) return false;
  return target.pathname.startsWith(root.pathname.replace(/\/$/, ''));
}

function pageId(link: string): string[] {
  const { searchParams, pathname } = new URL(link);
  const id = searchParams.get('pageId') ?? /\/pages\/(\d+)/.exec(pathname)?.[1];
  return id !== undefined && /^\d{1,18}$/.test(id) ? [id] : [];
}

function titledPage(link: string): { spaceKey: string; title: string }[] {
  const [, spaceKey, title] = /\/display\/([^/]+)\/([^/]+)$/.exec(new URL(link).pathname) ?? [];
  if (spaceKey === undefined || title === undefined) return [];
  return [{ spaceKey: decode(spaceKey), title: decode(title) }];
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part.replaceAll('+', ' '));
  } catch {
    return part;
  }
}

function unique(values: string[]): string[] {
  return [...new Set(values)].filter((value) => value !== '').slice(0, mostOfEach);
}
