import type { Browser as Chromium, Page } from 'playwright-core';
import { type Arrival, Browser, type LoginPage } from '../login';
import { readPage } from '../login/pages';
import { type AuthenticatorOptions, type Credential, VirtualAuthenticator } from './authenticator';

/** What submits the pages on which a script talks to the authenticator; every other page has one submit button. */
const BUTTONS: Readonly<Record<string, string>> = {
  'login-webauthn-authenticate': '#authenticateWebAuthnButton',
  'login-webauthn-register': '#registerWebAuthn',
};

/** How long the navigation after an answer may take. */
const ANSWER_MS = 60_000;

/** A browser that runs scripts, in a Chromium, with one virtual authenticator. It is one single sign-on session. */
export class ScriptBrowser extends Browser {
  private constructor(
    private readonly tab: Page,
    private readonly authenticator: VirtualAuthenticator,
  ) {
    super();
  }

  static async start(chromium: Chromium, options: AuthenticatorOptions = {}): Promise<ScriptBrowser> {
    const tab = await (await chromium.newContext()).newPage();
    // Keycloak's page asks for a name of the new credential.
    tab.on('dialog', (dialog) => dialog.accept('security key'));
    return new ScriptBrowser(tab, await VirtualAuthenticator.plugInto(tab, options));
  }

  /** What the authenticator holds. */
  credentials(): Promise<Credential[]> {
    return this.authenticator.credentials();
  }

  close(): Promise<void> {
    return this.tab.context().close();
  }

  /** Unlike the scriptless browser, this requests `leave`, so something must answer there. */
  override async open(url: URL, leave: URL): Promise<Arrival> {
    const response = await this.tab.goto(url.href);
    return this.arrival(leave, response?.status() ?? 0);
  }

  override async submit(page: LoginPage, values: Readonly<Record<string, string>>, leave: URL): Promise<Arrival> {
    for (const [name, value] of Object.entries(values)) {
      const field = this.tab.locator(`form [name="${name}"]:visible`).first();
      if ((await field.count()) > 0) await field.fill(value);
    }
    const button = this.tab.locator(BUTTONS[page.id ?? ''] ?? 'form [type="submit"]:visible').first();
    const next = this.tab.waitForResponse(
      (response) => response.request().isNavigationRequest() && (response.status() < 300 || response.status() >= 400),
      { timeout: ANSWER_MS },
    );
    const loaded = this.tab.waitForEvent('load', { timeout: ANSWER_MS });
    await Promise.all([loaded, next, button.click({ noWaitAfter: true })]);
    return this.arrival(leave, (await next).status());
  }

  private async arrival(leave: URL, status: number): Promise<Arrival> {
    const url = new URL(this.tab.url());
    if (url.origin === leave.origin && url.pathname === leave.pathname) return { redirect: url };
    const page = readPage(await this.tab.content(), url);
    if (page.id !== 'login-webauthn-error') return { page, status };
    return { page: { ...page, kind: 'error', error: page.error ?? page.title }, status };
  }
}
