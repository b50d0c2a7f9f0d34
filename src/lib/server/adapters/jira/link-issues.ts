import type { JiraRest } from '../jira-rest.ts';

export interface IssueLinking {
  /** The link type's name, such as Blocks. */
  type: string;
  /** The issue that shows the outward phrase: with Blocks, `from` blocks `to`. */
  from: string;
  to: string;
}

type Direction = 'as_asked' | 'reversed' | 'absent';

/**
 * Links two issues unless they are linked so already; safe to repeat. Sources disagree on which end of the call shows
 * the outward phrase, so the link is read back, and turned round once where this Jira took it the other way.
 */
export async function linkIssues(jira: JiraRest, linking: IssueLinking): Promise<void> {
  if (await isLinked(jira, linking)) return;
  await jira.createLink({ type: linking.type, inward: linking.from, outward: linking.to });
  const made = await readBack(jira, linking);
  if (made.direction !== 'reversed') return;
  await jira.createLink({ type: linking.type, inward: linking.to, outward: linking.from });
  await jira.deleteLink(made.linkId);
}

/** Whether the link is there already, the way round that was asked for. */
export async function isLinked(jira: JiraRest, linking: IssueLinking): Promise<boolean> {
  return (await readBack(jira, linking)).direction === 'as_asked';
}

async function readBack(
  jira: JiraRest,
  { type, from, to }: IssueLinking,
): Promise<{ direction: Direction; linkId: string }> {
  const { links } = await jira.issue(from);
  const ofType = links.filter((link) => link.type.toLowerCase() === type.toLowerCase());
  const asAsked = ofType.find((link) => link.direction === 'outward' && link.key === to);
  if (asAsked) return { direction: 'as_asked', linkId: asAsked.id };
  const reversed = ofType.find((link) => link.direction === 'inward' && link.key === to);
  return reversed ? { direction: 'reversed', linkId: reversed.id } : { direction: 'absent', linkId: '' };
}
