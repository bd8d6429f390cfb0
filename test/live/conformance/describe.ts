import type { LoginRequest, LoginResult, Page, RealmModel } from '../../../model';
import { requestedScopes } from '../../../model/simulate/scopes';
import type { SimulatedLogin } from './simulated-login';

/** What the login comes to in the simulator: pages in order, then the end. */
export function describeLogin(model: RealmModel, request: LoginRequest, { done, result }: SimulatedLogin): string {
  if (request.grant === 'password') return endOfPasswordGrant(model, request, result);
  return [...done.map(({ page }) => describePage(page)), endWithScopes(model, request, result)].join(', ');
}

export function describePage(page: Page): string {
  if (page.kind === 'action') return page.action;
  if (page.kind === 'consent') return 'consent';
  // Both kinds of WebAuthn show the same page; the passwordless one takes an empty answer.
  if (page.authenticator.startsWith('webauthn-')) return 'webauthn';
  return (page.accepts[0] ?? []).join('+');
}

function endWithScopes(model: RealmModel, request: LoginRequest, result: LoginResult): string {
  const scopes = result.outcome.kind === 'granted' ? scopesOf(model, request) : [];
  return `${endOf(result)}${scopesText(scopes)}`;
}

export function endOf({ outcome }: Pick<LoginResult, 'outcome'>): string {
  switch (outcome.kind) {
    case 'granted':
      return `acr ${outcome.acr}`;
    case 'refused':
      return outcome.error ?? `refused ${outcome.status}${outcome.reason === 'acr-not-fulfilled' ? ' acr' : ''}`;
    case 'done':
      return 'done';
    case 'abandoned':
      return 'abandoned';
    case 'cannot-tell':
      return `cannot tell: ${outcome.because}`;
  }
}

function endOfPasswordGrant(model: RealmModel, request: LoginRequest, result: LoginResult): string {
  const { outcome } = result;
  if (outcome.kind !== 'refused') return endWithScopes(model, request, result);
  return outcome.reason === 'account-not-set-up' ? 'not set up' : 'refused';
}

/** Those of the request's own that are in the token; a client's default ones are in each. */
function scopesOf(model: RealmModel, request: LoginRequest): string[] {
  const client = model.clients.find(({ clientId }) => clientId === request.clientId);
  const asked = (request.scope ?? []).filter((name) => name !== 'openid' && name !== 'acr');
  const inEffect = client ? requestedScopes(client, request) : [];
  return asked.filter((name) => inEffect.includes(name));
}

/** @param scopes in no order */
export function scopesText(scopes: readonly string[]): string {
  return scopes.length > 0 ? ` with ${[...scopes].sort().join(' ')}` : '';
}
