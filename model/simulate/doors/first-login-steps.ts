import { parseJavaBoolean } from '../../keycloak/java';
import type { AuthenticatorExecution } from '../../realm-model';
import { setting } from '../conditions';
import { offersPasskey } from '../configured';
import { known, type Login } from '../login';
import { requirementOf } from '../selection';
import { CannotTell, FlowError } from '../signals';
import type { Authenticator, StepResult } from '../step';
import { type FirstLogin, newAccount } from './broker';

/**
 * The steps of first broker login flows.
 * Source: the classes of each in `org.keycloak.authentication.authenticators.broker`.
 */
export const FIRST_LOGIN_STEPS: Readonly<Record<string, Authenticator>> = {
  'idp-review-profile': {
    begin: (login, execution) => {
      firstLoginOf(login, execution);
      const shown = setting(execution.config, 'update.profile.on.first.login', execution) ?? 'missing';
      if (shown === 'missing') login.assumptions.add('The identity provider says all that a profile needs');
      return shown === 'on' ? { accepts: [[]] } : 'success';
    },
    answer: () => 'success',
  },
  'idp-create-user-if-unique': {
    begin: (login, execution) => {
      const first = firstLoginOf(login, execution);
      if (first.found) return 'attempted';
      if (!first.matches) return create(login, execution);
      first.found = true;
      login.note('account-found', execution.id);
      return requirementOf(execution) === 'REQUIRED'
        ? { error: { status: 409, reason: 'account-exists' } }
        : 'attempted';
    },
  },
  'idp-detect-existing-broker-user': {
    begin: (login, execution) => {
      const first = firstLoginOf(login, execution);
      if (first.found) return 'attempted';
      if (!first.matches) return { error: { status: 401, reason: 'no-account' } };
      first.found = true;
      login.note('account-found', execution.id);
      return 'success';
    },
  },
  'idp-confirm-link': {
    begin: (login, execution) => (firstLoginOf(login, execution).found ? { accepts: [[]] } : 'attempted'),
    answer: () => 'success',
  },
  // An account that is matched counts as not linked to the provider yet.
  'idp-confirm-override-link': {
    begin: (login, execution) => {
      foundAccount(login, execution);
      return 'success';
    },
  },
  'idp-auto-link': {
    begin: (login, execution) => {
      foundAccount(login, execution);
      login.note('linked-without-proof', execution.id);
      login.userKnown = true;
      return 'success';
    },
  },
  'idp-email-verification': {
    begin: (login, execution) => {
      foundAccount(login, execution);
      login.assumptions.add('The realm can send mail');
      return { accepts: [['email']] };
    },
    answer: (login) => {
      login.userKnown = true;
      return 'success';
    },
  },
  'idp-username-password-form': {
    begin: (login, execution) => {
      login.userKnownBeforeForm = firstLoginOf(login, execution).found || login.userKnown;
      // The form has the account's name, and takes another one.
      return {
        accepts: [['username', 'password'], ...(offersPasskey(login) ? [['webauthn-passwordless'] as const] : [])],
      };
    },
    answer: (login, proofs) => {
      login.userKnown = true;
      login.credentialsUsed.push(proofs.includes('webauthn-passwordless') ? 'webauthn-passwordless' : 'password');
      return 'success';
    },
  },
  'idp-add-organization-member': {
    begin: (_, { id }) => {
      throw new CannotTell(`${id}: members of organizations are not followed here`);
    },
  },
};

/** The first login in progress; without one, as in a browser flow, the step fails. */
function firstLoginOf(login: Login, { id }: AuthenticatorExecution): FirstLogin {
  if (!login.firstLogin) throw new FlowError('flow-failed', `${id} stands outside the first login of an identity`);
  return login.firstLogin;
}

function foundAccount(login: Login, execution: AuthenticatorExecution): void {
  if (firstLoginOf(login, execution).found) return;
  throw new FlowError('flow-failed', `No step before ${execution.id} has found an account`);
}

function create(login: Login, execution: AuthenticatorExecution): StepResult {
  const setsPassword = setting(execution.config, 'require.password.update.after.registration', execution);
  login.user = newAccount(login.model, parseJavaBoolean(setsPassword));
  login.userKnown = true;
  login.registered = true;
  login.emailUnverified = !trustsEmail(login);
  login.assumptions.add("The identity provider's mappers give a new account no roles and attributes");
  login.note('account-created', execution.id);
  return 'success';
}

function trustsEmail({ model, firstLogin }: Login): boolean {
  const provider = model.identityProviders.find(({ alias }) => alias === firstLogin?.provider);
  return known(provider?.trustEmail ?? false, `trust email of identity provider ${firstLogin?.provider}`);
}
