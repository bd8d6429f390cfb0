import { traitsOf } from '../keycloak/authenticators';
import { known, type Login } from './login';
import { CannotTell, ServerError } from './signals';

/** Whether the user is set up for an authenticator. Source: `Authenticator.configuredFor` of each. */
export function isConfiguredFor(login: Login, authenticator: string): boolean {
  const traits = traitsOf(authenticator);
  if (!traits) throw new CannotTell(`${authenticator} is not followed here`);
  if (traits.configured !== undefined) return traits.configured;
  if (authenticator === 'organization' || authenticator === 'idp-add-organization-member')
    return known(login.model.selfService.organizations, 'organizations of the realm');
  if (!login.userKnown) throw new ServerError(`${authenticator} is asked about a user whom nothing has identified`);
  if (authenticator === 'auth-password-form') {
    return login.has('password') || offersPasskey(login) || login.credentialsUsed.includes('webauthn-passwordless');
  }
  return traits.validates !== undefined && login.has(traits.validates);
}

/** Whether forms take a passkey too (`WebAuthnConditionalUIAuthenticator.isPasskeysEnabled`, `isConditionalPasskeysEnabled`). */
export function offersPasskey(login: Login): boolean {
  return passkeysEnabled(login) && (!login.userKnown || login.has('webauthn-passwordless'));
}

export function passkeysEnabled({ model }: Login): boolean {
  const { webAuthnPasswordlessPolicy: policy } = model;
  return policy?.passkeys !== undefined && known(policy.passkeys, 'passkeys of the passwordless WebAuthn policy');
}
