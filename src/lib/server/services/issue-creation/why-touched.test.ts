import { describe, expect, it } from 'vitest';
import type { IssueHistory } from '../../adapters/jira/issue-history.ts';
import { whyTouched } from './why-touched.ts';

const ours = { markerLabel: 'blg-1', employeeId: 'alice', closing: false };

function issue(differs: Partial<IssueHistory> = {}): IssueHistory {
  return {
    key: 'DEMO-1',
    creator: 'Alice',
    labels: ['export', 'blg-1'],
    description: '',
    createdAt: 1_000,
    updatedAt: 3_000,
    comments: 0,
    worklogs: 0,
    attachments: 0,
    changes: [],
    ...differs,
  };
}

describe('An issue that a launch created', () => {
  it('is untouched when it only carries what creating and linking left', () => {
    expect(whyTouched(issue(), ours)).toBeNull();
    expect(whyTouched(issue({ changes: [{ by: 'alice', fields: ['Link'] }] }), ours)).toBeNull();
    expect(whyTouched(issue({ labels: [], description: 'Text\nblg-1' }), ours)).toBeNull();
  });

  it.each([
    [{ labels: ['export'] }, /marker/],
    [{ creator: 'bob' }, /bob created it/],
    [{ comments: 1 }, /commented/],
    [{ worklogs: 2 }, /logged work/],
    [{ attachments: 1 }, /attached/],
    [{ changes: [{ by: 'bob', fields: ['summary'] }] }, /bob changed its summary/],
    [{ changes: [{ by: 'bob', fields: ['Link'] }] }, /bob changed its Link/],
    [{ changes: [{ by: 'alice', fields: ['status'] }] }, /You changed its status/],
    [{ changes: null, updatedAt: 500_000 }, /does not show by whom/],
    [{ changes: null, updatedAt: null }, /does not show by whom/],
  ])('is touched with %j', (differs, reason) => {
    expect(whyTouched(issue(differs), ours)).toMatch(reason);
  });

  it('may carry our own closing after a crash, and nobody else’s', () => {
    const closed = [{ by: 'alice', fields: ['status', 'resolution'] }];
    expect(whyTouched(issue({ changes: closed }), { ...ours, closing: true })).toBeNull();
    const byBob = [{ by: 'bob', fields: ['status'] }];
    expect(whyTouched(issue({ changes: byBob }), { ...ours, closing: true })).toMatch(/bob/);
  });
});
