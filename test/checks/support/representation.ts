import { randomUUID } from 'node:crypto';
import { builtInClientScopes } from '../../../model/keycloak/built-in-realm';
import type { AcrLoaMap, Client, Flow, Known, RealmModel } from '../../../model/realm-model';
import { IMPORTED_REALM, importedOtp, PASSWORD, REDIRECT_URI } from '../../support/imported-realm';
import { keyCredential } from './security-key';

/** The characters whose bytes are the key of bob's OTP. */
export const OTP_SECRET = 'checks-secret-of-bob';

/** Of the bob who owns a security key, which holds it; chosen anew for each run. */
export const BOBS_ID = randomUUID();

export interface Users {
  /** Whether bob owns a security key that does not ask for a PIN. */
  readonly securityKey?: boolean;
  readonly roles?: readonly string[];
  readonly attributes?: Readonly<Record<string, readonly string[]>>;
}

/** Written by hand in tests, a model has no unknown values. */
const sure = <T>(value: Known<T>): T => value as T;

/** The import of a realm that the model describes, with bob (password and OTP) and alice (password). */
export function realmRepresentation(name: string, model: RealmModel, users: Users = {}) {
  const configs: object[] = [];
  const custom = model.flows.filter(({ builtIn }) => !builtIn);
  return {
    realm: name,
    ...IMPORTED_REALM,
    ...(model.webAuthnPasswordlessPolicy && {
      webAuthnPolicyPasswordlessUserVerificationRequirement: sure(model.webAuthnPasswordlessPolicy.userVerification),
      webAuthnPolicyPasswordlessRpEntityName: 'checks',
      webAuthnPolicyPasswordlessSignatureAlgorithms: ['ES256'],
    }),
    ssoSessionMaxLifespan: sure(model.sessions.ssoMax),
    attributes: { 'acr.loa.map': mapText(sure(model.acrLoaMap)) },
    browserFlow: sure(model.bindings.browser),
    authenticationFlows: custom.flatMap((flow) => flowsOf(flow, true, configs)),
    authenticatorConfig: configs,
    requiredActions: model.requiredActions.map(({ alias, enabled, defaultAction, priority, config }) => ({
      alias,
      name: alias,
      providerId: alias,
      enabled: sure(enabled),
      defaultAction: sure(defaultAction),
      priority: sure(priority),
      config,
    })),
    roles: { realm: (users.roles ?? []).map((role) => ({ name: role })) },
    clients: model.clients.filter(({ builtIn }) => !builtIn).map(clientOf),
    clientPolicies: {
      policies: model.clientPolicies.map(({ name: policy, enabled, conditions, profiles }) => ({
        name: policy,
        enabled: sure(enabled),
        conditions: conditions.map(({ provider, config }) => ({
          condition: sure(provider),
          configuration: sure(config),
        })),
        profiles: [...sure(profiles)],
      })),
    },
    clientProfiles: {
      profiles: model.clientProfiles.map(({ name: profile, executors }) => ({
        name: profile,
        executors: executors.map(({ provider, config }) => ({ executor: sure(provider), configuration: sure(config) })),
      })),
    },
    users: [userOf('bob', users, true), userOf('alice', users, false)],
  };
}

/** The client scopes that a test's realm has beside Keycloak's own: made after the import, which else would leave those out. */
export function ownScopes(model: RealmModel): string[] {
  const ofKeycloak = new Set(builtInClientScopes().map(({ name }) => name));
  return model.clientScopes.map(({ name }) => name).filter((name) => !ofKeycloak.has(name));
}

export function mapText({ levels, broken }: AcrLoaMap): string {
  return broken ?? JSON.stringify(Object.fromEntries(levels.map(({ acr, loa }) => [acr, loa])));
}

function flowsOf(flow: Flow, topLevel: boolean, configs: object[]): object[] {
  const nested: object[] = [];
  const authenticationExecutions = flow.executions.map((execution) => {
    const base = { requirement: sure(execution.requirement), priority: sure(execution.priority) };
    if (execution.kind === 'subflow') {
      nested.push(...flowsOf(execution.flow, false, configs));
      const form = execution.flow.provider === 'form-flow' && { authenticator: 'registration-page-form' };
      return { ...base, ...form, authenticatorFlow: true, flowAlias: execution.flow.alias };
    }
    const { config } = execution;
    if (!config) return { ...base, authenticator: sure(execution.authenticator) };
    configs.push({ alias: config.alias, config: config.values });
    return { ...base, authenticator: sure(execution.authenticator), authenticatorConfig: config.alias };
  });
  const { alias } = flow;
  return [{ alias, topLevel, builtIn: false, providerId: sure(flow.provider), authenticationExecutions }, ...nested];
}

/** Overrides are set later, when the flows have ids, and scopes when they exist. */
function clientOf(client: Client) {
  const defaults = sure(client.defaultAcrValues);
  return {
    clientId: client.clientId,
    publicClient: true,
    redirectUris: [REDIRECT_URI],
    directAccessGrantsEnabled: sure(client.grants.password),
    attributes: {
      'oauth2.device.authorization.grant.enabled': String(sure(client.grants.device)),
      ...(client.acrLoaMap && { 'acr.loa.map': mapText(sure(client.acrLoaMap)) }),
      ...(defaults.length > 0 && { 'default.acr.values': defaults.join('##') }),
      ...(client.minimumAcr !== undefined && { 'minimum.acr.value': sure(client.minimumAcr) }),
    },
  };
}

function userOf(username: string, { roles = [], attributes = {}, securityKey }: Users, isBob: boolean) {
  return {
    ...(isBob && securityKey && { id: BOBS_ID }),
    username,
    enabled: true,
    firstName: username,
    lastName: 'Checks',
    email: `${username}@checks.invalid`,
    emailVerified: true,
    realmRoles: roles,
    attributes,
    credentials: [
      { type: 'password', value: PASSWORD, temporary: false },
      ...(isBob && securityKey ? [keyCredential()] : []),
      ...(isBob ? [importedOtp(OTP_SECRET)] : []),
    ],
  };
}
