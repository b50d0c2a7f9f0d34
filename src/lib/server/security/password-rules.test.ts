import { describe, expect, it } from 'vitest';
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
  ])('finds %s', (password) => expect(isCommonPassword(password)).toBe(true));

  it.each(['Correct-Horse-7', 'Tr0ubador&3x', 'Zwölf-Boxkämpfer-9'])('lets %s pass', (password) => {
    expect(isCommonPassword(password)).toBe(false);
  });
});

describe('requireGoodPassword', () => {
  it('lets a good one pass', () => {
    expect(() => requireGoodPassword('Correct-Horse-7', ada)).not.toThrow();
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
  ])('refuses %s', (password, reason) => {
    expect(() => requireGoodPassword(password, ada)).toThrow(
      expect.objectContaining({
        code: 'password_refused',
        fields: { password: expect.stringContaining(reason) },
      }),
    );
  });
});
