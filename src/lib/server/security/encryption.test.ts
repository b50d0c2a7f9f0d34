import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../../../tests/support/seeded-random.ts';
import { createVault, type SealedPlace } from './encryption.ts';

const place: SealedPlace = { userId: 'user-1', table: 'user', field: 'encrypted_jira_pat' };
const keys = new Map([
  ['k1', randomBytes(32)],
  ['k2', randomBytes(32)],
]);
const keyringWith = (newestId: string, held = keys) => ({
  newestId,
  key: (id: string) => held.get(id) ?? null,
});
const vault = createVault(keyringWith('k2'));

describe('vault', () => {
  it('opens what it sealed, whatever the text', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary' }),
        (plain) => vault.open(vault.seal(plain, place), place) === plain,
      ),
    );
  });

  it('names version and key, and never writes the same text twice', () => {
    const sealed = vault.seal('token', place);
    expect(sealed).toMatch(/^v1\.k2\.[\w-]{16}\.[\w-]+\.[\w-]{22}$/);
    expect(vault.seal('token', place)).not.toBe(sealed);
  });

  it('refuses a text in which a single bit or character was changed', () => {
    const sealed = vault.seal('a personal access token', place);
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.';
    fc.assert(
      fc.property(fc.nat(sealed.length - 1), fc.constantFrom(...alphabet), (at, character) => {
        fc.pre(sealed[at] !== character);
        const flipped = sealed.slice(0, at) + character + sealed.slice(at + 1);
        expect(() => vault.open(flipped, place)).toThrow(
          expect.objectContaining({ code: 'secret_unreadable' }),
        );
      }),
      { numRuns: 1_000 },
    );
  });

  it('refuses each of 10,000 texts of which one bit was flipped, or that lies in another place than its own', () => {
    const random = seededRandom(1);
    const below = (most: number) => Math.floor(random() * most);
    const opened: string[] = [];
    for (let round = 0; round < 10_000; round += 1) {
      const own = { ...place, userId: `user-${round}` };
      const [version, keyId, ...parts] = vault.seal('x'.repeat(below(80)), own).split('.');
      const bytes = parts.map((part) => Buffer.from(part, 'base64url'));
      const isMoved = round % 4 === 0;
      // Version and key id are authenticated too, and read before: characters there are changed above.
      const flipped = bytes.filter(({ length }) => length > 0)[
        below(bytes.every(({ length }) => length) ? 3 : 2)
      ];
      const at = below(flipped?.length ?? 0);
      if (!isMoved && flipped) flipped[at] = (flipped[at] ?? 0) ^ (1 << below(8));
      const text = [version, keyId, ...bytes.map((part) => part.toString('base64url'))].join('.');
      try {
        opened.push(vault.open(text, isMoved ? { ...own, userId: `user-${round + 1}` } : own));
      } catch (error) {
        if ((error as { code?: string }).code !== 'secret_unreadable') throw error;
      }
    }
    expect(opened).toEqual([]);
    // A busy machine takes seconds for what an idle one does in one.
  }, 60_000);

  it('refuses a text that was cut short, also within the tag', () => {
    const sealed = vault.seal('a personal access token', place);
    for (let length = 0; length < sealed.length; length += 1) {
      expect(() => vault.open(sealed.slice(0, length), place)).toThrow('cannot be read');
    }
  });

  it.each([
    ['another person', { ...place, userId: 'user-2' }],
    ['another table', { ...place, table: 'confluence_config' }],
    ['another field', { ...place, field: 'jira_encrypted_ca' }],
    [
      'a place whose parts only join to the same text',
      { userId: 'user-1user', table: '', field: 'encrypted_jira_pat' },
    ],
  ])('refuses a text that was moved to %s', (_, elsewhere) => {
    expect(() => vault.open(vault.seal('token', place), elsewhere)).toThrow('cannot be read');
  });

  it('opens what an older key sealed, and tells that it is outdated', () => {
    const old = createVault(keyringWith('k1')).seal('token', place);
    expect(vault.open(old, place)).toBe('token');
    expect(vault.isOutdated(old)).toBe(true);
    expect(vault.isOutdated(vault.seal('token', place))).toBe(false);
  });

  it('refuses a key that is not held, and one that was replaced under the same id', () => {
    const sealed = vault.seal('token', place);
    expect(() =>
      createVault(keyringWith('k1', new Map([['k1', randomBytes(32)]]))).open(sealed, place),
    ).toThrow('cannot be read');
    expect(() =>
      createVault(keyringWith('k2', new Map([['k2', randomBytes(32)]]))).open(sealed, place),
    ).toThrow('cannot be read');
  });
});
