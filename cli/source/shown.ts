/** A source as it may be printed: who signs in by its URL is nobody's business, nor what a query holds. */
export function shownSource(source: string): string {
  if (!/^[a-z][a-z0-9+.-]*:\/\//i.test(source)) return source;
  if (!URL.canParse(source)) return source.replace(/:\/\/.*@/s, '://').replace(/[?#].*$/s, '');
  const { protocol, host, pathname } = new URL(source);
  return `${protocol}//${host}${pathname}`;
}
