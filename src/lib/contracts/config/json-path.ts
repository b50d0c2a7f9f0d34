import { z } from 'zod';

/** Where something stands in a JSON answer: dot-separated keys and list indexes, such as `choices.0.delta.content`. */
export const jsonPathSchema = z
  .string()
  .regex(/^[A-Za-z0-9_$-]+(\.[A-Za-z0-9_$-]+)*$/, 'Keys and indexes joined by dots.');
