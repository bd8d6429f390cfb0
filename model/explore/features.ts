import { type CredentialType, traitsOf } from '../keycloak/authenticators';
import { type AuthenticatorExecution, isUnknown, type RealmModel } from '../realm-model';
import { allExecutions } from '../simulate/flow-index';
import type { SimulatedUser } from '../simulate/types';

/** A fact about an account that flows look at: it holds or it doesn't. */
export interface Feature {
  /** `has:otp`, `role:admin`, `attribute:tier=premium`. */
  readonly name: string;
  readonly credential?: CredentialType;
  apply(user: SimulatedUser): SimulatedUser;
}

/** More would take too many accounts to try: each feature doubles them. */
const MAX_FEATURES = 7;

/** The features that the realm's flows look at, and whether some had to be left out. */
export function featuresOf(model: RealmModel): { readonly features: Feature[]; readonly leftOut: string[] } {
  const found = new Map<string, Feature>();
  const add = (feature: Feature) => found.set(feature.name, feature);
  for (const flow of loginFlows(model)) {
    for (const { execution } of allExecutions(flow)) {
      if (execution.kind === 'authenticator' && execution.requirement !== 'DISABLED') lookAt(execution, add);
    }
  }
  // Credentials first: which of them an account has matters most.
  const features = [...found.values()].sort((a, b) => Number(!a.credential) - Number(!b.credential));
  return { features: features.slice(0, MAX_FEATURES), leftOut: features.slice(MAX_FEATURES).map(({ name }) => name) };
}

/** Flows that a login of a user can run through: those bound, overriding or enforced. */
export function loginFlows(model: RealmModel): RealmModel['flows'] {
  return flowsNamed(model, [...namesOf(model, 'browser'), ...namesOf(model, 'directGrant')]);
}

/** Those of them that a session takes part in. */
export function browserFlows(model: RealmModel): RealmModel['flows'] {
  return flowsNamed(model, namesOf(model, 'browser'));
}

function namesOf(model: RealmModel, kind: 'browser' | 'directGrant'): unknown[] {
  const overrides = model.clients.flatMap(({ flowOverrides }) => {
    const override = flowOverrides[kind];
    return override && !isUnknown(override) ? [override.alias] : [];
  });
  const enforced = model.clientProfiles.flatMap(({ executors }) =>
    executors.flatMap(({ config }) => (isUnknown(config) ? [] : [config['auth-flow-alias']])),
  );
  return [model.bindings[kind], ...overrides, ...(kind === 'browser' ? enforced : [])];
}

function flowsNamed(model: RealmModel, names: readonly unknown[]): RealmModel['flows'] {
  const used = new Set(names);
  return model.flows.filter(({ alias }) => used.has(alias));
}

function lookAt({ authenticator, config }: AuthenticatorExecution, add: (feature: Feature) => void): void {
  if (isUnknown(authenticator)) return;
  const validates = traitsOf(authenticator)?.validates;
  if (validates && validates !== 'password') add(credential(validates));
  const setting = (key: string) => {
    const value = config?.values[key];
    return value === undefined || isUnknown(value) ? undefined : value;
  };
  const roleKeys = authenticator === 'conditional-user-role' ? ['condUserRole'] : OTP_ROLE_KEYS;
  if (authenticator === 'conditional-user-role' || authenticator === 'auth-conditional-otp-form') {
    for (const key of roleKeys) {
      const name = setting(key);
      if (name !== undefined) add(role(name));
    }
  }
  if (authenticator === 'auth-conditional-otp-form') {
    const name = setting('otpControlAttribute');
    if (name !== undefined) for (const value of ['skip', 'force']) add(attribute(name, value));
  }
  if (authenticator === 'conditional-user-attribute') {
    const name = setting('attribute_name');
    const value = setting('attribute_expected_value');
    if (name !== undefined && value !== undefined) add(attribute(name, value));
  }
}

const OTP_ROLE_KEYS = ['skipOtpRole', 'forceOtpRole'];

function credential(type: CredentialType): Feature {
  return {
    name: `has:${type}`,
    credential: type,
    apply: (user) => ({ ...user, credentials: [...user.credentials, type] }),
  };
}

function role(name: string): Feature {
  return { name: `role:${name}`, apply: (user) => ({ ...user, roles: [...(user.roles ?? []), name] }) };
}

function attribute(name: string, value: string): Feature {
  return {
    name: `attribute:${name}=${value}`,
    apply: (user) => ({ ...user, attributes: { ...user.attributes, [name]: [value] } }),
  };
}
