/** Where to go after signing in: a path of this product, never another origin; the dashboard otherwise. */
export function nextPage(url: URL): string {
  const wanted = url.searchParams.get('next') ?? '';
  const target = URL.canParse(wanted, url.origin) ? new URL(wanted, url.origin) : null;
  if (!wanted.startsWith('/') || target?.origin !== url.origin) return '/dashboard';
  return target.pathname + target.search;
}

/** The sign-in page that leads back to `url`. */
export function signInPage(url: URL): string {
  const path = url.pathname + url.search;
  return path === '/dashboard' ? '/sign-in' : `/sign-in?next=${encodeURIComponent(path)}`;
}
