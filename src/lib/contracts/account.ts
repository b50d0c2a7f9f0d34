import { z } from 'zod';

/** Each line of the live feedback under the password field. Order is the order on the screen. */
export const passwordRequirements = [
  { id: 'length', label: 'At least 8 characters', test: (password: string) => [...password].length >= 8 },
  { id: 'upper', label: 'An upper-case letter', test: (password: string) => /\p{Lu}/u.test(password) },
  { id: 'lower', label: 'A lower-case letter', test: (password: string) => /\p{Ll}/u.test(password) },
  { id: 'number', label: 'A number', test: (password: string) => /\p{Nd}/u.test(password) },
  {
    id: 'special',
    label: 'A special character',
    test: (password: string) => /[^\p{L}\p{N}\s]/u.test(password),
  },
] as const;

export const passwordMaxCharacters = 200;

/** A password that may be set. The common-password list is checked by the server besides. */
export const newPasswordSchema = z
  .string()
  .max(passwordMaxCharacters, `A password has at most ${passwordMaxCharacters} characters.`)
  .superRefine((password, context) => {
    for (const { label, test } of passwordRequirements) {
      if (!test(password)) context.addIssue({ code: 'custom', message: `Missing: ${label.toLowerCase()}.` });
    }
  });

export const registerTokenFormSchema = z.object({
  jiraToken: z
    .string()
    .trim()
    .min(1, 'Paste your Jira personal access token.')
    .max(512, 'That is too long for a token.'),
});

export const registerPasswordFormSchema = z
  .object({ password: newPasswordSchema, passwordAgain: z.string() })
  .refine((form) => form.password === form.passwordAgain, {
    path: ['passwordAgain'],
    message: 'The two passwords differ.',
  });

export const signInFormSchema = z.object({
  login: z.string().trim().min(1, 'Type your employee id, name or e-mail address.').max(254),
  password: z.string().min(1, 'Type your password.').max(passwordMaxCharacters),
});

/** The password that one has, asked for once more before something that only its person may do. */
export const currentPasswordSchema = z
  .string()
  .min(1, 'Type your current password.')
  .max(passwordMaxCharacters);

export const changePasswordFormSchema = z
  .object({
    currentPassword: currentPasswordSchema,
    password: newPasswordSchema,
    passwordAgain: z.string(),
  })
  .refine((form) => form.password === form.passwordAgain, {
    path: ['passwordAgain'],
    message: 'The two passwords differ.',
  });

export const eraseFormSchema = z.object({
  erasePassword: z.string().min(1, 'Type your current password.').max(passwordMaxCharacters),
});
