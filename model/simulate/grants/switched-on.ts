import type { Client, Known } from '../../realm-model';
import { known } from '../login';
import type { LoginRequest } from '../types';

/** Grants that need the secret of a confidential client. */
export type SecretGrant = Extract<
  LoginRequest['grant'],
  'ciba' | 'client-credentials' | 'token-exchange' | 'jwt-authorization'
>;

export const SECRET_GRANTS: readonly SecretGrant[] = [
  'ciba',
  'client-credentials',
  'token-exchange',
  'jwt-authorization',
];

/** The client's switch of a grant; undefined is off. */
export function switchOf({ grants }: Client, grant: SecretGrant): Known<boolean> | undefined {
  switch (grant) {
    case 'ciba':
      return grants.ciba;
    case 'client-credentials':
      return grants.serviceAccount;
    case 'token-exchange':
      return grants.tokenExchange;
    case 'jwt-authorization':
      return grants.jwtAuthorization;
  }
}

export function isSwitchedOn(client: Client, grant: SecretGrant): boolean {
  return known(switchOf(client, grant) ?? false, `${grant} of client ${client.clientId}`);
}

/** Keycloak refuses these grants to clients without a secret, whatever their switches are. */
export function isPublic({ clientId, accessType }: Client): boolean {
  return known(accessType, `access type of client ${clientId}`) !== 'confidential';
}
