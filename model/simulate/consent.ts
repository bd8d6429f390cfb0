import { known, type Login } from './login';
import { requestedScopes } from './scopes';
import type { SimulatedUser } from './types';

/**
 * The requested scopes that a client which asks for consent has none for, as far as they are shown on the consent screen.
 * Source: `AuthenticationManager.getClientScopesToApproveOnConsentScreen`.
 */
export function scopesToConsentTo({
  client,
  model,
  request,
  user,
}: Pick<Login, 'client' | 'model' | 'request' | 'user'>): string[] {
  if (!known(client.consentRequired, `consent of client ${client.clientId}`)) return [];
  const given = request.prompt?.includes('consent') ? [] : (user.consents?.[client.clientId] ?? []);
  return requestedScopes(client, request).filter((name) => {
    const scope = model.clientScopes.find((each) => each.name === name);
    return scope && known(scope.onConsentScreen ?? true, `consent screen of scope ${name}`) && !given.includes(name);
  });
}

/** A consent is kept with the user, for later logins too. */
export function withConsent(user: SimulatedUser, clientId: string, scopes: readonly string[]): SimulatedUser {
  if (scopes.length === 0) return user;
  const given = user.consents?.[clientId] ?? [];
  return { ...user, consents: { ...user.consents, [clientId]: [...given, ...scopes] } };
}
