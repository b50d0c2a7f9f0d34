import type { CallType } from '../../contracts/model-answer.ts';
import type { TokenChannel } from '../../contracts/run-event.ts';
import type { ModelAnswer, PromptMessage, RunContext } from '../ports.ts';
import { untilAborted } from './until-aborted.ts';

export interface Question {
  type: Exclude<CallType, 'whoami' | 'test'>;
  messages: PromptMessage[];
  /** Where the answer is shown while it comes; absent: nowhere. */
  stream?: { id: string; channel: TokenChannel };
}

/**
 * Asks the model once. Rejects at once with the signal's reason when the run is stopped, whatever the model does;
 * what had come in by then stays with the stream, marked as cut.
 */
export async function askModel(
  context: RunContext,
  { type, messages, stream }: Question,
): Promise<ModelAnswer> {
  const { signal, tokens, model, settings } = context;
  signal.throwIfAborted();
  const system = systemPrompt(settings, type);
  if (!stream) return untilAborted(model.complete({ type, system, messages, signal }), signal);

  let text = '';
  let open = true;
  const onDelta = (delta: string) => {
    if (!open) return;
    text += delta;
    tokens.push(stream.id, stream.channel, delta);
  };
  try {
    const answer = await untilAborted(model.complete({ type, system, messages, signal, onDelta }), signal);
    open = false;
    // A message and drafts are published as events of their own, which replace the stream.
    tokens.end(stream.id, stream.channel, { text: null, cut: false });
    return answer;
  } catch (error) {
    open = false;
    tokens.end(stream.id, stream.channel, { text, cut: true });
    throw error;
  }
}

export function systemPrompt(settings: RunContext['settings'], type: Question['type']): string {
  return `${settings.systemInstructions}\n\n${settings.systemPrompts[type]}`;
}
