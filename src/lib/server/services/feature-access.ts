import { ForbiddenError } from '../errors/app-error.ts';
import type { Actor, ConfigurationService } from './services.ts';

/** @throws ForbiddenError `feature_closed` until the connections that the AI Issue Creator needs have been tested. */
export async function requireIssueCreator(configuration: ConfigurationService, actor: Actor): Promise<void> {
  const features = await configuration.features(actor);
  const creator = features.find(({ feature }) => feature === 'issueCreator');
  if (!creator || creator.open) return;
  const names = { jira: 'Jira', confluence: 'Confluence', llm: 'the language model' };
  const missing = creator.missing.map((kind) => names[kind]).join(' and ');
  throw new ForbiddenError(
    'feature_closed',
    `The AI Issue Creator opens once ${missing} has been tested. Your text is kept.`,
    {
      hint: 'Open Configurations and press Test.',
    },
  );
}

/** Whether pages may be read for this person: the connections that page sources need have been tested. */
export async function mayReadPages(configuration: ConfigurationService, actor: Actor): Promise<boolean> {
  const features = await configuration.features(actor);
  return features.some(({ feature, open }) => feature === 'pageSources' && open);
}
