import { newPasswordSchema } from '../../contracts/account.ts';
import { InvalidError } from '../errors/app-error.ts';
import { isCommonPassword } from './common-passwords.ts';

/** What a guesser knows about the person. */
interface PasswordOwner {
  employeeId: string;
  email: string;
}

/** Shorter ids occur in good passwords by chance. */
const SHORTEST_TELLING_PART = 4;

/**
 * Lets a password pass that may be set.
 * @throws InvalidError `password_refused` with a sentence for the field `password`.
 */
export async function requireGoodPassword(password: string, owner: PasswordOwner): Promise<void> {
  const reason = composition(password) ?? (await weakness(password, owner));
  if (reason === null) return;
  throw new InvalidError('password_refused', 'That password cannot be used.', {
    fields: { password: reason },
  });
}

function composition(password: string): string | null {
  const checked = newPasswordSchema.safeParse(password);
  return checked.success ? null : checked.error.issues.map(({ message }) => message).join(' ');
}

async function weakness(password: string, { employeeId, email }: PasswordOwner): Promise<string | null> {
  if (await isCommonPassword(password))
    return 'That is a common password with something around it. Choose another one.';
  const lower = password.toLowerCase();
  const telling = [employeeId, email.split('@')[0] ?? ''].filter(
    (part) => part.length >= SHORTEST_TELLING_PART,
  );
  if (telling.some((part) => lower.includes(part.toLowerCase())))
    return 'It must not contain your employee id or e-mail name.';
  return null;
}
