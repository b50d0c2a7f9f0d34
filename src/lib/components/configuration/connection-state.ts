import type { ConnectionView } from '$lib/contracts/connection';

interface ConnectionState {
  tone: 'neutral' | 'good' | 'warn' | 'bad';
  text: string;
}

/** How a connection stands, in two words. A change after a test makes the test due again, passed or not. */
export function connectionState({ hasSecret, lastTest, testIsCurrent }: ConnectionView): ConnectionState {
  if (!hasSecret && !lastTest) return { tone: 'neutral', text: 'not set up' };
  if (!lastTest || !testIsCurrent) return { tone: 'warn', text: 'test due' };
  return lastTest.ok ? { tone: 'good', text: 'tested' } : { tone: 'bad', text: 'test failed' };
}
