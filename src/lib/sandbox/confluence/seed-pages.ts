import type { Clock } from '../clock.ts';
import type { PageStore } from './page-store.ts';
import { seededPages } from './seeded-wiki.ts';

const dayMs = 24 * 3_600_000;

/** Fills an empty practice Confluence with requirement pages that have some age. */
export function seedPages({ pages, clock }: { pages: PageStore; clock: Clock }): void {
  for (const { spaceKey, title, storage, author, daysAgo } of seededPages) {
    pages.create({ spaceKey, title, storage, parentId: null }, author, clock.now() - daysAgo * dayMs);
  }
}
