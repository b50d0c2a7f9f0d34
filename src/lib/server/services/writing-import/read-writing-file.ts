import type { z } from 'zod';
import { patternRulesFileSchema } from '../../../contracts/pattern-rule.ts';
import { writingFileMaxBytes, writingFrameSchema } from '../../../contracts/writing-file.ts';
import { InvalidError } from '../../errors/app-error.ts';
import { firstSentence } from './entry-words.ts';

export type WritingFrame = z.output<typeof writingFrameSchema>;

/** The frame of an exported file; a file that holds pattern rules alone is one, too. @throws InvalidError `writing_file_invalid`. */
export function readWritingFile(text: string): WritingFrame {
  if (text.trim() === '') throw unusable('Choose a file first.');
  if (Buffer.byteLength(text) > writingFileMaxBytes)
    throw unusable('This file is larger than all rules, formats and prompts could be.');
  const content = jsonOf(text);
  const patternsAlone = patternRulesFileSchema.safeParse(content);
  if (patternsAlone.success)
    return {
      backlogueWriting: 1,
      rules: { patterns: patternsAlone.data.patterns },
      formats: [],
      prompts: [],
    };
  const frame = writingFrameSchema.safeParse(content);
  if (frame.success) return frame.data;
  throw unusable(`This is not a file of rules, formats and prompts. ${firstSentence(frame.error)}`);
}

function jsonOf(text: string): unknown {
  try {
    // Some editors put a byte order mark before the text.
    return JSON.parse(text.replace(/^\ufeff/, ''));
  } catch (cause) {
    throw unusable('This file cannot be read: it is not JSON.', cause);
  }
}

function unusable(sentence: string, cause?: unknown): InvalidError {
  return new InvalidError('writing_file_invalid', sentence, {
    hint: 'Nothing was changed. Take a file that was exported on this page.',
    cause,
  });
}
