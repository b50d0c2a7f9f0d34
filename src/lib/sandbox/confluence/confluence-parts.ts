import type { Clock } from '../clock.ts';
import type { PageStore } from './page-store.ts';
import type { ConfluenceWire } from './wire.ts';

/** What the endpoints of the practice Confluence work with. */
export interface ConfluenceParts {
  readonly pages: PageStore;
  readonly wire: ConfluenceWire;
  readonly clock: Clock;
}
