import type { ConfluenceContent } from './confluence-schemas.ts';

/** A page as search shows it. */
export interface ConfluencePageSummary {
  id: string;
  title: string;
  spaceKey: string;
  version: number | null;
  /** Where a person reads it. */
  url: string;
}

/** A page with its text in storage format: data, never instruction. See `storage-to-paragraphs.ts`. */
export interface ConfluencePage extends ConfluencePageSummary {
  storage: string;
}

/** A content body of Confluence's REST API as search shows it. */
export function toPageSummary(content: ConfluenceContent, baseUrl: string): ConfluencePageSummary {
  return {
    id: content.id,
    title: content.title,
    spaceKey: content.space?.key ?? '',
    version: content.version?.number ?? null,
    // Below the URL that this person connects to: what the server takes for its own may be an inner address.
    url:
      baseUrl + (content._links?.webui ?? `/pages/viewpage.action?pageId=${encodeURIComponent(content.id)}`),
  };
}

/** The same with its text, empty where the body holds none. */
export function toPage(content: ConfluenceContent, baseUrl: string): ConfluencePage {
  return { ...toPageSummary(content, baseUrl), storage: content.body?.storage?.value ?? '' };
}
