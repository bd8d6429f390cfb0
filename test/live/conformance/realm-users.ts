import type { SimulatedUser } from '../../../model';
import { importedOtp, PASSWORD } from '../../support/imported-realm';
import { COMPOSITE_ROLE, GROUP, GROUP_ATTRIBUTES, GROUP_ROLE, ROLES, type UserSettings } from './case';
import { clientIdOf, roleOfCase } from './realm-flows';
import { linkOf } from './realm-provider';

/** Which of a case's people. */
export type Person = 'user' | 'other';

/** The characters whose bytes are the key of a user's OTP. */
export function otpSecret(index: number, person: Person = 'user'): string {
  return `conformance-${person === 'user' ? 'secret' : 'others'}-${String(index).padStart(6, '0')}`;
}

export const usernameOf = (index: number, person: Person = 'user') => `${person}-${index}`;

/** A user as Keycloak imports it. @param partner the realm that is the identity provider */
export function userRepresentation(settings: UserSettings, index: number, person: Person, partner: string) {
  const { credentials, roles, attributes, inGroup, requiredActions, linked } = settings;
  const otp = importedOtp(otpSecret(index, person));
  const password = { type: 'password', value: PASSWORD, temporary: false };
  const username = usernameOf(index, person);
  const ofClient = roles.filter(isOfClient).map((role) => role.replace(/^own\./, ''));
  return {
    username,
    enabled: true,
    firstName: username,
    lastName: 'Conformance',
    email: `${username}@conformance.invalid`,
    emailVerified: true,
    realmRoles: roles.filter((role) => !isOfClient(role)),
    ...(ofClient.length > 0 && { clientRoles: { [clientIdOf(index)]: ofClient } }),
    ...(inGroup && { groups: [`/${GROUP}`] }),
    ...(requiredActions && { requiredActions }),
    ...(linked && { federatedIdentities: [linkOf(partner, index, person)] }),
    attributes: attributesOf(attributes),
    credentials: credentials.map((type) => (type === 'otp' ? otp : password)),
  };
}

/** The same user for the simulator. */
export function simulatedUser(settings: UserSettings, index: number): SimulatedUser {
  const { credentials, attributes, inGroup, requiredActions } = settings;
  return {
    credentials,
    roles: effectiveRoles(settings).map((role) => roleOfCase(role, index)),
    attributes: attributesOf(attributes),
    ...(inGroup && { groupAttributes: GROUP_ATTRIBUTES }),
    ...(requiredActions && { requiredActions }),
  };
}

function effectiveRoles({ roles, inGroup }: UserSettings): string[] {
  const brought = roles.includes(COMPOSITE_ROLE) ? [ROLES[0]] : [];
  return [...new Set([...roles, ...brought, ...(inGroup ? [GROUP_ROLE] : [])])];
}

function isOfClient(role: string): boolean {
  return role.startsWith('own.');
}

function attributesOf(attributes: UserSettings['attributes']): Record<string, string[]> {
  return Object.fromEntries(
    Object.entries(attributes).map(([name, value]) => [name, typeof value === 'string' ? [value] : [...value]]),
  );
}
