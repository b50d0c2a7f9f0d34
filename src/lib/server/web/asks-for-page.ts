/**
 * Whether somebody went to a page or sent a form of it, so that a whole page is the answer. What a page asks for in the
 * background takes other content types: it shows that a tab is open, and not that somebody is there.
 */
export function asksForPage({ headers }: Pick<Request, 'headers'>): boolean {
  return (headers.get('accept') ?? '').split(',').some((type) => /^\s*text\/html\s*(;|$)/i.test(type));
}
