import { z } from 'zod';

/** Long enough for a real message, short enough for a form. */
const MOST_CHARACTERS = 500;

const jiraBody = z.object({
  errorMessages: z.array(z.string()).catch([]),
  errors: z.record(z.string(), z.string()).catch({}),
});

const confluenceBody = z.object({
  message: z.string(),
  data: z
    .object({ errors: z.array(z.object({ message: z.object({ translation: z.string().optional() }) })) })
    .nullish()
    .catch(null),
});

/**
 * What an error body says to a person: one sentence, and those that belong to a field. Empty where the body is HTML or
 * anything else that is not an error of Jira or Confluence.
 */
export function refusalDetails(body: string): { sentence: string; fields?: Record<string, string> } {
  const json = jsonOrNull(body);
  const jira = jiraBody.safeParse(json);
  if (jira.success && (jira.data.errorMessages.length > 0 || Object.keys(jira.data.errors).length > 0)) {
    const { errorMessages, errors } = jira.data;
    const fields = Object.fromEntries(
      Object.entries(errors).map(([field, message]) => [field, plain(message)]),
    );
    const told = Object.entries(fields).map(([field, message]) => namingField(field, message));
    return {
      sentence: joined([...errorMessages.map(plain), ...told]),
      ...(Object.keys(fields).length > 0 ? { fields } : {}),
    };
  }
  const confluence = confluenceBody.safeParse(json);
  if (!confluence.success) return { sentence: '' };
  const translations = (confluence.data.data?.errors ?? []).map(({ message }) => message.translation ?? '');
  return { sentence: joined([confluence.data.message, ...translations].map(plain)) };
}

function jsonOrNull(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return null;
  }
}

/** Jira's own sentences mostly name the field already ("Field 'customfield_10106' cannot be set..."). */
function namingField(field: string, message: string): string {
  return message.toLowerCase().includes(field.toLowerCase()) ? message : `${field}: ${message}`;
}

function plain(text: string): string {
  return text
    .replace(/<[^>]*>/g, ' ')
    .replace(/\s+/g, ' ')
    .trim();
}

function joined(sentences: string[]): string {
  const text = [...new Set(sentences.filter((sentence) => sentence !== ''))].join(' ');
  return text.length <= MOST_CHARACTERS ? text : `${text.slice(0, MOST_CHARACTERS - 1)}…`;
}
