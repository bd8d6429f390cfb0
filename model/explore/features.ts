import { type CredentialType, traitsOf } from '../keycloak/authenticators';
import { DEFAULT_USER_ROLES } from '../keycloak/built-in-realm';
import { type AuthenticatorExecution, isUnknown, type RealmModel } from '../realm-model';
import { attributesInAcr } from '../simulate/acr-claim';
import { flowOrSubflow } from '../simulate/choose-flow';
import { allExecutions } from '../simulate/flow-index';
import type { SimulatedUser } from '../simulate/types';
import { attributeValues } from './attribute-values';
import { type Demand, demandsOf, type FactName, factsOf } from './demands';

/** A fact about an account that flows look at: it holds or it doesn't. */
export interface Feature {
  /** `has:otp`, `role:admin`, `attribute:tier=premium`. */
  readonly name: FactName;
  readonly credential?: CredentialType;
  apply(user: SimulatedUser): SimulatedUser;
}

/** Accounts that differ in whether one demand is made of them; see {@link demandsOf}. */
export interface DemandedFeature {
  /** The one that stands for all. */
  readonly feature: Feature;
  /** All that are alike, by name. */
  readonly members: readonly Feature[];
  readonly madeWhen: boolean;
}

export interface Features {
  /** Every combination of these is an account of its own. */
  readonly free: readonly Feature[];
  /** One demand at a time. */
  readonly demanded: readonly DemandedFeature[];
  /** All demands of the flows, those on scopes too. */
  readonly demands: readonly Demand[];
  /** Types of credentials that some step takes: others make no difference to a login. */
  readonly credentials: ReadonlySet<CredentialType>;
  /** What accounts are not told apart by. */
  readonly leftOut: readonly string[];
}

/** More would take too many accounts to try: each free feature doubles them. */
const MAX_FREE = 7;

/** The features that the realm's flows look at, and whether some had to be left out. */
export function featuresOf(model: RealmModel): Features {
  const flows = userFlows(model);
  const executions = flows.flatMap((flow) =>
    [...allExecutions(flow)].flatMap(({ execution }) =>
      execution.kind === 'authenticator' && execution.requirement !== 'DISABLED' ? [execution] : [],
    ),
  );
  const found = new Map<FactName, Feature>();
  for (const type of [...credentialsIn(executions), ...passkeysOf(model)]) found.set(`has:${type}`, credential(type));
  const values = attributeValues(executions.filter(({ authenticator }) => authenticator === ATTRIBUTE_CONDITION));
  for (const { name, value, pattern } of values.values) {
    const fact = pattern === undefined ? `attribute:${name}=${value}` : `attribute:${name}=~${pattern}`;
    found.set(fact, attribute(fact, name, value));
  }
  for (const { name, value } of attributesOfTokens(model)) {
    const fact = `attribute:${name}=${value}`;
    if (!found.has(fact)) found.set(fact, attribute(fact, name, value));
  }
  for (const fact of [...executions.flatMap(factsOf), ...rolesOfScopes(model), ...rolesOfActions(model)]) {
    if (found.has(fact)) continue;
    const [kind, text] = fact.split(/:(.*)/) as [string, string];
    if (kind === 'role' && roleMayExist(model, text)) found.set(fact, role(text));
    const [name, value] = text.split(/=(?!~)(.*)/);
    if (kind === 'attribute' && name && value !== undefined) found.set(fact, attribute(fact, name, value));
  }
  const demands = demandsOf(model, flows);
  const demanded = demands.flatMap(({ facts, madeWhen }): DemandedFeature[] => {
    const members = facts.flatMap((fact) => found.get(fact) ?? []);
    const [feature] = members;
    return feature ? [{ feature, members, madeWhen }] : [];
  });
  const single = new Set(demanded.flatMap(({ members }) => members));
  // Credentials first: which of them an account has matters most.
  const free = [...found.values()]
    .filter((feature) => !single.has(feature))
    .sort((a, b) => Number(!a.credential) - Number(!b.credential));
  return {
    free: free.slice(0, MAX_FREE),
    demanded,
    demands,
    credentials: new Set(['password', ...[...found.values()].flatMap(({ credential: type }) => type ?? [])]),
    leftOut: [
      ...free.slice(MAX_FREE).map(({ name }) => name),
      ...values.withoutExample.map((pattern) => `attribute:${pattern}`),
    ],
  };
}

/** An account that flows tell apart, and the names of the features that it has. */
export interface AccountKind {
  readonly names: ReadonlySet<FactName>;
  readonly user: SimulatedUser;
}

/** All accounts that differ to the realm's flows. */
export function accountKinds({ free, demanded }: Features): AccountKind[] {
  const accounts: AccountKind[] = [];
  const spared = demanded.flatMap(({ members, madeWhen }) => (madeWhen ? [] : members));
  const variants: Feature[][] = [
    spared,
    ...demanded.map(({ feature, madeWhen }) =>
      madeWhen ? [...spared, feature] : spared.filter((each) => each !== feature),
    ),
  ];
  for (let bits = 0; bits < 2 ** free.length; bits++) {
    const chosen = free.filter((_, index) => bits & (1 << index));
    for (const variant of variants) {
      const features = [...chosen, ...variant];
      const user = features.reduce((base, feature) => feature.apply(base), OF_NOTHING);
      accounts.push({ names: new Set(features.map(({ name }) => name)), user });
    }
  }
  return accounts;
}

const OF_NOTHING: SimulatedUser = { credentials: ['password'] };

/** Flows that a person's login can run through, whatever the door: those bound, overriding, enforced, or of an identity provider. */
export function userFlows(model: RealmModel): RealmModel['flows'] {
  const { resetCredentials, registration } = model.bindings;
  const { selfService, identityProviders } = model;
  const brokers = identityProviders.filter(({ enabled }) => enabled !== false);
  const names = [
    ...namesOf(model, 'browser'),
    ...namesOf(model, 'directGrant'),
    ...(selfService.resetPassword !== false ? [resetCredentials] : []),
    ...(selfService.registration !== false ? [registration] : []),
    ...(brokers.length > 0 ? [model.bindings.firstBrokerLogin] : []),
    ...brokers.flatMap(({ firstLoginFlow, postLoginFlow }) => [firstLoginFlow, postLoginFlow]),
  ];
  return flowsNamed(model, names);
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
  const used = new Set(names.filter((name): name is string => typeof name === 'string'));
  return [...used].flatMap((alias) => flowOrSubflow(model, alias) ?? []);
}

const ATTRIBUTE_CONDITION = 'conditional-user-attribute';

function credentialsIn(executions: readonly AuthenticatorExecution[]): CredentialType[] {
  return executions.flatMap(({ authenticator }) => {
    const validates = isUnknown(authenticator) ? undefined : traitsOf(authenticator)?.validates;
    return validates && validates !== 'password' ? [validates] : [];
  });
}

/** Attributes that mappers write into the acr, with every name of a level. */
function attributesOfTokens(model: RealmModel): { readonly name: string; readonly value: string }[] {
  const names = new Set(model.clients.flatMap((client) => attributesInAcr(model, client)));
  const levels = isUnknown(model.acrLoaMap) ? [] : model.acrLoaMap.levels;
  return [...names].flatMap((name) => levels.map(({ acr }) => ({ name, value: acr })));
}

/** Roles without which a scope is left out of tokens, but for those that everybody has. */
function rolesOfScopes({ clientScopes, defaultRoles = DEFAULT_USER_ROLES }: RealmModel): FactName[] {
  const everybodys = isUnknown(defaultRoles) ? DEFAULT_USER_ROLES : defaultRoles;
  return clientScopes.flatMap(({ roles }) =>
    roles === undefined || isUnknown(roles)
      ? []
      : roles.filter((role) => !everybodys.includes(role)).map((role) => `role:${role}`),
  );
}

/** The role without which nobody deletes their account, where that is on and not everybody has it. */
function rolesOfActions({ requiredActions, defaultRoles = DEFAULT_USER_ROLES }: RealmModel): FactName[] {
  const role = 'account.delete-account';
  const enabled = requiredActions.some((action) => action.alias === 'delete_account' && action.enabled !== false);
  return enabled && (isUnknown(defaultRoles) || !defaultRoles.includes(role)) ? [`role:${role}`] : [];
}

/** Where the realm has passkeys on, every form for a name or a password takes one. */
function passkeysOf({ webAuthnPasswordlessPolicy: policy }: RealmModel): CredentialType[] {
  return policy?.passkeys === undefined || policy.passkeys === false ? [] : ['webauthn-passwordless'];
}

/** A condition on a role that doesn't exist never holds. */
function roleMayExist({ roles, complete }: RealmModel, name: string): boolean {
  return !complete || roles.includes(name);
}

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

function attribute(fact: FactName, name: string, value: string): Feature {
  return {
    name: fact,
    apply: (user) => ({
      ...user,
      attributes: { ...user.attributes, [name]: [...(user.attributes?.[name] ?? []), value] },
    }),
  };
}
