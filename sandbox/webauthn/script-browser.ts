import type { Browser as Chromium, Locator, Page } from 'playwright-core';
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

export interface ScriptBrowserOptions extends AuthenticatorOptions {
  /**
   * What it asks the authenticator for in place of what the page says, as an attacker's browser might: so that it is
   * Keycloak that refuses the answer, and not the browser.
   * @default what the page says
   */
  readonly insteadOfPage?: { readonly userVerification?: 'discouraged'; readonly allowCredentials?: readonly never[] };
  /**
   * The way that is chosen on the first page that offers "Try another way": its place in the list that Keycloak then shows.
   * @default the way that Keycloak proposes
   */
  readonly anotherWay?: number;
}

/** A browser that runs scripts, in a Chromium, with one virtual authenticator. It is one single sign-on session. */
export class ScriptBrowser extends Browser {
  private constructor(
    private readonly tab: Page,
    private readonly authenticator: VirtualAuthenticator,
    private anotherWay?: number,
  ) {
    super();
  }

  static async start(
    chromium: Chromium,
    { insteadOfPage, anotherWay, ...options }: ScriptBrowserOptions = {},
  ): Promise<ScriptBrowser> {
    const tab = await (await chromium.newContext()).newPage();
    if (insteadOfPage) await tab.addInitScript(askingFor(insteadOfPage));
    // Keycloak's page asks for a name of the new credential.
    tab.on('dialog', (dialog) => dialog.accept('security key'));
    return new ScriptBrowser(tab, await VirtualAuthenticator.plugInto(tab, options), anotherWay);
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
    return this.arrival(leave, await this.press(button));
  }

  /** @returns the status of the page that it leads to */
  private async press(button: Locator): Promise<number> {
    const next = this.tab.waitForResponse(
      (response) => response.request().isNavigationRequest() && (response.status() < 300 || response.status() >= 400),
      { timeout: ANSWER_MS },
    );
    const loaded = this.tab.waitForEvent('load', { timeout: ANSWER_MS });
    await Promise.all([loaded, next, button.click({ noWaitAfter: true })]);
    return (await next).status();
  }

  private async arrival(leave: URL, status: number): Promise<Arrival> {
    const url = new URL(this.tab.url());
    if (url.origin === leave.origin && url.pathname === leave.pathname) return { redirect: url };
    const link = this.tab.locator('#try-another-way');
    if (this.anotherWay !== undefined && (await link.count()) > 0) {
      const choice = this.tab.locator('[role="list"] [role="button"]').nth(this.anotherWay);
      this.anotherWay = undefined;
      await this.press(link);
      return this.arrival(leave, await this.press(choice));
    }
    const page = readPage(await this.tab.content(), url);
    if (page.id !== 'login-webauthn-error') return { page, status };
    return { page: { ...page, kind: 'error', error: page.error ?? page.title }, status };
  }
}

function askingFor(instead: NonNullable<ScriptBrowserOptions['insteadOfPage']>): string {
  return `{
    const { credentials } = navigator;
    const { userVerification, ...ofGet } = ${JSON.stringify(instead)};
    const get = credentials.get.bind(credentials);
    const create = credentials.create.bind(credentials);
    credentials.get = (options) => get({
      ...options, publicKey: { ...options.publicKey, ...(userVerification && { userVerification }), ...ofGet },
    });
    credentials.create = (options) => create({
      ...options,
      publicKey: {
        ...options.publicKey,
        authenticatorSelection: {
          ...options.publicKey.authenticatorSelection, ...(userVerification && { userVerification }),
        },
      },
    });
  }`;
}
