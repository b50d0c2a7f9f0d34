import { ulid } from 'ulid';
import { z } from 'zod';
import { messageMaxCharacters } from '$lib/contracts/socket-events';
import { issueKeySchema, projectKeySchema } from '$lib/contracts/story';
import { refusalOf, sourceMaxBytes } from '$lib/components/chat/source-files';
import { InvalidError } from '$lib/server/errors/app-error';
import type { Actor, Services } from '$lib/server/services/services';

export const newConversationFormSchema = z.object({
  text: z.string().trim().min(1, 'Write or paste a requirement first.'),
  projectKey: projectKeySchema.or(z.literal('').refine(() => false, 'Choose the project.')),
  formatId: z.string().max(60).optional(),
  promptId: z
    .string()
    .max(60)
    .optional()
    .transform((id) => id || null),
  issueType: z.string().max(60).optional(),
  epicKey: z
    .string()
    .trim()
    .toUpperCase()
    .optional()
    .transform((key) => key || null)
    .pipe(issueKeySchema.nullable()),
});
interface AttachedTexts {
  /** As they were chosen or dropped. */
  files: File[];
  /** Named by their first lines. */
  pasted: File[];
}
type NewConversation = z.output<typeof newConversationFormSchema>;

const PASTED_TOO_LARGE = 'What you pasted is larger than 1 MiB. Leave out what matters least.';

/**
 * Starts a conversation with its first message and the texts that came with it. All of it or nothing: a message that
 * is refused takes the conversation back, so that the form still holds everything.
 */
export async function createConversation(
  { conversations, commands }: Pick<Services, 'conversations' | 'commands'>,
  actor: Actor,
  { text, projectKey, formatId, promptId, issueType, epicKey }: NewConversation,
  { files, pasted }: AttachedTexts,
): Promise<string> {
  const refused = files.map(refusalOf).filter((sentence) => sentence !== null);
  if (pasted.some(({ size }) => size > sourceMaxBytes)) refused.push(PASTED_TOO_LARGE);
  if (refused.length > 0) throw new InvalidError('file_refused', refused.join(' '));

  const { conversationId } = await conversations.create(actor, {
    projectKey,
    choices: { promptId, epicKey, ...(formatId && { formatId }), ...(issueType && { issueType }) },
  });
  try {
    const attached = [
      ...files.map((file) => ({ kind: 'file', file }) as const),
      ...pasted.map((file) => ({ kind: 'text', file }) as const),
    ];
    for (const { kind, file } of attached)
      await conversations.addSource(actor, conversationId, {
        kind,
        title: file.name,
        text: await file.text(),
      });
    const isLong = text.length > messageMaxCharacters;
    if (isLong)
      await conversations.addSource(actor, conversationId, { kind: 'text', title: 'Requirement', text });
    await commands['message:send'](actor, {
      conversationId,
      messageId: ulid(),
      text: isLong ? 'Draft stories from the attached text.' : text,
      draftIds: [],
    });
  } catch (error) {
    await conversations.remove(actor, conversationId);
    throw error;
  }
  return conversationId;
}
