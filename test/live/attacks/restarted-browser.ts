import { setTimeout as sleep } from 'node:timers/promises';
import { CookieJar } from 'tough-cookie';
import { type Arrival, Browser, type LoginPage } from '../../../sandbox/login';

/** How a login comes to be begun anew by whoever sits before it. */
export type Restart = 'the link of the page' | 'a cookie deleted' | 'the login timed out';

/** Seconds after which a login times out in the realms of these tests. */
export const LOGIN_TIMEOUT = 4;

/** A browser that begins each login anew at its first page, by what anybody can do there. */
export class RestartedBrowser extends Browser {
  private restarted = false;

  constructor(
    private readonly how: Restart,
    private readonly jar = new CookieJar(),
  ) {
    super(fetch, jar);
  }

  override async open(url: URL, leave: URL, init?: RequestInit): Promise<Arrival> {
    const arrival = await super.open(url, leave, init);
    if (this.restarted || !('page' in arrival)) return arrival;
    this.restarted = true;
    return this.restart(arrival.page, leave);
  }

  private async restart(page: LoginPage, leave: URL): Promise<Arrival> {
    const { action } = page;
    if (!action) throw new Error(`${page.id} has no form`);
    if (this.how === 'the link of the page') {
      const link = new URL(action.pathname.replace(/\/[^/]+$/, '/restart'), action);
      for (const name of ['client_id', 'tab_id', 'client_data']) {
        link.searchParams.set(name, action.searchParams.get(name) ?? '');
      }
      return super.open(link, leave);
    }
    if (this.how === 'a cookie deleted') await this.forget(action);
    else await sleep((LOGIN_TIMEOUT + 1) * 1000);
    return super.open(action, leave, { method: 'POST', body: new URLSearchParams(page.fields) });
  }

  private async forget(page: URL): Promise<void> {
    const cookies = await this.jar.getCookies(page.href);
    for (const { domain, path, key } of cookies.filter((cookie) => cookie.key.startsWith('AUTH_SESSION_ID'))) {
      await this.jar.store.removeCookie(domain, path, key);
    }
  }
}
