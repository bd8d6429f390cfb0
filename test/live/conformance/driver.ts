import { load } from 'cheerio';
import { Secret, TOTP } from 'otpauth';
import { CookieJar } from 'tough-cookie';
import { Browser } from '../../../sandbox/login';
import { type Asked as AskedOnPage, readPage } from '../../../sandbox/login/pages';
import { PASSWORD, REDIRECT_URI } from '../../support/imported-realm';

/** What a live page is, in the words of {@link describePage} of the simulator's. */
export interface LivePage {
  readonly text: string;
  readonly kind: 'form' | 'error' | 'unknown';
  readonly html: string;
  readonly status: number;
  readonly url: URL;
}

export type Arrival = { readonly page: LivePage } | { readonly redirect: URL };

const NAMES: Readonly<Partial<Record<AskedOnPage, string>>> = {
  'recovery-code': 'recovery-authn-codes',
  'enrol-otp': 'CONFIGURE_TOTP',
  'enrol-recovery-codes': 'CONFIGURE_RECOVERY_AUTHN_CODES',
  'enrol-webauthn': 'webauthn-register',
  'new-password': 'UPDATE_PASSWORD',
  'delete-credential': 'delete_credential',
};
/** Pages by their identity in the theme, where what they ask for doesn't name them. */
const PAGE_NAMES: Readonly<Record<string, string>> = {
  'login-login-reset-password': 'username',
  'login-register': 'registration',
  'login-login-update-profile': 'UPDATE_PROFILE',
  'login-update-email': 'UPDATE_EMAIL',
  'login-delete-account-confirm': 'delete_account',
  'login-link-idp-action': 'idp_link',
  'login-login-verify-email': 'VERIFY_EMAIL',
  'login-terms': 'TERMS_AND_CONDITIONS',
  'login-info': 'done',
  'login-login-idp-link-confirm': 'idp-confirm-link',
  'login-idp-review-user-profile': 'idp-review-profile',
};
const REDIRECTS = 15;
const leave = new URL(REDIRECT_URI);

/**
 * Goes through login pages one at a time. It is quicker and less exact than the sandbox's driver: it checks no signatures and
 * leaves to its caller what to do on a page.
 */
export class LiveLogin {
  private readonly browser: Browser;
  private readonly jar: CookieJar;

  private codes: string[] = [];
  /** The characters of the keys of the user's OTP devices. Keycloak asks for the first one. */
  private devices: string[];

  /** Where mails to the user go. */
  address: string;
  /** The user's name at an identity provider. */
  identity: string;
  /** The newest access token by client. */
  readonly tokens = new Map<string, string>();

  /**
   * @param secret the characters of the key of the user's OTP device, if they have one
   * @param browser its cookie jar, which others may use too, and its fetch, for example one that shows a certificate
   */
  constructor(
    readonly username: string,
    secret: string | undefined,
    { jar = new CookieJar(), base = fetch }: { readonly jar?: CookieJar; readonly base?: typeof fetch } = {},
  ) {
    this.jar = jar;
    this.browser = new Browser(base, jar);
    this.address = `${username}@conformance.invalid`;
    this.identity = username;
    this.devices = secret === undefined ? [] : [secret];
  }

  /** What the user owns beside the password: keys of OTP devices, recovery codes, and the mailbox. */
  get owned(): { readonly devices: readonly string[]; readonly codes: readonly string[]; readonly address: string } {
    return { devices: [...this.devices], codes: [...this.codes], address: this.address };
  }

  set owned({ devices, codes, address }) {
    this.address = address;
    this.devices = [...devices];
    this.codes = [...codes];
  }

  /** Throws the newest OTP device away. */
  forgetDevice(): void {
    this.devices.pop();
  }

  /** Throws all OTP devices away but the first. */
  forgetNewerDevices(): void {
    this.devices.splice(1);
  }

  /** Loses a cookie, as a browser may that is started anew. */
  async forget(cookie: string, url: URL): Promise<void> {
    for (const { key, domain, path } of await this.jar.getCookies(url.href)) {
      if (key === cookie) await this.jar.store.removeCookie(domain ?? url.hostname, path ?? '/', key);
    }
  }

  /** Forgets who was logged in at another realm. */
  async forgetRealm(url: URL, realm: string): Promise<void> {
    for (const { domain, path } of await this.jar.getCookies(new URL(`/realms/${realm}/`, url).href)) {
      if (path?.startsWith(`/realms/${realm}/`)) await this.jar.store.removeCookies(domain ?? url.hostname, path);
    }
  }

  keepTokensOf(clientIds: readonly string[]): void {
    for (const clientId of this.tokens.keys()) if (!clientIds.includes(clientId)) this.tokens.delete(clientId);
  }

  async open(url: URL, init: RequestInit = {}): Promise<Arrival> {
    let next = url;
    let request = init;
    for (let count = 0; count < REDIRECTS; count++) {
      const response = await this.browser.fetch(next, { ...request, redirect: 'manual' });
      const location = response.headers.get('location');
      if (response.status >= 300 && response.status < 400 && location !== null) {
        await response.body?.cancel();
        const target = new URL(location, next);
        if (target.origin === leave.origin && target.pathname === leave.pathname) return { redirect: target };
        next = target;
        request = init.headers ? { headers: init.headers } : {};
        continue;
      }
      return { page: describeHtml(await response.text(), response.status, next) };
    }
    throw new Error(`${url.pathname} redirects more than ${REDIRECTS} times`);
  }

  /** Does the right thing on the page. */
  async answer(page: LivePage, headers: Record<string, string>, wrong = false): Promise<Arrival> {
    const read = readPage(page.html, page.url);
    const values: Record<string, string> = { ...read.fields };
    for (const [asked, field] of read.asks) values[field] = this.valueFor(asked, wrong);
    if (read.asks.has('new-password')) values['password-confirm'] = PASSWORD;
    if (read.asks.has('enrol-otp')) this.enrolOtp(values);
    if (read.asks.has('enrol-recovery-codes')) {
      values.generatedRecoveryAuthnCodes = read.fields.generatedRecoveryAuthnCodes ?? '';
      this.codes = values.generatedRecoveryAuthnCodes.split(',');
    }
    if (read.asks.has('webauthn')) for (const key of Object.keys(values)) delete values[key];
    return this.post(read.action as URL, values, headers);
  }

  /** Chooses the way at `index` of “try another way”. */
  async choose(page: LivePage, index: number, headers: Record<string, string>): Promise<Arrival> {
    const { action } = readPage(page.html, page.url);
    // Pages of first logins have a form for that alone.
    const own = load(page.html)('#kc-select-try-another-way-form').attr('action');
    const way = own === undefined ? (action as URL) : new URL(own, page.url);
    const selection = await this.post(way, { tryAnotherWay: 'on' }, headers);
    if ('redirect' in selection) return selection;
    const $ = load(selection.page.html);
    const execution = $('[name="authenticationExecution"]').eq(index).attr('value');
    const form = $('#kc-select-credential-form').first().attr('action');
    if (execution === undefined || form === undefined) return { page: { ...selection.page, text: `no way ${index}` } };
    return this.post(new URL(form, page.url), { authenticationExecution: execution }, headers);
  }

  async cancel(page: LivePage, headers: Record<string, string>): Promise<Arrival> {
    const { action } = readPage(page.html, page.url);
    return this.post(action as URL, { 'cancel-aia': 'true' }, headers);
  }

  /** Follows the page's “Restart login”; `keeping` a session that the browser has, which the link does not by itself. */
  async restart({ html, url }: LivePage, headers: Record<string, string>, keeping: boolean): Promise<Arrival> {
    const { action = url } = readPage(html, url);
    const restart = new URL(url.pathname.replace(/\/(login-actions|protocol)\/.*$/, '/login-actions/restart'), url);
    for (const name of ['client_id', 'tab_id', 'client_data']) {
      const value = action.searchParams.get(name) ?? url.searchParams.get(name);
      if (value !== null) restart.searchParams.set(name, value);
    }
    if (keeping) restart.searchParams.set('skip_logout', 'true');
    return this.open(restart, { headers });
  }

  /** Posts the page's form with these values over the ones that it holds. */
  send(
    page: LivePage,
    values: Readonly<Record<string, string>>,
    headers: Record<string, string> = {},
  ): Promise<Arrival> {
    const form = load(page.html)('form[action*="login-actions"]').first();
    const fields = Object.fromEntries(form.serializeArray().map(({ name, value }) => [name, value]));
    return this.post(new URL(form.attr('action') ?? '', page.url), { ...fields, ...values }, headers);
  }

  private post(url: URL, values: Record<string, string>, headers: Record<string, string>): Promise<Arrival> {
    return this.open(url, { method: 'POST', body: new URLSearchParams(values), headers });
  }

  valueFor(asked: AskedOnPage, wrong: boolean): string {
    if (asked === 'username') return this.username;
    if (asked === 'password' || asked === 'new-password') return wrong ? 'wrong' : PASSWORD;
    if (asked === 'otp') return wrong ? this.wrongCode() : this.totp(this.devices[0]).generate();
    if (asked === 'recovery-code') return this.codes.shift() ?? '';
    return '';
  }

  private enrolOtp(values: Record<string, string>): void {
    this.devices.push(values.totpSecret ?? '');
    values.totp = this.totp(values.totpSecret).generate();
    values.userLabel = `enrolled ${Date.now()}`;
  }

  private totp(secret = ''): TOTP {
    return new TOTP({ secret: Secret.fromUTF8(secret), digits: 6, period: 30 });
  }

  private wrongCode(): string {
    const right = Number(this.totp(this.devices[0]).generate());
    return String((right + 1) % 1_000_000).padStart(6, '0');
  }
}

function describeHtml(html: string, status: number, url: URL): LivePage {
  const read = readPage(html, url);
  const asked = [...read.asks.keys()].map((each) => NAMES[each] ?? each);
  const name = read.kind === 'form' ? asked.join('+') : `${read.kind} ${status} ${read.error ?? read.title}`;
  return { text: PAGE_NAMES[read.id ?? ''] ?? name, kind: read.kind, html, status, url };
}
