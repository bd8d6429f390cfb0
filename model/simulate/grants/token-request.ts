import { mayRequestScopes } from '../scopes';
import type { FormPage, LoginRequest } from '../types';
import { ciba } from './ciba';
import { serviceAccount } from './client-credentials';
import type { TokenRequest, TokenRequestContext, TokenRequestRefusal } from './grant';
import { jwtAuthorization } from './jwt-authorization';
import { isPublic, isSwitchedOn } from './switched-on';
import { tokenExchange } from './token-exchange';

/** What a request to the token endpoint comes to that shows no page; undefined for grants of browsers and passwords. */
export function tokenRequest(context: TokenRequestContext): TokenRequest | TokenRequestRefusal | undefined {
  const { client, request } = context;
  const { grant } = request;
  switch (grant) {
    case 'client-credentials':
    case 'token-exchange':
    case 'jwt-authorization':
    case 'ciba':
      break;
    default:
      return undefined;
  }
  if (isPublic(client) || !isSwitchedOn(client, grant)) return { refused: 'client-not-allowed' };
  // `OAuth2GrantTypeBase.getRequestedScopes`, and each of the others by itself.
  if (!mayRequestScopes(client, request)) return { refused: 'invalid-scope' };
  switch (grant) {
    case 'client-credentials':
      return serviceAccount(context);
    case 'token-exchange':
      return tokenExchange(context);
    case 'jwt-authorization':
      return jwtAuthorization(context);
    case 'ciba':
      return ciba(context);
  }
}

/** The form by which what it takes is asked from the actor. */
export function pageOf({ grant, clientId }: LoginRequest, { accepts }: TokenRequest): FormPage {
  const execution = `grant:${grant}:${clientId}`;
  return { kind: 'form', execution, authenticator: `grant:${grant}`, accepts, choices: [] };
}
