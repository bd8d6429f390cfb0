import type { Client, ClientPolicy, ClientProfile, Flow, RealmModel } from '../../../model/realm-model';
import {
  ALT,
  COND,
  COOKIE,
  client,
  flow,
  LOA,
  type Node,
  OTP,
  PASSWORD,
  REQ,
  realm as realmModel,
} from '../../model/support/realm';

export {
  ALT,
  COND,
  COOKIE,
  client,
  flow,
  LOA,
  type Node,
  OFF,
  OTP,
  PASSWORD,
  REQ,
  stepUpFlow,
} from '../../model/support/realm';

export const SILVER = COND('silver', [LOA(1), PASSWORD]);
/** Gold for those who own an OTP; the others are refused. */
export const GOLD = COND('gold', [
  LOA(2, 300),
  COND('have', [REQ('conditional-user-configured'), OTP]),
  COND('have not', [
    REQ('conditional-sub-flow-executed', { flow_to_check: 'have', check_result: 'not-executed' }),
    REQ('deny-access-authenticator', { denyErrorMessage: 'No second factor' }),
  ]),
]);

/** Cookie, or these forms. Aliases are unique in a realm, and Keycloak's own flows have taken "forms". */
export function loginFlow(...forms: readonly Node[]): Flow {
  return flow('login', [COOKIE, ALT('ways', forms)]);
}

/** A realm that these rules have nothing to say about: levels, each with its proof, and no enrolment. */
export function soundRealm(overrides: Partial<RealmModel> = {}): RealmModel {
  return realm(loginFlow(SILVER, GOLD), overrides);
}

/** A realm that binds `browser`, without self-service enrolment. */
export function realm(browser: Flow, overrides: Partial<RealmModel> = {}): RealmModel {
  const model = realmModel(browser, overrides);
  const enrolments = /^(CONFIGURE_|webauthn-register)/;
  return {
    ...model,
    ...(overrides.requiredActions === undefined && {
      requiredActions: model.requiredActions.map((action) =>
        enrolments.test(action.alias) ? { ...action, enabled: false } : action,
      ),
    }),
  };
}

/** The realm with its enrolments enabled. */
export function withEnrolment(model: RealmModel, config: Readonly<Record<string, string>> = {}): RealmModel {
  return {
    ...model,
    requiredActions: model.requiredActions.map((action) =>
      /^CONFIGURE_/.test(action.alias) ? { ...action, enabled: true, config } : action,
    ),
  };
}

/** The realm with the client scope `payments`, which the clients may ask for. */
export function withPayments(model: RealmModel): RealmModel {
  return {
    ...model,
    clientScopes: [...model.clientScopes, { name: 'payments', protocol: 'openid-connect', mappers: [] }],
    clients: model.clients.map((each) => ({
      ...each,
      optionalScopes: [...(each.optionalScopes as string[]), 'payments'],
    })),
  };
}

export function withApp(model: RealmModel, app: Partial<Client>): RealmModel {
  return { ...model, clients: [client('app', app), client('other')] };
}

export function policy(conditions: ClientPolicy['conditions']): ClientPolicy {
  return { name: 'step up', enabled: true, strict: false, conditions, profiles: ['enforce'] };
}

export function enforce(config: Readonly<Record<string, unknown>>): ClientProfile {
  return { name: 'enforce', executors: [{ provider: 'auth-flow-enforcer', config }] };
}

/** Password and OTP, both asked every time. */
export const PROOF_FLOW = flow('proof', [PASSWORD, OTP]);
