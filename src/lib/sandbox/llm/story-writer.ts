import type { StoryAnswer } from '../../contracts/model-answer.ts';
import { writeCriteria } from './criteria-writer.ts';
import { estimatePoints } from './estimate.ts';
import type { Prompt } from './prompt-reader.ts';
import { readRequirement, type Capability } from './requirement-reader.ts';
import { article, capitalise, keywords, shorten, withFullStop, withoutFullStop } from './wording.ts';

const mostStories = 6;

/** One story a capability, in the order of the text. */
export function writeStories(prompt: Prompt): StoryAnswer[] {
  return readRequirement(prompt.requirement)
    .slice(0, mostStories)
    .map((capability, index) => writeStory(capability, prompt, index === 0));
}

function writeStory(capability: Capability, prompt: Prompt, isFirst: boolean): StoryAnswer {
  const acceptanceCriteria = writeCriteria(capability, prompt, { isFirst });
  return {
    summary: shorten(summaryOf(capability), prompt.rules.summaryMaxCharacters),
    issueType: 'Story',
    description: describeStory(capability, prompt.format),
    acceptanceCriteria,
    stlcNotes: testNotes(acceptanceCriteria.map(({ text }) => text)),
    storyPoints: estimatePoints(acceptanceCriteria.length, prompt.rules),
    labels: [...keywords(capability.object)].slice(0, 1),
  };
}

function summaryOf({ verb, object, formats, extras }: Capability): string {
  // "Use a password reset" says less than "Password reset".
  if (verb === 'use') return capitalise(object.replace(/^(?:an?|the) /, ''));
  const asFormats = formats.length > 0 ? ` as ${formats.join(' or ')}` : '';
  const beside = extras.map(({ text }) => text).filter((text) => text.length < 40);
  return capitalise([`${verb} ${object}${asFormats}`, ...beside].join(', '));
}

function describeStory(capability: Capability, format: Prompt['format']): string {
  const { actor, verb, object } = capability;
  const what = `${verb} ${object}${capability.formats.length > 0 ? ` as ${capability.formats.join(' or ')}` : ''}`;
  const benefit = withoutFullStop(capability.benefit ?? defaultBenefit(verb));
  if (format.kind === 'bdd') {
    return [
      `**Given** ${article(actor)} ${actor} who is signed in`,
      `**When** the ${actor} wants to ${what}`,
      `**Then** it works without help from anybody else, so that ${benefit}.`,
    ].join('\n\n');
  }
  const classic = `**As** ${article(actor)} ${actor}, **I want** to ${what}, **so that** ${benefit}.`;
  if (format.kind === 'classic' || format.sections.length === 0) return classic;
  return format.sections
    .map((section, index) => `### ${section}\n\n${index === 0 ? classic : sectionText(section, what)}`)
    .join('\n\n');
}

function sectionText(section: string, what: string): string {
  if (/scope/i.test(section))
    return `In scope: to ${what}. Not in scope: anything that the criteria do not name.`;
  if (/risk/i.test(section))
    return 'The figures must be the same as on the screen; permissions must hold for every way in.';
  if (/depend/i.test(section)) return 'None known from the text.';
  return withFullStop(`To be agreed with the team when they ${what}`);
}

function defaultBenefit(verb: string): string {
  if (/export|download|print/.test(verb)) return 'I can work with them outside of the application';
  if (/import|upload/.test(verb)) return 'nothing has to be typed a second time';
  if (/send|notify|remind|receive/.test(verb)) return 'nobody has to look for news';
  if (/search|find|filter|see|view|show/.test(verb)) return 'I find what I need without asking';
  return 'I get it done without help from somebody else';
}

/** How the story is tested, a line for each kind of check that its criteria call for. */
export function testNotes(criteria: readonly string[]): string {
  const all = criteria.join(' ');
  const lines = ['Unit and integration tests for each acceptance criterion.'];
  if (/only|may|permission|role|nobody else/i.test(all))
    lines.push('Permission tests: each role, and somebody without the right.');
  if (/PDF|CSV|XLSX|figures/.test(all))
    lines.push(
      'Compare an exported file with the figures on the screen, an empty one and a very large one too.',
    );
  if (/e-?mail|message|deliver|notif/i.test(all))
    lines.push('Delivery tests with a mailbox that refuses and one that is slow.');
  if (/audit|trail/i.test(all))
    lines.push('Check that the audit trail has exactly one entry for each action, also after a failure.');
  lines.push('Regression: the pages around it behave as before.');
  return lines.map((line) => `- ${line}`).join('\n');
}
