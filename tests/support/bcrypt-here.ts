import { hash, verify } from '@node-rs/bcrypt';
import type { Bcrypt } from '../../src/lib/server/security/password-hash.ts';

/** bcrypt without threads of the product's: for tests of what stands on it, which need none to be started and ended. */
export const bcryptHere: Bcrypt = {
  hash: (text, cost) => hash(text, cost),
  verify: (text, against) => verify(text, against),
};
