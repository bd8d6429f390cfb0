import { load } from 'cheerio';
import type { LivePage } from '../../conformance/driver';

/** An address of the login that the page belongs to. */
export function actionUrl(page: LivePage, path: string): URL {
  const $ = load(page.html);
  const action = $('form[action*="login-actions"]').first().attr('action');
  const from = new URL(action ?? page.url.href, page.url);
  const url = new URL(page.url);
  url.pathname = page.url.pathname.replace(/\/(login-actions|protocol)\/.*$/, `/login-actions/${path}`);
  url.search = '';
  for (const name of ['client_id', 'tab_id', 'client_data']) {
    const value = from.searchParams.get(name);
    if (value !== null) url.searchParams.set(name, value);
  }
  return url;
}
