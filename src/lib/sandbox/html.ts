import { emptyReply, type PracticeReply } from './http.ts';
import type { Route } from './router.ts';

/** Markup that is safe to send: made by `html`, or escaped. */
export interface SafeHtml {
  readonly markup: string;
}

type HtmlValue = string | number | SafeHtml | readonly SafeHtml[];

/** Builds markup; whatever is put in is escaped, unless it is markup made here. */
export function html(strings: TemplateStringsArray, ...values: HtmlValue[]): SafeHtml {
  const markup = strings.reduce((built, text, at) => {
    const value = values[at];
    return built + text + (value === undefined ? '' : markupOf(value));
  }, '');
  return { markup };
}

export function escapeHtml(text: string): string {
  return text.replaceAll(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

/** A page for a person, without script, that loads nothing from elsewhere. */
export function pageReply(page: {
  title: string;
  product: 'Practice Jira' | 'Practice Confluence';
  homePath: string;
  body: SafeHtml;
  status?: number;
}): PracticeReply {
  const document = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <link rel="icon" href="${page.homePath}favicon.ico" />
        <title>${page.title} - ${page.product}</title>
        <style>
          ${{ markup: stylesheet }}
        </style>
      </head>
      <body>
        <header>
          <a href="${page.homePath}">${page.product}</a
          ><span>Nothing here is real; it is for trying things out.</span>
        </header>
        <main>${page.body}</main>
      </body>
    </html>`;
  return {
    status: page.status ?? 200,
    headers: {
      'content-type': 'text/html;charset=UTF-8',
      'content-security-policy':
        "default-src 'none'; style-src 'unsafe-inline'; img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
      'referrer-policy': 'no-referrer',
    },
    body: document.markup,
  };
}

/** Says that there is no icon, so that a browser's console stays free of errors. */
export const faviconRoute: Route = {
  method: 'GET',
  pattern: '/favicon.ico',
  handle: () => emptyReply(),
};

/** The address if it is an absolute web address or mail address, else null: no `javascript:`, no `data:`. */
export function safeHref(address: string): string | null {
  const url = URL.parse(address.trim());
  return url && ['http:', 'https:', 'mailto:'].includes(url.protocol) ? url.href : null;
}

function markupOf(value: HtmlValue): string {
  if (typeof value === 'string') return escapeHtml(value);
  if (typeof value === 'number') return String(value);
  return 'markup' in value ? value.markup : value.map((part) => part.markup).join('');
}

const stylesheet = `
  :root { color-scheme: light dark; --ink: #22201c; --paper: #fbfaf7; --quiet: #6b665c; --line: #ddd8cc; --accent: #1f5f8b; }
  @media (prefers-color-scheme: dark) { :root { --ink: #e9e5dc; --paper: #1b1a18; --quiet: #a49d90; --line: #3a3732; --accent: #7fb8de; } }
  body { margin: 0; background: var(--paper); color: var(--ink); font: 16px/1.55 system-ui, sans-serif; }
  header { display: flex; flex-wrap: wrap; gap: 0 1rem; padding: .7rem 1.5rem; border-bottom: 1px solid var(--line); color: var(--quiet); font-size: .875rem; }
  header a { font-weight: 600; }
  main { max-width: 52rem; margin: 0 auto; padding: 1.5rem; overflow-wrap: anywhere; }
  a { color: var(--accent); }
  h1 { line-height: 1.25; margin: .2rem 0 1rem; }
  dl { display: grid; grid-template-columns: max-content 1fr; gap: .25rem 1rem; margin: 0 0 1.5rem; font-size: .9rem; }
  dt { color: var(--quiet); } dd { margin: 0; }
  table { border-collapse: collapse; width: 100%; } th, td { border: 1px solid var(--line); padding: .35rem .6rem; text-align: left; vertical-align: top; }
  pre, .panel { border: 1px solid var(--line); border-radius: 6px; padding: .7rem 1rem; white-space: pre-wrap; }
  blockquote { margin: 0 0 1rem; padding-left: 1rem; border-left: 3px solid var(--line); }
  .quiet { color: var(--quiet); }`;
