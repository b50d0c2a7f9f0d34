import { describe, expect, it } from 'vitest';
import { findMentions } from './mentions.ts';

const urls = { confluenceUrl: 'https://wiki.example.test/confluence', jiraUrl: 'https://jira.example.test' };

describe('Mentions in a message', () => {
  it('finds page links of the own Confluence in each of their forms', () => {
    const found = findMentions(
      'See https://wiki.example.test/confluence/pages/viewpage.action?pageId=42, ' +
        'https://wiki.example.test/confluence/spaces/BILL/pages/77/Exports and ' +
        'https://wiki.example.test/confluence/display/BILL/Exports+and+retention',
      urls,
    );
    expect(found.pageIds).toEqual(['42', '77']);
    expect(found.titledPages).toEqual([{ spaceKey: 'BILL', title: 'Exports and retention' }]);
  });

  it('finds a page that is named by its id', () => {
    const ids = (text: string) => findMentions(text, urls).pageIds;
    expect(ids('Draft what page 65540 says, and page id: 42 with pageId=77.')).toEqual(['65540', '42', '77']);
    expect(ids('Show page 404 where page 12 is missing, 65540 times.')).toEqual([]);
  });

  it('leaves links to other hosts alone, whatever they carry', () => {
    const found = findMentions('https://evil.test/confluence/pages/viewpage.action?pageId=42&x=DEMO-1', urls);
    expect(found).toEqual({ pageIds: [], titledPages: [], namedPages: [], issueKeys: [] });
  });

  it('finds issue keys once each, also in links to the own Jira', () => {
    expect(
      findMentions('Like DEMO-12 and https://jira.example.test/browse/OPS-3, see DEMO-12. Not UTF-8x.', urls)
        .issueKeys,
    ).toEqual(['DEMO-12', 'OPS-3']);
  });

  it('finds a page that is only named', () => {
    expect(findMentions('Export invoices. See the billing page in Confluence.', urls).namedPages).toEqual([
      'billing',
    ]);
    expect(findMentions('Customers land on the page they came from.', urls).namedPages).toEqual([]);
  });
});
