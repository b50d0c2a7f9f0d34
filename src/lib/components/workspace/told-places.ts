/** The id of the element that holds what `M2.1`, `A3` or `S1.4` refers to: the message, the question, the source. */
export function placeId(ref: string): string {
  return `told-${ref.split('.')[0]}`;
}

const MARKED_FOR_MS = 2_400;

/** Scrolls to what a reference points at, gives it the focus and marks it for a moment. False when it is not there. */
export function showPlace(ref: string): boolean {
  const place = document.getElementById(placeId(ref));
  if (!place) return false;
  const calm = matchMedia('(prefers-reduced-motion: reduce)').matches;
  place.scrollIntoView({ block: 'center', behavior: calm ? 'auto' : 'smooth' });
  place.focus({ preventScroll: true });
  place.dataset['marked'] = '';
  setTimeout(() => delete place.dataset['marked'], MARKED_FOR_MS);
  return true;
}
