import { fileURLToPath } from 'node:url';

/** Where each test file leaves the queries that repositories ran in it, for `tests/plans`. */
export const queriesFolder = fileURLToPath(new URL('../../.test-output/queries', import.meta.url));
