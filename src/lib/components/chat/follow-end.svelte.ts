/** Nearer to the end than this, a reader counts as being there. */
const NEAR_PX = 64;

/**
 * Keeps a scrolling area at its end while content grows, until the reader scrolls up. `attach` goes onto the area,
 * whose first child is the content.
 */
export function followEnd() {
  let following = $state(true);
  let area: HTMLElement | null = null;

  const toEnd = () => {
    if (area) area.scrollTop = area.scrollHeight;
  };

  return {
    /** False once the reader has scrolled up. */
    get following() {
      return following;
    },
    jump() {
      following = true;
      toEnd();
    },
    attach(element: HTMLElement) {
      area = element;
      let lastTop = element.scrollTop;
      const onscroll = () => {
        const fromEnd = element.scrollHeight - element.scrollTop - element.clientHeight;
        // Content that grows moves the end away without anybody scrolling up.
        if (fromEnd < NEAR_PX) following = true;
        else if (element.scrollTop < lastTop) following = false;
        lastTop = element.scrollTop;
      };
      const grown = new ResizeObserver(() => {
        if (following) toEnd();
      });
      element.addEventListener('scroll', onscroll, { passive: true });
      grown.observe(element);
      if (element.firstElementChild) grown.observe(element.firstElementChild);
      toEnd();
      return () => {
        element.removeEventListener('scroll', onscroll);
        grown.disconnect();
        area = null;
      };
    },
  };
}
