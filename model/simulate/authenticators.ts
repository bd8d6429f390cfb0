import { isOpaqueStep } from '../keycloak/authenticators';
import type { AuthenticatorExecution } from '../realm-model';
import { CERTIFICATE_FORM } from './certificate';
import { decideOtp, OTP_CONDITION_KEYS } from './conditional-otp';
import { setting } from './conditions';
import { offersPasskey, passkeysEnabled } from './configured';
import { beginCookie } from './cookie';
import { enabledProvider } from './doors/broker';
import { FIRST_LOGIN_STEPS } from './doors/first-login-steps';
import { REGISTRATION_STEPS } from './doors/registration';
import { RESET_STEPS } from './doors/reset';
import type { Login } from './login';
import { ORGANIZATION_STEP } from './organization';
import { authenticatorOf } from './selection';
import { SESSION_LIMITS } from './session-limits';
import { CannotTell } from './signals';
import { type Authenticator, BROKEN_ASSERTION, credentialForm, type StepResult } from './step';
import type { Answer, FormPage, Proof } from './types';

const LOGIN: Readonly<Record<string, Authenticator>> = {
  'auth-cookie': { begin: (login, { id }) => beginCookie(login, id) },
  'auth-username-form': {
    begin: (login) => {
      if (!login.userKnown) return formWithUser(login, ['username']);
      // Who is linked to a provider may log in there anew: the form is shown, asks for nothing, and counts as any other time.
      return (login.user.linked ?? []).length > 0 ? formWithUser(login, []) : 'success';
    },
    answer: answerFormWithUser,
    wrong: forgetUser,
  },
  'auth-username-password-form': {
    begin: (login) => {
      if (login.userKnown && usedPasskey(login)) return 'success';
      return formWithUser(login, login.userKnown ? ['password'] : ['username', 'password']);
    },
    answer: answerFormWithUser,
    wrong: forgetUser,
  },
  'auth-password-form': {
    begin: (login) => (usedPasskey(login) ? 'success' : passwordForm(login)),
    answer: (login, proofs) => {
      login.credentialsUsed.push(proofs.includes('webauthn-passwordless') ? 'webauthn-passwordless' : 'password');
      return 'success';
    },
  },
  'auth-otp-form': credentialForm('otp'),
  'auth-conditional-otp-form': {
    ...credentialForm('otp'),
    begin: (login, execution) => {
      const entries = OTP_CONDITION_KEYS.map((key) => [key, setting(execution.config, key, execution)] as const);
      const config = Object.fromEntries(entries.filter(([, value]) => value !== undefined));
      const { byRule, byDefault } = decideOtp(login, config);
      if ((byRule ?? byDefault) !== 'skip') return { accepts: [['otp']] };
      login.note('otp-skipped', execution.id);
      return 'success';
    },
  },
  'webauthn-authenticator': credentialForm('webauthn'),
  'webauthn-authenticator-passwordless': {
    begin: () => ({ accepts: [['webauthn-passwordless'], []] }),
    answer: (login, proofs) => {
      // A form sent empty passes the step on.
      if (proofs.length === 0) return 'attempted';
      login.userKnown = true;
      login.credentialsUsed.push('webauthn-passwordless');
      return 'success';
    },
    wrong: () => BROKEN_ASSERTION,
  },
  'auth-recovery-authn-code-form': credentialForm('recovery-authn-codes'),
  'allow-access-authenticator': {
    begin: (login, { id }) => {
      login.note('allowed', id);
      return 'success';
    },
  },
  'deny-access-authenticator': {
    begin: (login, { id }) => {
      login.note('denied', id);
      return { error: { status: 401, reason: 'access-denied' } };
    },
  },
  'auth-spnego': {
    begin: () => ({ accepts: [['kerberos'], []] }),
    answer: (login, proofs) => {
      if (proofs.length === 0) return 'attempted';
      login.userKnown = true;
      return 'success';
    },
  },
  'auth-x509-client-username-form': CERTIFICATE_FORM,
  'identity-provider-redirector': { begin: beginIdentityProvider, answer: () => 'attempted' },
  organization: ORGANIZATION_STEP,
  'user-session-limits': SESSION_LIMITS,
};

/** Steps of flows without pages. They read the request; here it is asked for as a form would. */
const DIRECT_GRANT: Readonly<Record<string, Authenticator>> = {
  'direct-grant-validate-username': {
    begin: () => ({ accepts: [['username']] }),
    answer: (login) => {
      login.userKnown = true;
      return 'success';
    },
  },
  'http-basic-authenticator': {
    begin: () => ({ accepts: [['username', 'password']] }),
    answer: (login) => {
      login.userKnown = true;
      return 'success';
    },
  },
  'direct-grant-validate-password': credentialForm('password'),
  'direct-grant-validate-otp': credentialForm('otp'),
};

/** Passed by whoever has what its code asks for, or passed on: nothing else is known of it. */
const OPAQUE_STEP: Authenticator = {
  begin: (login, execution) => {
    const authenticator = authenticatorOf(execution);
    login.assumptions.add(
      `${authenticator} is not one of Keycloak's: it is taken for a proof of its own that grants nothing else`,
    );
    return { accepts: [[`step:${authenticator}`], []] };
  },
  answer: (login, proofs) => {
    if (proofs.length === 0) return 'attempted';
    login.userKnown = true;
    return 'success';
  },
};

const IMPLEMENTATIONS = new Map(
  Object.entries({ ...LOGIN, ...DIRECT_GRANT, ...RESET_STEPS, ...REGISTRATION_STEPS, ...FIRST_LOGIN_STEPS }),
);

export function beginStep(login: Login, execution: AuthenticatorExecution): StepResult {
  return implementation(execution).begin(login, execution);
}

export function answerStep(
  login: Login,
  execution: AuthenticatorExecution,
  page: FormPage,
  answer: Answer,
): StepResult {
  const authenticator = implementation(execution);
  const proofs = 'give' in answer ? page.accepts[answer.give] : undefined;
  if (!proofs) return authenticator.wrong?.(login) ?? { accepts: page.accepts };
  if (!authenticator.answer) throw new CannotTell(`${execution.id} takes no answer`);
  return authenticator.answer(login, proofs, execution);
}

function implementation(execution: AuthenticatorExecution): Authenticator {
  const authenticator = authenticatorOf(execution);
  const found = IMPLEMENTATIONS.get(authenticator) ?? (isOpaqueStep(authenticator) ? OPAQUE_STEP : undefined);
  if (!found) throw new CannotTell(`${execution.id}: ${authenticator} is not followed here`);
  return found;
}

function formWithUser(login: Login, proofs: readonly Proof[]): StepResult {
  login.userKnownBeforeForm = login.userKnown;
  return { accepts: [proofs, ...(offersPasskey(login) ? [['webauthn-passwordless'] as const] : [])] };
}

/** The user name form counts as a password used, too: Keycloak's code is shared. */
function answerFormWithUser(login: Login, proofs: readonly Proof[]): StepResult {
  login.userKnown = true;
  login.credentialsUsed.push(proofs.includes('webauthn-passwordless') ? 'webauthn-passwordless' : 'password');
  return 'success';
}

function forgetUser(login: Login): undefined {
  if (!login.userKnownBeforeForm) login.userKnown = false;
}

function passwordForm(login: Login): StepResult {
  return { accepts: [['password'], ...(offersPasskey(login) ? [['webauthn-passwordless'] as const] : [])] };
}

/** Whether a passkey was used in place of user name and password (`alreadyAuthenticatedUsingPasswordlessCredential`). */
function usedPasskey(login: Login): boolean {
  return passkeysEnabled(login) && login.credentialsUsed.includes('webauthn-passwordless');
}

/** Redirects to the provider that the request or the config names, if it exists. */
function beginIdentityProvider(login: Login, execution: AuthenticatorExecution): StepResult {
  const alias = login.request.identityProviderHint ?? setting(execution.config, 'defaultProvider', execution);
  if (alias === undefined || alias.trim() === '') return 'attempted';
  return enabledProvider(login.model, alias) ? { provider: alias } : 'attempted';
}
