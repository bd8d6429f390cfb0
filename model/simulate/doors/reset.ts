import type { AuthenticatorExecution } from '../../realm-model';
import { setting } from '../conditions';
import type { Login } from '../login';
import { requirementOf } from '../selection';
import { CannotTell, FlowError } from '../signals';
import type { Authenticator, StepResult } from '../step';

/**
 * The steps of a reset credentials flow. It is a login of its own in the session of the login that "Forgot password?" was
 * chosen in: what was asked for and a level that a client policy stamped stay, the flow that was in use doesn't count.
 *
 * The link of the mail counts in the browser that asked for it. In any other one the same is done to the account, but no tokens
 * come of it (`AbstractActionTokenHandler.startFreshAuthenticationSession`): that reaches nothing more.
 *
 * Source: the classes of each in `org.keycloak.authentication.authenticators.resetcred`.
 */
export const RESET_STEPS: Readonly<Record<string, Authenticator>> = {
  'reset-credentials-choose-user': {
    begin: (login) => {
      if (!login.session) return { accepts: [['username']] };
      login.userKnown = true;
      return 'success';
    },
    answer: (login) => {
      login.userKnown = true;
      return 'success';
    },
  },
  'reset-credential-email': {
    begin: (login, { id }) => {
      // Levels of this flow would be in the session already if the person went back to the login without the mail.
      if (login.levelReachedIn === login.flow.top) {
        throw new CannotTell(`${id}: the reset flow grants a level before its mail, which is not followed here`);
      }
      // Without a user no mail is sent, but the page says the same.
      return { accepts: login.userKnown ? [['email']] : [] };
    },
    answer: (login, _, execution) => {
      if (forcesLogin(execution)) login.endsAfterActions = true;
      return 'success';
    },
  },
  'reset-password': {
    begin: (login, execution) => {
      const requirement = requirementOf(execution);
      if (requirement === 'REQUIRED' || (requirement === 'CONDITIONAL' && login.has('password'))) {
        login.actions.add('UPDATE_PASSWORD');
      }
      // Keycloak counts the password as used, without having seen one.
      login.credentialsUsed.push('password');
      return 'success';
    },
  },
  'reset-otp': {
    begin: (login, execution) => {
      const removal = setting(execution.config, 'action_on_otp_reset_flag', execution);
      if (removal === 'Remove one' && login.has('otp')) return { accepts: [[]] };
      if (removal === 'Remove all') removeOtp(login);
      return enrolOtp(login);
    },
    answer: (login) => {
      removeOtp(login);
      return enrolOtp(login);
    },
  },
};

/** Whether the user has to log in anew after a reset; federated users, of which the model says nothing, have to by default. */
function forcesLogin(execution: AuthenticatorExecution): boolean {
  const configured = setting(execution.config, 'force-login', execution)?.toLowerCase();
  if (configured === undefined || configured === 'only-federated' || configured === 'false') return false;
  if (configured === 'true') return true;
  throw new FlowError('unexpected-error', `force-login of ${execution.id} is ${configured}`);
}

/** An account counts as having one credential of a type. */
function removeOtp(login: Login): void {
  login.user = { ...login.user, credentials: login.user.credentials.filter((type) => type !== 'otp') };
}

function enrolOtp(login: Login): StepResult {
  login.actions.add('CONFIGURE_TOTP');
  return 'success';
}
