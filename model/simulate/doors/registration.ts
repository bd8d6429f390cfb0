import { DEFAULT_USER_ROLES } from '../../keycloak/built-in-realm';
import type { AuthenticatorExecution, Execution, Flow, RealmModel } from '../../realm-model';
import { mayEdit } from '../actions/profile';
import { boundFlow } from '../choose-flow';
import { setting } from '../conditions';
import { isActionEnabled } from '../enrolment';
import { allExecutions } from '../flow-index';
import { known, type Login } from '../login';
import { perFlow } from '../per-flow';
import { CannotTell } from '../signals';
import type { Authenticator } from '../step';
import type { SimulatedUser } from '../types';

/** The page of a form flow, as the execution that holds it names it. */
const FORM = 'registration-page-form';

/** Form actions that ask for nothing that an attacker would lack. */
const HARMLESS = new Set([
  'registration-recaptcha-action',
  'registration-recaptcha-enterprise',
  'registration-terms-and-conditions',
]);

/**
 * A registration flow in which each form flow is one step: Keycloak shows all that its actions ask for on one page.
 * Source: `FormAuthenticationFlow`.
 */
export const withFormsAsSteps = perFlow((flow): Flow => {
  const executions = flow.executions.map((execution): Execution => {
    if (execution.kind !== 'subflow') return execution;
    const { flow: nested, kind: _, ...rest } = execution;
    if (nested.provider !== 'form-flow') return { ...execution, flow: withFormsAsSteps(nested) };
    return { ...rest, kind: 'authenticator', authenticator: FORM };
  });
  return { ...flow, executions };
});

export const REGISTRATION_STEPS: Readonly<Record<string, Authenticator>> = {
  [FORM]: {
    begin: (login, { id }) => {
      if (login.levelReachedIn === login.flow.top) {
        throw new CannotTell(`${id}: the registration flow grants a level before its form, which is not followed here`);
      }
      return { accepts: [['registration']] };
    },
    answer: (login, _, execution) => {
      register(login, execution);
      return 'success';
    },
  },
};

/** Source: `RegistrationUserCreation.success` and the form actions after it. */
function register(login: Login, { id }: AuthenticatorExecution): void {
  const form = [...allExecutions(boundFlow(login.model, 'registration'))].find(({ execution }) => execution.id === id);
  if (form?.execution.kind !== 'subflow') throw new CannotTell(`${id} holds no form`);
  const actions = new Map<string, AuthenticatorExecution>();
  for (const { execution } of allExecutions(form.execution.flow)) {
    if (known(execution.requirement, `requirement of ${execution.id}`) === 'DISABLED') continue;
    if (execution.kind === 'subflow')
      throw new CannotTell(`${execution.id}: a flow within a form is not followed here`);
    actions.set(known(execution.authenticator, `authenticator of ${execution.id}`), execution);
  }
  for (const action of actions.keys()) {
    if (action === 'registration-user-creation' || action === 'registration-password-action') continue;
    if (!HARMLESS.has(action)) throw new CannotTell(`${id}: ${action} is not followed here`);
  }
  if (!actions.has('registration-user-creation')) return;
  login.userKnown = true;
  login.registered = true;
  login.emailUnverified = true;
  login.user = newAccount(login.model, login.user, actions);
}

/** The account that a registration makes: with the attributes of `wished` that users may fill in. */
function newAccount(
  model: RealmModel,
  wished: SimulatedUser,
  actions: ReadonlyMap<string, AuthenticatorExecution>,
): SimulatedUser {
  const attributes = Object.entries(wished.attributes ?? {}).filter(([name]) => mayEdit(model, name, 'registration'));
  const due = model.requiredActions
    .filter(({ alias, defaultAction }) => known(defaultAction, `default of required action ${alias}`))
    .map(({ alias }) => alias)
    .filter((alias) => isActionEnabled(model, alias))
    .filter((alias) => alias !== 'TERMS_AND_CONDITIONS' || !actions.has('registration-terms-and-conditions'));
  const password = actions.get('registration-password-action');
  const later = password !== undefined && isChosenLater(model, password);
  if (later) due.push('UPDATE_PASSWORD');
  return {
    credentials: password && !later ? ['password'] : [],
    roles: known(model.defaultRoles ?? DEFAULT_USER_ROLES, 'default roles of the realm'),
    emailMoved: true,
    ...(attributes.length > 0 && { attributes: Object.fromEntries(attributes) }),
    ...(due.length > 0 && { requiredActions: due }),
  };
}

/** Where addresses are verified, the password is chosen after that (`RegistrationPassword.isVerifyEmail`). */
function isChosenLater(model: RealmModel, execution: AuthenticatorExecution): boolean {
  if (setting(execution.config, 'always_set_password_on_register_form', execution) === 'true') return false;
  if (known(model.selfService.verifyEmail ?? false, 'verification of e-mail addresses')) return true;
  const action = model.requiredActions.find(({ alias }) => alias === 'VERIFY_EMAIL');
  return action !== undefined && known(action.defaultAction, 'default of required action VERIFY_EMAIL');
}
