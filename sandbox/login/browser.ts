import fetchCookie from 'fetch-cookie';
import { CookieJar } from 'tough-cookie';
import { type LoginPage, readPage, selfSubmittedForm } from './pages';

/** A page, or the redirect that leaves Keycloak for the client. */
export type Arrival = { readonly page: LoginPage; readonly status: number } | { readonly redirect: URL };

const REDIRECTS = 20;

/**
 * A browser without a screen: a cookie jar that speaks HTTP. One browser is one single sign-on session; a new one starts
 * without any. It runs no scripts, so it can't answer WebAuthn; it only submits the form of a page that does so when loaded.
 */
export class Browser {
  /** `fetch` with this browser's cookies; redirects are followed as the caller says. */
  readonly fetch: typeof fetch;

  /**
   * @param base the fetch to use, for example one that trusts a certificate authority of a test
   */
  constructor(
    readonly base: typeof fetch = fetch,
    jar: CookieJar = new CookieJar(),
  ) {
    this.fetch = fetchCookie(base, jar) as typeof fetch;
  }

  /**
   * Opens `url` and follows redirects until a page is shown, or until one leads to `leave`, which is not requested: no server
   * need listen there.
   *
   * @throws Error if the redirects don't end
   */
  async open(url: URL, leave: URL, init: RequestInit = {}): Promise<Arrival> {
    let next = url;
    let request = init;
    for (let count = 0; count < REDIRECTS; count++) {
      const response = await this.fetch(next, { ...request, redirect: 'manual' });
      const location = response.headers.get('location');
      if (response.status < 300 || response.status >= 400 || location === null) {
        const html = await response.text();
        const form = selfSubmittedForm(html, next);
        if (!form) return { page: readPage(html, next), status: response.status };
        next = form.action;
        request = { method: 'POST', body: new URLSearchParams(form.fields) };
        continue;
      }
      await response.body?.cancel();
      const target = new URL(location, next);
      if (target.origin === leave.origin && target.pathname === leave.pathname) return { redirect: target };
      next = target;
      request = {};
    }
    throw new Error(`${url.origin}${url.pathname} redirects more than ${REDIRECTS} times`);
  }

  /** Submits the form of `page` with these values over the ones it holds. */
  submit(page: LoginPage, values: Readonly<Record<string, string>>, leave: URL): Promise<Arrival> {
    if (!page.action) throw new Error(`The page ${page.id} has no form to submit`);
    return this.open(page.action, leave, {
      method: 'POST',
      body: new URLSearchParams({ ...page.fields, ...values }),
    });
  }
}
