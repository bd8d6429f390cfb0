import { traitsOf } from '../keycloak/authenticators';
import type { AuthenticatorExecution, RealmModel } from '../realm-model';
import { decideOtp, OTP_CONDITION_KEYS, type OtpConditions } from './conditional-otp';
import { allExecutions } from './flow-index';
import { known, type Login } from './login';
import { authenticatorOf } from './selection';
import { CannotTell, ServerError } from './signals';

/**
 * Leaves a step to enrolment if its authenticator allows that and the required action is enabled: the step counts as passed.
 * Source: `DefaultAuthenticationFlow.processSingleFlowExecutionModel`, `Authenticator.areRequiredActionsEnabled`.
 */
export function enrol(login: Login, step: AuthenticatorExecution): boolean {
  const authenticator = authenticatorOf(step);
  const traits = traitsOf(authenticator);
  if (!traits?.setupAllowed) return false;
  if (traits.enrolment && !isActionEnabled(login.model, traits.enrolment)) return false;
  if (authenticator === 'auth-conditional-otp-form' && !isOtpDemandedSomewhere(login)) {
    login.note('enrolment-waived', step.id);
    return true;
  }
  login.note('enrolment-offered', step.id);
  // Recovery codes name no required action to check, but still add theirs.
  login.actions.add(traits.enrolment ?? 'CONFIGURE_RECOVERY_AUTHN_CODES');
  return true;
}

/** Whether a required action is registered in the realm and enabled. */
export function isActionEnabled(model: RealmModel, alias: string): boolean {
  const action = model.requiredActions.find((each) => each.alias === alias);
  if (action) return known(action.enabled, `enabled of required action ${alias}`);
  if (model.complete) return false;
  throw new CannotTell(`The required action ${alias} is not in this source`);
}

/** Any config of the realm counts, of whatever flow (`ConditionalOtpFormAuthenticator.isOTPRequired`). */
function isOtpDemandedSomewhere(login: Login): boolean {
  const configs = conditionalOtpConfigs(login.model);
  if (configs.length === 0) return true;
  let broken: unknown;
  const demanded = configs.some((config) => {
    let decision: ReturnType<typeof decideOtp>;
    try {
      decision = decideOtp(login, config);
    } catch (error) {
      if (!(error instanceof ServerError)) throw error;
      broken = error;
      return false;
    }
    const onlyForced = config.defaultOtpOutcome === 'force' && Object.keys(config).length <= 1;
    return decision.byRule === 'show' || onlyForced || (decision.byRule === undefined && decision.byDefault !== 'skip');
  });
  if (broken && demanded) throw new CannotTell('Keycloak may come to a broken header pattern of another flow first');
  if (broken) throw broken;
  return demanded;
}

function conditionalOtpConfigs(model: RealmModel): OtpConditions[] {
  const configs: OtpConditions[] = [];
  for (const flow of model.flows) {
    for (const { execution } of allExecutions(flow)) {
      if (execution.kind !== 'authenticator' || !execution.config) continue;
      const values = execution.config.values;
      if (!OTP_CONDITION_KEYS.some((key) => values[key] !== undefined)) continue;
      const entries = Object.entries(values).map(([key, value]) => [key, known(value, `${key} of ${execution.id}`)]);
      configs.push(Object.fromEntries(entries));
    }
  }
  return configs;
}
