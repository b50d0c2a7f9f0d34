import type { ConversationState } from '../conversation-view.ts';

/**
 * Tells a person in another tab that they are needed: `calling` puts it into the title, and where they allowed it a
 * notification says it once for each question or review.
 */
export function createAttentionCall(conversation: () => ConversationState) {
  let hidden = $state(false);
  const waitsFor = $derived(
    conversation().openClarification?.interruptId ?? conversation().openReview?.interruptId ?? null,
  );

  $effect(() => {
    const look = () => (hidden = document.hidden);
    look();
    document.addEventListener('visibilitychange', look);
    return () => document.removeEventListener('visibilitychange', look);
  });

  let told: string | null = null;
  $effect(() => {
    if (waitsFor === null || waitsFor === told) return;
    told = waitsFor;
    // Who looks at it when it comes needs no call.
    if (!hidden) return;
    if (typeof Notification === 'undefined' || Notification.permission !== 'granted') return;
    const { title, openClarification } = conversation();
    const body = openClarification
      ? 'A question waits for your answer.'
      : 'Stories are ready for your review.';
    const notification = new Notification(title, { body, tag: waitsFor });
    notification.onclick = () => window.focus();
  });

  return {
    get calling() {
      return hidden && waitsFor !== null;
    },
  };
}
