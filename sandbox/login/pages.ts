import { type CheerioAPI, load } from 'cheerio';

/** What a page of Keycloak's login theme asks the user for. */
export type Asked =
  | 'username'
  | 'password'
  | 'otp'
  | 'recovery-code'
  | 'webauthn'
  | 'x509'
  | 'consent'
  | 'choice-of-factor'
  | 'enrol-otp'
  | 'enrol-recovery-codes'
  | 'enrol-webauthn'
  | 'new-password'
  | 'delete-credential'
  | 'profile'
  | 'terms';

interface PageDefinition {
  /** Selector of the form that is submitted. */
  readonly form: string;
  /** What is asked, and the form's field that takes the answer. A field that the form lacks isn't asked for. */
  readonly asks: Readonly<Partial<Record<Asked, string>>>;
}

/**
 * The pages of the themes `base` and `keycloak.v2`, by the `data-page-id` of their body: `login-` and the template's name.
 * Field names are those that the authenticators read, so that they hold for themes derived from these too.
 */
const PAGES: Readonly<Record<string, PageDefinition>> = {
  'login-login': { form: '#kc-form-login', asks: { username: 'username', password: 'password' } },
  'login-login-username': { form: '#kc-form-login', asks: { username: 'username' } },
  'login-login-password': { form: '#kc-form-login', asks: { password: 'password' } },
  'login-login-otp': { form: '#kc-otp-login-form', asks: { otp: 'otp' } },
  'login-login-recovery-authn-code-input': {
    form: '#kc-recovery-code-login-form',
    asks: { 'recovery-code': 'recoveryCodeInput' },
  },
  'login-webauthn-authenticate': { form: '#webauth', asks: { webauthn: 'clientDataJSON' } },
  'login-login-x509-info': { form: '#kc-x509-login-info', asks: { x509: 'login' } },
  'login-login-oauth-grant': { form: '#kc-oauth form', asks: { consent: 'accept' } },
  'login-select-authenticator': {
    form: '#kc-select-credential-form',
    asks: { 'choice-of-factor': 'authenticationExecution' },
  },
  'login-login-config-totp': { form: '#kc-totp-settings-form', asks: { 'enrol-otp': 'totp' } },
  'login-login-recovery-authn-code-config': {
    form: '#kc-recovery-codes-settings-form',
    asks: { 'enrol-recovery-codes': 'generatedRecoveryAuthnCodes' },
  },
  'login-webauthn-register': { form: '#register', asks: { 'enrol-webauthn': 'clientDataJSON' } },
  'login-login-update-password': { form: '#kc-passwd-update-form', asks: { 'new-password': 'password-new' } },
  'login-delete-credential': { form: 'form:has([name="accept"])', asks: { 'delete-credential': 'accept' } },
  'login-login-update-profile': { form: '#kc-update-profile-form', asks: { profile: 'email' } },
  'login-terms': { form: 'form', asks: { terms: 'accept' } },
};

/** What tells a page of older themes, such as those of 26.0, which do not name their pages; the first that is there. */
const UNNAMED: readonly (readonly [selector: string, id: string])[] = [
  ['#kc-error-message', 'login-error'],
  ['#loginContinueLink', 'login-login-page-expired'],
  ['#kc-oauth', 'login-login-oauth-grant'],
  ['#kc-terms-text', 'login-terms'],
  ['#kc-form-login', 'login-login'],
  ['#kc-otp-login-form', 'login-login-otp'],
  ['#kc-recovery-code-login-form', 'login-login-recovery-authn-code-input'],
  ['#webauth', 'login-webauthn-authenticate'],
  ['#kc-x509-login-info', 'login-login-x509-info'],
  ['#kc-select-credential-form', 'login-select-authenticator'],
  ['#kc-totp-settings-form', 'login-login-config-totp'],
  ['#kc-recovery-codes-settings-form', 'login-login-recovery-authn-code-config'],
  ['form#register', 'login-webauthn-register'],
  ['#kc-passwd-update-form', 'login-login-update-password'],
  ['#kc-update-profile-form', 'login-login-update-profile'],
  ['#kc-idp-review-profile-form', 'login-idp-review-user-profile'],
  ['#linkAccount', 'login-login-idp-link-confirm'],
  ['#kc-register-form', 'login-register'],
  ['#kc-reset-password-form', 'login-login-reset-password'],
  ['#kc-info-message', 'login-info'],
  ['form:has([name="accept"])', 'login-delete-credential'],
];

/** The user name form asks for nothing where the user is known: it is there for the links to identity providers. */
const KNOWN_USER = 'login-login-username';

/** Pages that end a login. */
const ERROR_PAGES = new Set(['login-error', 'login-login-page-expired']);

/** A page that Keycloak shows in a login. */
export interface LoginPage {
  /** Identity of the page in Keycloak's theme, for example `login-login-otp`; undefined for a page of another kind. */
  readonly id: string | undefined;
  readonly title: string;
  /** `form` waits for the user, `error` ends the login, `unknown` is neither as far as this driver knows. */
  readonly kind: 'form' | 'error' | 'unknown';
  /** What is asked for and the form field that takes it, in the order of the page. */
  readonly asks: ReadonlyMap<Asked, string>;
  /** Values that the form holds already, hidden ones included. */
  readonly fields: Readonly<Record<string, string>>;
  /** Where the form is posted to. */
  readonly action: URL | undefined;
  /** The error that the page displays. */
  readonly error: string | undefined;
}

/** Reads a page by the identity of its page, form and fields, never by its wording, which realms translate. */
export function readPage(html: string, url: URL): LoginPage {
  const $ = load(html);
  const id = $('body').attr('data-page-id') ?? UNNAMED.find(([selector]) => $(selector).length > 0)?.[1];
  const title = text($, '#kc-page-title') || text($, 'title');
  const bare = { id, title, asks: new Map<Asked, string>(), fields: {}, action: undefined, error: displayedError($) };
  if (id !== undefined && ERROR_PAGES.has(id)) {
    return { ...bare, kind: 'error', error: text($, '#kc-error-message .instruction') || title };
  }
  const definition = id === undefined ? undefined : PAGES[id];
  const form = definition && $(definition.form).first();
  const action = form?.attr('action');
  if (!definition || !form || action === undefined) return { ...bare, kind: 'unknown' };

  const asks = new Map<Asked, string>();
  for (const [asked, field] of Object.entries(definition.asks) as [Asked, string][]) {
    if (form.find(`[name="${field}"]`).length > 0) asks.set(asked, field);
  }
  if (asks.size === 0 && id !== KNOWN_USER) return { ...bare, kind: 'unknown' };
  const fields = Object.fromEntries(form.serializeArray().map(({ name, value }) => [name, value]));
  return { ...bare, kind: 'form', asks, fields, action: new URL(action, url) };
}

/** The form that a page without a theme submits as soon as it is loaded, for example when the browser has no Kerberos ticket. */
export function selfSubmittedForm(
  html: string,
  url: URL,
): { readonly action: URL; readonly fields: Record<string, string> } | undefined {
  const $ = load(html);
  if (!/\.submit\(\)/.test($('body').attr('onload') ?? '')) return undefined;
  const form = $('form').first();
  const fields = Object.fromEntries(form.serializeArray().map(({ name, value }) => [name, value]));
  return { action: new URL(form.attr('action') ?? '', url), fields };
}

function displayedError($: CheerioAPI): string | undefined {
  return (
    text($, '[id^="input-error"]:not([id^="input-error-container"])') ||
    text($, '.pf-m-danger .kc-feedback-text') ||
    undefined
  );
}

function text($: CheerioAPI, selector: string): string {
  return $(selector).first().text().replace(/\s+/g, ' ').trim();
}
