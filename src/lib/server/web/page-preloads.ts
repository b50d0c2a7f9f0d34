import type { ResolveOptions } from '@sveltejs/kit';

/** The one font that nearly every page shows; the other alphabets' come when a page has a letter of theirs. */
const FIRST_FONT = /\/inter-latin-wght-normal\.[^/]*$/;

/**
 * Names in a page's head what it needs first. SvelteKit's own way is a Link header, which grows with the build: behind
 * nginx, which takes 4 KiB of headers unless it is told otherwise, pages then end as 502.
 */
export function preloadInHead(): Pick<ResolveOptions, 'preload' | 'transformPageChunk'> {
  let tags = '';
  return {
    preload({ type, path }) {
      const href = encodeURI(path);
      if (type === 'js') tags += `<link rel="modulepreload" href="${href}">`;
      if (type === 'font' && FIRST_FONT.test(path))
        tags += `<link rel="preload" as="font" type="font/woff2" href="${href}" crossorigin>`;
      return false;
    },
    transformPageChunk({ html }) {
      if (tags === '') return html;
      const page = html.replace('</head>', () => `${tags}</head>`);
      if (page !== html) tags = '';
      return page;
    },
  };
}
