import { load } from 'cheerio';
import { Secret, TOTP } from 'otpauth';
import type { HeldProof } from '../../../model';
import { PASSWORD } from '../../support/imported-realm';
import type { LivePage } from '../conformance/driver';

/** What somebody does on a page, where there is a choice. */
export interface Choice {
  /** Which of the account's OTP devices and of the known ones. */
  readonly device: readonly [credential: number, secret: number];
  /** What of the profile is changed. @default nothing */
  readonly change?: 'email' | 'skip' | 'force';
}

/** A form, filled in. */
export interface Filled {
  readonly action: URL;
  readonly values: Readonly<Record<string, string>>;
  /** What it does to the account, if anything; the name of a required action. */
  readonly does?: string;
  /** Whose name was given. */
  readonly whose?: 'user' | 'own';
  /** What is the attacker's once Keycloak has taken the form. */
  readonly learn?: () => void;
}

const OWN_PASSWORD = 'own password';

/** What an attacker knows of an account, and makes theirs on the way. */
export class Knowledge {
  private password: string | undefined;
  private readonly secrets: string[] = [];
  private readonly codes: string[] = [];
  /** Addresses whose mails the attacker reads. */
  readonly addresses: string[];

  constructor(
    readonly username: string,
    email: string,
    secret: string,
    private readonly held: readonly HeldProof[],
  ) {
    if (held.includes('password')) this.password = PASSWORD;
    if (held.includes('otp')) this.secrets.push(secret);
    this.addresses = [this.ownAddress, ...(held.includes('email') ? [email] : [])];
  }

  get ownAddress(): string {
    return `thief-of-${this.username}@thief.invalid`;
  }

  /** The fields of a password grant. */
  grantFields({ device: [, secret] }: Choice): Record<string, string> | undefined {
    if (this.password === undefined) return undefined;
    const code = this.code(secret);
    return { username: this.username, password: this.password, ...(code !== undefined && { totp: code }) };
  }

  /**
   * The page's form as far as the attacker can fill it in; undefined if they can't.
   * @param inReset whether the login has come to where a forgotten password is set anew, so that new credentials take nothing more
   */
  fill(page: LivePage, choice: Choice, inReset: boolean): Filled | undefined {
    const $ = load(page.html);
    const form = $('form')
      .filter((_, each) => /login-actions/.test($(each).attr('action') ?? ''))
      .first();
    const target = form.attr('action');
    if (target === undefined) return undefined;
    const fields = Object.fromEntries(form.serializeArray().map(({ name, value }) => [name, value]));
    const credentials = form
      .find('[name="selectedCredentialId"]')
      .toArray()
      .map((each) => $(each).attr('value') ?? '');
    const filled = this.answer(
      pageId(page),
      fields,
      form.find('[name="username"]').length > 0,
      credentials,
      choice,
      inReset,
    );
    return filled && { ...filled, action: new URL(target, page.url), values: { ...fields, ...filled.values } };
  }

  private answer(
    id: string,
    fields: Readonly<Record<string, string>>,
    asksName: boolean,
    credentials: readonly string[],
    { device: [credential, secret], change }: Choice,
    inReset: boolean,
  ): Omit<Filled, 'action'> | undefined {
    const named = { username: this.username };
    switch (id) {
      case 'login-login':
      case 'login-login-password':
        if (this.password === undefined) return undefined;
        return { values: { ...(asksName && named), password: this.password }, ...(asksName && { whose: 'user' }) };
      case 'login-login-username':
      case 'login-login-reset-password':
        return { values: named, whose: 'user' };
      case 'login-login-otp': {
        const otp = this.code(secret);
        const selectedCredentialId = credentials[credential % credentials.length];
        return otp === undefined
          ? undefined
          : { values: { otp, ...(selectedCredentialId && { selectedCredentialId }) } };
      }
      case 'login-login-recovery-authn-code-input': {
        const recoveryCodeInput = this.codes.shift();
        return recoveryCodeInput === undefined ? undefined : { values: { recoveryCodeInput } };
      }
      case 'login-login-config-totp':
        if (!inReset && !this.held.includes('enrol:otp')) return undefined;
        return {
          values: { totp: codeOf(fields.totpSecret ?? ''), userLabel: `own ${Date.now()}` },
          does: 'CONFIGURE_TOTP',
          learn: () => this.secrets.push(fields.totpSecret ?? ''),
        };
      case 'login-login-recovery-authn-code-config':
        if (!this.held.includes('enrol:recovery-authn-codes')) return undefined;
        return {
          values: {},
          does: 'CONFIGURE_RECOVERY_AUTHN_CODES',
          learn: () => this.codes.splice(0, Infinity, ...(fields.generatedRecoveryAuthnCodes ?? '').split(',')),
        };
      case 'login-login-update-password':
        if (!inReset && !this.held.includes('enrol:password')) return undefined;
        return {
          values: { 'password-new': OWN_PASSWORD, 'password-confirm': OWN_PASSWORD },
          does: 'UPDATE_PASSWORD',
          learn: () => {
            this.password = OWN_PASSWORD;
          },
        };
      case 'login-login-update-profile':
        return { values: this.changed(change), ...(change && { does: 'UPDATE_PROFILE' }) };
      case 'login-update-email':
        return { values: this.changed(change && 'email'), ...(change && { does: 'UPDATE_EMAIL' }) };
      case 'login-register': {
        const name = `own-${this.username}-${Date.now()}`;
        const names = { username: name, email: `${name}@thief.invalid`, firstName: 'Own', lastName: 'Account' };
        return { values: { ...names, password: OWN_PASSWORD, 'password-confirm': OWN_PASSWORD }, whose: 'own' };
      }
      case 'login-delete-credential':
        return { values: { accept: '' }, does: 'delete_credential' };
      case 'login-login-oauth-grant':
      case 'login-terms':
        return { values: { accept: '' } };
      default:
        return undefined;
    }
  }

  private changed(change: Choice['change']): Record<string, string> {
    if (change === undefined) return {};
    return change === 'email' ? { email: this.ownAddress } : { tier: change };
  }

  private code(index: number): string | undefined {
    const secret = this.secrets[index % Math.max(1, this.secrets.length)];
    return secret === undefined ? undefined : codeOf(secret);
  }
}

export function pageId({ html }: LivePage): string {
  return load(html)('body').attr('data-page-id') ?? '';
}

function codeOf(secret: string): string {
  return new TOTP({ secret: Secret.fromUTF8(secret), digits: 6, period: 30 }).generate();
}
