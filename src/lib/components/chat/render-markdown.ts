import DOMPurify from 'dompurify';
import { Marked, type Tokens } from 'marked';

/**
 * Markdown of the model as HTML that may go into the page. Raw HTML is shown as text, images become their
 * description (nothing is ever loaded from elsewhere), and each link says where it leads. Needs a DOM.
 */
export function renderMarkdown(markdown: string): string {
  return DOMPurify.sanitize(parser.parse(markdown, { async: false }), {
    ALLOWED_TAGS: allowedTags,
    ALLOWED_ATTR: ['href', 'rel', 'target', 'class', 'start', 'align'],
    ALLOWED_URI_REGEXP: /^(https?:|mailto:)/i,
    // Else their values would be held against the pattern for addresses, and dropped.
    ADD_URI_SAFE_ATTR: ['rel', 'target', 'start', 'align'],
    ALLOW_DATA_ATTR: false,
    ALLOW_ARIA_ATTR: false,
  });
}

const allowedTags =
  'a p br hr h3 h4 h5 h6 ul ol li strong em del code pre blockquote table thead tbody tr th td span'.split(
    ' ',
  );

const parser = new Marked({
  gfm: true,
  breaks: true,
  renderer: {
    html: ({ text }: Tokens.HTML | Tokens.Tag) => escapeHtml(text),
    image: ({ text, href }: Tokens.Image) => `<span>[image: ${escapeHtml(text || href)}]</span>`,
    // The page has its own first and second level.
    heading({ tokens, depth }: Tokens.Heading) {
      const level = Math.max(3, depth);
      return `<h${level}>${this.parser.parseInline(tokens)}</h${level}>`;
    },
    checkbox: ({ checked }: Tokens.Checkbox) => (checked ? '☑ ' : '☐ '),
    link({ href, tokens, text }: Tokens.Link) {
      const label = this.parser.parseInline(tokens);
      if (!URL.canParse(href)) return label;
      const { protocol, host } = new URL(href);
      if (!['http:', 'https:', 'mailto:'].includes(protocol)) return label;
      // A label may look like another address, so only the address itself needs no host beside it.
      const told =
        host === '' || text === href || text === host
          ? ''
          : ` <span class="host">(${escapeHtml(host)})</span>`;
      // A key such as DEMO-20 is one word, and would break after its hyphen.
      const whole = /^\S{1,24}$/.test(text) ? ' class="whole"' : '';
      return `<a${whole} href="${escapeHtml(href)}" rel="noopener noreferrer nofollow" target="_blank">${label}</a>${told}`;
    },
  },
});

function escapeHtml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
}
