import { builtInFlows } from '../../../model/keycloak/built-in-flows';
import {
  builtInClientScopes,
  builtInRequiredActions,
  builtInRoles,
  DEFAULT_BINDINGS,
  DEFAULT_OTP_POLICY,
  DEFAULT_SSO_IDLE,
  DEFAULT_SSO_MAX,
} from '../../../model/keycloak/built-in-realm';
import { plainClient } from '../../../model/keycloak/plain-client';
import type { AcrLoaMap, Execution, Flow, RealmModel, Requirement } from '../../../model/realm-model';

/** An execution that learns its id from its place. */
export type Node = (parent: string, index: number) => Execution;

function authenticator(requirement: Requirement, name: string, config?: Record<string, string>): Node {
  return (parent, index) => ({
    kind: 'authenticator',
    id: `${parent}/${index}:${name}`,
    priority: 10 * (index + 1),
    requirement,
    authenticator: name,
    ...(config && { config: { alias: `${parent} ${index}`, values: config } }),
  });
}

function subflow(requirement: Requirement, alias: string, nodes: readonly Node[]): Node {
  return (parent, index) => ({
    kind: 'subflow',
    id: `${parent}/${index}>${alias}`,
    priority: 10 * (index + 1),
    requirement,
    flow: flow(alias, nodes, false),
  });
}

/** `REQ('auth-otp-form')`, `REQ('auth-otp-form', {config})` or `REQ('alias', [nodes])`. */
function node(requirement: Requirement) {
  return (name: string, rest?: Record<string, string> | readonly Node[]): Node =>
    Array.isArray(rest) ? subflow(requirement, name, rest) : authenticator(requirement, name, rest as never);
}

export const REQ = node('REQUIRED');
export const ALT = node('ALTERNATIVE');
export const COND = node('CONDITIONAL');
export const OFF = node('DISABLED');

/** A level condition. */
export function LOA(level: number | string, maxAge: number | string = 36_000): Node {
  return REQ('conditional-level-of-authentication', {
    'loa-condition-level': String(level),
    'loa-max-age': String(maxAge),
  });
}

export const COOKIE = ALT('auth-cookie');
export const PASSWORD = REQ('auth-username-password-form');
export const OTP = REQ('auth-otp-form');

export function flow(alias: string, nodes: readonly Node[], topLevel = true): Flow {
  return {
    alias,
    provider: 'basic-flow',
    builtIn: false,
    executions: nodes.map((make, index) => make(alias, index)),
    ...(topLevel && { id: `id-of-${alias}` }),
  };
}

/** Keycloak's documented shape: cookie, or level 1 by password and level 2 by one-time password. */
export function stepUpFlow(alias = 'step-up', ages: { silver?: number | string; gold?: number | string } = {}): Flow {
  return flow(alias, [
    COOKIE,
    ALT(`${alias} forms`, [
      COND(`${alias} silver`, [LOA(1, ages.silver), PASSWORD]),
      COND(`${alias} gold`, [LOA(2, ages.gold), OTP]),
    ]),
  ]);
}

export const SILVER_GOLD: AcrLoaMap = {
  levels: [
    { acr: 'silver', loa: 1 },
    { acr: 'gold', loa: 2 },
  ],
};

export const client = plainClient;

/** A realm that binds `browser` and has the client `app`. */
export function realm(browser: Flow, overrides: Partial<RealmModel> = {}): RealmModel {
  return {
    version: 1,
    realm: 'test',
    source: { kind: 'export' },
    complete: true,
    keycloakVersion: '26.7.4',
    flows: [...builtInFlows(), browser, ...(overrides.flows ?? [])],
    bindings: { ...DEFAULT_BINDINGS, browser: browser.alias },
    acrLoaMap: SILVER_GOLD,
    clients: [client('app')],
    clientScopes: builtInClientScopes(),
    clientPolicies: [],
    clientProfiles: [],
    requiredActions: builtInRequiredActions(),
    roles: builtInRoles(),
    identityProviders: [],
    otpPolicy: DEFAULT_OTP_POLICY,
    sessions: { ssoIdle: DEFAULT_SSO_IDLE, ssoMax: DEFAULT_SSO_MAX },
    selfService: { registration: false, resetPassword: false, organizations: false },
    unknowns: [],
    ...overrides,
    ...(overrides.flows && { flows: [...builtInFlows(), browser, ...overrides.flows] }),
  };
}
