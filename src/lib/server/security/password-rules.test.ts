import { describe, expect, it } from 'vitest';
import commonPasswords from './common-passwords.json' with { type: 'json' };
import { isCommonPassword } from './common-passwords.ts';
import { requireGoodPassword } from './password-rules.ts';

const ada = { employeeId: 'alovelace', email: 'ada.l@example.com' };

describe('isCommonPassword', () => {
  it.each([
    'password',
    'PASSWORD',
    'Summer2026!',
    'P@ssw0rd1',
    'P4$$w0rd!',
    '123Welcome!',
    'W3lc0me#1',
    'Qwertz123$',
    'Trustno1!',
    'Abc123!!',
    '1q2w3e4R!',
    'Ncc1701D-',
    'Ｐａｓｓｗｏｒｄ-1',
  ])('finds %s', async (password) => expect(await isCommonPassword(password)).toBe(true));

  it.each(['Correct-Horse-7', 'Tr0ubador&3x', 'Zwölf-Boxkämpfer-9'])('lets %s pass', async (password) => {
    expect(await isCommonPassword(password)).toBe(false);
  });

  it('knows well over 3,000 words (ASVS 6.2.4), each in a form in which passwords are compared', async () => {
    const words = [commonPasswords.ours, commonPasswords.listed].flatMap((list) => list.split(' '));
    expect(new Set(words).size).toBe(words.length);
    expect(words.length).toBeGreaterThan(7_000);
    expect(words.filter((word) => !/^[\p{Ll}\p{N}]\S*[\p{Ll}\p{N}]$/u.test(word))).toEqual([]);
  });

  it('finds every one of them in the dress that the rules of composition ask for', async () => {
    const words = [commonPasswords.ours, commonPasswords.listed].flatMap((list) => list.split(' '));
    const missed: string[] = [];
    for (const word of words) {
      const dressed = `${word.charAt(0).toUpperCase()}${word.slice(1)}`;
      for (const password of [`${dressed}2026!`, `${dressed}#`])
        if (/[a-z]$/.test(word) && !(await isCommonPassword(password))) missed.push(password);
      if (!(await isCommonPassword(`${dressed}!`))) missed.push(`${dressed}!`);
    }
    expect(missed).toEqual([]);
  });
});

describe('requireGoodPassword', () => {
  it('lets a good one pass', async () => {
    await expect(requireGoodPassword('Correct-Horse-7', ada)).resolves.toBeUndefined();
  });

  it.each([
    ['Ab1!', 'at least 8 characters'],
    ['correct-horse-7', 'an upper-case letter'],
    ['CORRECT-HORSE-7', 'a lower-case letter'],
    ['Correct-Horse-x', 'a number'],
    ['CorrectHorse77', 'a special character'],
    ['Welcome-2026!', 'common password'],
    ['x-ALovelace-42', 'employee id'],
    ['My-ada.l-42-Y', 'e-mail name'],
  ])('refuses %s', async (password, reason) => {
    await expect(requireGoodPassword(password, ada)).rejects.toMatchObject({
      code: 'password_refused',
      fields: { password: expect.stringContaining(reason) },
    });
  });
});
