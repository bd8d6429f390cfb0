import type { Browser as Chromium } from 'playwright-core';
import { AssuranceLevel, Duration, Factor, type Unenrolled } from '../../../lib';
import {
  type Answers,
  type Browser,
  createUser,
  type LoginRequest,
  type LoginResult,
  signIn,
  type TestUser,
  type TestUserOptions,
} from '../../../sandbox/login';
import type { Credential } from '../../../sandbox/webauthn/authenticator';
import { launchChromium, missingChromium } from '../../../sandbox/webauthn/chromium';
import { ScriptBrowser, type ScriptBrowserOptions } from '../../../sandbox/webauthn/script-browser';
import { testKeycloak } from '../support/keycloak';
import { publishedKeycloak } from '../support/shared';
import { describeUnlessMissing, type LevelsOf } from './factor-realm';

const keycloak = publishedKeycloak();
/** A relying party is a domain, so the server is opened by its name: browsers take no address for one. */
const server = 'missing' in keycloak ? '' : keycloak.url.replace('127.0.0.1', 'localhost');

/** Something answers there, as Chromium requests it: Keycloak itself, with a page that is not found. */
export const CHROMIUM_REDIRECT_URI = `${server}/callback`;

/** What an authenticator without the credential makes the browser wait. */
export const AUTHENTICATOR_TIMEOUT = Duration.seconds(5);

/** `describe` for tests that need the run's Keycloak and a Chromium; without one they are skipped and their title says why. */
export function describeWithChromium(title: string, tests: () => void): void {
  describeUnlessMissing('missing' in keycloak ? keycloak.missing : missingChromium(), title, tests);
}

/** A user and what their authenticator holds. */
export interface KeyOwner {
  readonly user: TestUser;
  readonly credentials: readonly Credential[];
}

export interface ChromiumLogin {
  readonly result: LoginResult;
  /** What the browser's authenticator holds afterwards. Each use counts it up; an older state of it is taken for a clone. */
  readonly credentials: readonly Credential[];
}

/** Silver by a password; gold by this factor. */
export function passwordThen(factor: Factor, unenrolled?: Unenrolled): LevelsOf {
  return (stack) => [
    new AssuranceLevel(stack, 'silver', { acr: 'silver', loa: 1, provedBy: Factor.password() }),
    new AssuranceLevel(stack, 'gold', { acr: 'gold', loa: 2, provedBy: factor, unenrolled }),
  ];
}

/** Starts a Chromium before the tests of this block. @returns logins by it to the client `app` of a realm */
export function withChromium() {
  let chromium: Chromium;
  const open: ScriptBrowser[] = [];
  beforeAll(async () => {
    chromium = await launchChromium();
  });
  afterEach(async () => {
    await Promise.all(open.splice(0).map((browser) => browser.close()));
  });
  afterAll(() => chromium?.close());

  let users = 0;
  return (realm: string) => {
    const logins = {
      user: async (options: Partial<TestUserOptions> = {}): Promise<TestUser> =>
        createUser((await testKeycloak()).admin, realm, { username: `user-${++users}`, ...options }),

      /** A browser of its own, closed after the test. */
      browser: async (options: ScriptBrowserOptions = {}): Promise<ScriptBrowser> => {
        const browser = await ScriptBrowser.start(chromium, options);
        open.push(browser);
        return browser;
      },

      /** Signs in by a browser; the authenticator's owner touches it whenever asked, and knows the password. */
      login: async (
        user: TestUser,
        browser: Browser,
        request: Partial<LoginRequest> = { acrValues: ['gold'] },
        more: Answers = {},
      ): Promise<ChromiumLogin> => {
        const client = { issuer: `${server}/realms/${realm}`, clientId: 'app' };
        const { username, password } = user;
        const touch = { webauthn: 'touch', 'enrol-webauthn': 'touch' };
        const answers: Answers = { username, password, ...touch, ...more };
        const result = await signIn(browser, { client, redirectUri: CHROMIUM_REDIRECT_URI, ...request }, answers);
        return { result, credentials: browser instanceof ScriptBrowser ? await browser.credentials() : [] };
      },

      /** A new user who enrols an authenticator: on the way to gold, or by this required action. */
      enrolled: async (action?: string, options: Partial<TestUserOptions> = {}): Promise<KeyOwner> => {
        const user = await logins.user(options);
        const request = action === undefined ? undefined : { parameters: { kc_action: action } };
        const { result, credentials } = await logins.login(user, await logins.browser(), request);
        expect(result).toMatchObject({
          outcome: 'granted',
          acr: action === undefined ? 'gold' : 'silver',
          asked: ['username', 'password', 'enrol-webauthn'],
        });
        expect(credentials).toHaveLength(1);
        return { user, credentials };
      },
    };
    return logins;
  };
}
