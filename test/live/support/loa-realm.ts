import type RealmRepresentation from '@keycloak/keycloak-admin-client/lib/defs/realmRepresentation';
import { REDIRECT_URI } from '../../support/imported-realm';

/** Seconds that gold counts in {@link loaRealm}. */
export const GOLD_MAX_AGE = 4;

const NEVER = '36000';

/**
 * A realm with the step-up flow of Keycloak's guide (silver: password, gold: one-time password) and a public client `app`,
 * made by Keycloak's own import: for tests of the login driver, which must not rest on the constructs.
 */
export function loaRealm(): Omit<RealmRepresentation, 'id' | 'realm'> {
  const flow = (alias: string, topLevel: boolean, authenticationExecutions: object[]) => ({
    alias,
    topLevel,
    builtIn: false,
    providerId: 'basic-flow',
    authenticationExecutions: authenticationExecutions.map((each, index) => ({ priority: 10 * (index + 1), ...each })),
  });
  const level = (name: string, authenticator: string) => [
    { authenticator: 'conditional-level-of-authentication', requirement: 'REQUIRED', authenticatorConfig: name },
    { authenticator, requirement: 'REQUIRED' },
  ];
  const subflow = (flowAlias: string, requirement: string) => ({ flowAlias, requirement, authenticatorFlow: true });
  const config = (alias: string, loa: number, maxAge: string) => ({
    alias,
    config: { 'loa-condition-level': String(loa), 'loa-max-age': maxAge },
  });
  return {
    registrationAllowed: true,
    attributes: { 'acr.loa.map': JSON.stringify({ silver: 1, gold: 2 }) },
    browserFlow: 'loa',
    authenticationFlows: [
      flow('loa', true, [
        { authenticator: 'auth-cookie', requirement: 'ALTERNATIVE' },
        subflow('loa forms', 'ALTERNATIVE'),
      ]),
      flow('loa forms', false, [subflow('loa silver', 'CONDITIONAL'), subflow('loa gold', 'CONDITIONAL')]),
      flow('loa silver', false, level('silver', 'auth-username-password-form')),
      flow('loa gold', false, level('gold', 'auth-otp-form')),
    ],
    authenticatorConfig: [config('silver', 1, NEVER), config('gold', 2, String(GOLD_MAX_AGE))],
    clients: [{ clientId: 'app', publicClient: true, redirectUris: [REDIRECT_URI] }],
  };
}
