import { isCondition, traitsOf } from '../keycloak/authenticators';
import { matchesJavaPattern, parseJavaBoolean, splitJava } from '../keycloak/java';
import type { AuthenticatorConfig, AuthenticatorExecution, Flow } from '../realm-model';
import { isLevelInSession, isStepUpOff, levelOf, maxAgeOf, reach, requestedLevel } from './acr-store';
import { isConfiguredFor } from './configured';
import { known, type Login, MINIMUM_LOA } from './login';
import { roleExists, scopeExists } from './names';
import { requestedScopes } from './scopes';
import { CannotTell, FlowError, ServerError } from './signals';

/** A condition of a CONDITIONAL subflow: whether it is met. Source: `ConditionalAuthenticator.matchCondition` of each. */
type Condition = (login: Login, execution: AuthenticatorExecution, parent: Flow) => boolean;

const CONDITIONS: Readonly<Record<string, Condition>> = {
  'conditional-level-of-authentication': levelOfAuthentication,
  'conditional-client-scope': clientScope,
  'conditional-user-role': userRole,
  'conditional-user-attribute': userAttribute,
  'conditional-credential': credentialUsed,
  'conditional-sub-flow-executed': subflowExecuted,
  'conditional-user-configured': userConfigured,
};

export function matchesCondition(login: Login, execution: AuthenticatorExecution, parent: Flow): boolean {
  const authenticator = known(execution.authenticator, `authenticator of ${execution.id}`);
  const condition = CONDITIONS[authenticator];
  if (!condition) throw new CannotTell(`${execution.id}: the condition ${authenticator} is not one of Keycloak's`);
  return condition(login, execution, parent);
}

/** A value of a config: undefined if it isn't set. */
export function setting(
  config: AuthenticatorConfig | undefined,
  key: string,
  execution: AuthenticatorExecution,
): string | undefined {
  const raw = config?.values[key];
  return raw === undefined ? undefined : known(raw, `${key} of ${execution.id}`);
}

/**
 * Met until any level is reached; afterwards if its level is requested and not in the session. A level in the session is
 * taken over (`ConditionalLoaAuthenticator`).
 */
function levelOfAuthentication(login: Login, { config, id }: AuthenticatorExecution): boolean {
  if (isStepUpOff(login.model)) throw new ServerError('The server has no level conditions');
  const level = levelOf(config, id) ?? MINIMUM_LOA;
  const requested = requestedLevel(login);
  if (login.level < MINIMUM_LOA) {
    login.note('level-first', id, `level ${level}`);
    return true;
  }
  if (requested < level) {
    login.note('level-not-requested', id, `level ${level}, requested ${requested}`);
    return false;
  }
  const inSession = isLevelInSession(login, level, maxAgeOf(config as AuthenticatorConfig, id));
  if (inSession && login.level < level) reach(login, level, false);
  login.note(inSession ? 'level-in-session' : 'level-asked', id, `level ${level}`);
  return !inSession;
}

function clientScope(login: Login, execution: AuthenticatorExecution): boolean {
  const { config } = execution;
  const name = setting(config, 'client_scope', execution);
  if (name === undefined) return false;
  const negate = parseJavaBoolean(setting(config, 'negate', execution));
  if (!scopeExists(login.model, name)) return false;
  return negate !== requestedScopes(login.client, login.request).includes(name);
}

function userRole(login: Login, execution: AuthenticatorExecution): boolean {
  const { config } = execution;
  if (!login.userKnown || !config) return false;
  const role = setting(config, 'condUserRole', execution);
  const negate = parseJavaBoolean(setting(config, 'negate', execution));
  if (role === undefined || !roleExists(login.model, role)) return false;
  return negate !== (login.user.roles ?? []).includes(role);
}

function userAttribute(login: Login, execution: AuthenticatorExecution): boolean {
  const { config, id } = execution;
  if (!config) throw new ServerError(`The condition ${id} has no config`);
  const name = setting(config, 'attribute_name', execution);
  const expected = setting(config, 'attribute_expected_value', execution);
  const regex = parseJavaBoolean(setting(config, 'regex', execution));
  if (!login.userKnown) throw new FlowError('flow-failed', `${id} needs to know the user`);
  const matches = (values: readonly string[] | undefined) =>
    (values ?? []).some((value) => {
      if (!regex) return value === expected;
      if (expected === undefined) throw new ServerError(`The condition ${id} has no pattern`);
      const verdict = matchesJavaPattern(expected, value);
      if (verdict === 'undetermined') throw new CannotTell(`${id}: the pattern ${expected} is Java's own`);
      if (verdict === 'invalid') throw new ServerError(`The pattern of ${id} is broken`);
      return verdict === 'matches';
    });
  const { attributes, groupAttributes } = login.user;
  const withGroups = parseJavaBoolean(setting(config, 'include_group_attributes', execution));
  const result =
    name !== undefined && (matches(attributes?.[name]) || (withGroups && matches(groupAttributes?.[name])));
  return parseJavaBoolean(setting(config, 'not', execution)) !== result;
}

/** Looks at the credentials used in this login; `none` stands for none, as by the cookie. */
function credentialUsed(login: Login, execution: AuthenticatorExecution): boolean {
  const { config } = execution;
  const listed = splitJava(setting(config, 'credentials', execution) ?? '', '##');
  const used: readonly string[] = login.credentialsUsed.length === 0 ? ['none'] : login.credentialsUsed;
  const any = listed.some((credential) => used.includes(credential));
  return parseJavaBoolean(setting(config, 'included', execution)) ? any : !any;
}

function subflowExecuted(login: Login, execution: AuthenticatorExecution): boolean {
  const { config } = execution;
  if (!config) return false;
  const executed = setting(config, 'check_result', execution) !== 'not-executed';
  const alias = setting(config, 'flow_to_check', execution);
  const subflow = alias === undefined ? undefined : findSubflow(login, alias);
  if (!subflow) return !executed;
  return executed === (login.status.get(subflow) === 'SUCCESS');
}

function findSubflow(login: Login, alias: string): string | undefined {
  for (const [flow, execution] of login.flow.executionOf) if (flow.alias === alias) return execution.id;
  return undefined;
}

/** Whether the user is set up for the REQUIRED steps beside the condition or, without such, for one of the ALTERNATIVE ones. */
function userConfigured(login: Login, condition: AuthenticatorExecution, parent: Flow): boolean {
  const required: AuthenticatorExecution[] = [];
  const alternative: AuthenticatorExecution[] = [];
  for (const execution of parent.executions) {
    if (execution.kind === 'subflow' || execution.id === condition.id) continue;
    const requirement = known(execution.requirement, `requirement of ${execution.id}`);
    if (requirement !== 'REQUIRED' && requirement !== 'ALTERNATIVE') continue;
    const authenticator = known(execution.authenticator, `authenticator of ${execution.id}`);
    if (isCondition(authenticator)) continue;
    if (!traitsOf(authenticator)) throw new CannotTell(`${execution.id}: ${authenticator} is not followed here`);
    (requirement === 'REQUIRED' ? required : alternative).push(execution);
  }
  const configured = (execution: AuthenticatorExecution) => {
    const authenticator = execution.authenticator as string;
    if (traitsOf(authenticator)?.requiresUser && !login.userKnown) return false;
    return isConfiguredFor(login, authenticator);
  };
  if (required.length > 0) return required.every(configured);
  return alternative.length === 0 || alternative.some(configured);
}
