import { expect, it } from 'vitest';
import { setUpAccounts } from '../../../../../tests/support/accounts.ts';
import { createAuditSearchRepository } from '../../repositories/audit-search-repository.ts';
import { auditConfiguration } from './configuration-audit.ts';

const versionOf = (hash: string) => [
  { name: 'config.json' as const, hash: hash.repeat(64), inForceSince: 1 },
  { name: 'header.json' as const, hash: 'f'.repeat(64), inForceSince: 1 },
];

it('Each version of the configuration that comes into force is recorded once, by its hashes', async () => {
  using accounts = setUpAccounts();
  let files = versionOf('a');
  let changed: () => void = () => undefined;
  const started = () =>
    auditConfiguration({
      config: {
        files: () => files,
        onChange: (listener) => ((changed = listener as () => void), () => undefined),
      },
      events: createAuditSearchRepository(accounts.db),
      audit: accounts.audit,
      ids: { next: () => 'request-1' },
    });
  const recorded = () =>
    accounts.auditRepository
      .after(0, 100)
      .filter(({ action }) => action === 'configuration.change')
      .map(({ detail }) => (JSON.parse(detail) as Record<string, string>)['config.json']);

  await started();
  await started();
  expect(recorded()).toEqual(['a'.repeat(16)]);

  files = versionOf('b');
  changed();
  await expect.poll(recorded).toEqual(['a'.repeat(16), 'b'.repeat(16)]);
  await started();
  expect(recorded()).toHaveLength(2);
});

it('A version is recorded too where the last one cannot be read', async () => {
  using accounts = setUpAccounts();
  await auditConfiguration({
    config: { files: () => versionOf('a'), onChange: () => () => undefined },
    events: { before: () => Promise.reject(new Error('database disk image is malformed')) },
    audit: accounts.audit,
    ids: { next: () => 'request-1' },
  });
  expect(accounts.auditRepository.after(0, 100)).toMatchObject([{ action: 'configuration.change' }]);
});
