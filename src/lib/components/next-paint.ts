/** Once, before the next paint or a little later: hidden tabs are not painted, but their titles still follow. */
export function beforeNextPaint(flush: () => void): void {
  let flushed = false;
  const once = () => {
    if (!flushed) flush();
    flushed = true;
  };
  setTimeout(once, 250);
  if (typeof requestAnimationFrame === 'function') requestAnimationFrame(once);
}
