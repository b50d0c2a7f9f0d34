/**
 * What pages need of the contracts beside their types. Free of zod, which weighs as much as the rest of a first screen:
 * a page that only needs a limit must not load it.
 */

/** Raised whenever an event changes so that an older page would misread it; the handshake carries it. */
export const channelVersion = 1;
/** Longest text of one message, in characters; longer matter goes in as a source. */
export const messageMaxCharacters = 20_000;

export const issueKeyPattern = /^[A-Z][A-Z0-9_]{1,19}-[1-9][0-9]*$/;

export const railWidthPx = { min: 200, max: 360, initial: 244 } as const;

/** The hints of practice mode, in the order of the main job. */
export const practiceHints = ['configurations', 'requirement', 'question', 'review'] as const;
export type PracticeHint = (typeof practiceHints)[number];

/** Most formats, and most prompts, that one person keeps beside the shared ones. */
export const ownTextsMax = 20;
