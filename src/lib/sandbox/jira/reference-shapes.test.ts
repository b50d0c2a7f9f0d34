import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { alice } from '../people.ts';
import { startSandbox, type Sandbox } from '../start-sandbox.ts';
import { demoStory, practiceClient } from '../testing/practice-client.ts';

// Captures of a real instance, kept outside of the project: whoever has them checks against them.
const captures = join(process.cwd(), '../shared/reference/jira-dc-8.20-captured');
const areThere = existsSync(captures);
const capture = (name: string) => JSON.parse(readFileSync(join(captures, `${name}.json`), 'utf8')) as unknown;

describe.skipIf(!areThere)(
  `shapes of a real Jira${areThere ? '' : ` (skipped: ${captures} is not there)`}`,
  () => {
    let sandbox: Sandbox;
    beforeAll(async () => {
      sandbox = await startSandbox({ dataDir: ':memory:' });
      const jira = practiceClient(sandbox, 'jira', alice);
      await jira.post(
        '/rest/api/2/issue',
        demoStory({ description: 'h2. Why', assignee: { name: 'E10421' } }),
      );
    });
    afterAll(() => sandbox.close());

    it.each([
      ['myself', '/rest/api/2/myself'],
      ['serverinfo', '/rest/api/2/serverInfo'],
      ['project-list', '/rest/api/2/project'],
      ['project-detail', '/rest/api/2/project/DEMO'],
      ['issue-transitions', '/rest/api/2/issue/DEMO-1/transitions'],
      ['user-search', '/rest/api/2/user/search?username=E10421'],
      ['issue-default', '/rest/api/2/issue/DEMO-18'],
      ['search', '/rest/api/2/search?jql=key%3DDEMO-18'],
    ])('%s has every key of the capture', async (name, path) => {
      const answer = await practiceClient(sandbox, 'jira', alice).get<unknown>(path);
      expect(answer.status).toBe(200);
      expect(missingPaths(capture(name), answer.json())).toEqual([]);
    });

    it('create-meta describes each field as the capture does', async () => {
      const meta = capture('createmeta') as {
        projects: [{ issuetypes: { name: string; fields: Record<string, unknown> }[] }];
      };
      const story = meta.projects[0].issuetypes.find(({ name }) => name === 'Story');
      const answer = await practiceClient(sandbox, 'jira', alice).get<{ values: { fieldId: string }[] }>(
        '/rest/api/2/issue/createmeta/DEMO/issuetypes/10001',
      );
      for (const field of answer.json().values) {
        const captured = story?.fields[field.fieldId];
        if (captured) expect(missingPaths(captured, field), field.fieldId).toEqual([]);
      }
    });
  },
);

// Custom fields differ between instances, nobody logs work here, and completion is not offered.
const notExpected = /\.customfield_\d+|\.autoCompleteUrl|\.timetracking\.|progress\.percent/;

function missingPaths(expected: unknown, actual: unknown, path = ''): string[] {
  if (notExpected.test(path)) return [];
  if (Array.isArray(expected)) {
    if (!Array.isArray(actual)) return [`${path} is not a list`];
    return expected.length > 0 && actual.length > 0 ? missingPaths(expected[0], actual[0], `${path}[0]`) : [];
  }
  if (typeof expected !== 'object' || expected === null || actual === null) return [];
  if (typeof actual !== 'object') return [`${path} is not an object`];
  return Object.entries(expected).flatMap(([key, value]) => {
    const inner = `${path}.${key}`;
    if (notExpected.test(inner)) return [];
    return key in actual ? missingPaths(value, (actual as Record<string, unknown>)[key], inner) : [inner];
  });
}
