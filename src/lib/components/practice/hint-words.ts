import type { PracticeHint } from '$lib/contracts/plain-values';

export const hintWords: Readonly<Record<PracticeHint, { title: string; text: string }>> = {
  configurations: {
    title: 'First, let it reach its systems',
    text: 'Under Configurations, press “Fill it in” and then “Save and test” for Confluence and for the language model. The tokens are made up; Jira knows you from the registration.',
  },
  requirement: {
    title: 'Now, say what you need',
    text: 'Write one requirement in your own words, or take one of the examples, and press Start. Nothing goes to Jira before you approve it.',
  },
  question: {
    title: 'It asks what it must know',
    text: 'Take a suggested answer, write your own, or skip. The questions wait for you, even if you close the page.',
  },
  review: {
    title: 'Your turn to judge',
    text: 'Change any line with its pencil, or tell it what to change. “Approve” shows exactly what will be created, and where, before it happens.',
  },
};
