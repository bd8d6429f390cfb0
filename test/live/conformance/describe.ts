import type { LoginRequest, LoginResult, Page, RealmModel } from '../../../model';
import { requestedScopes } from '../../../model/simulate/scopes';
import { isOfProvider } from './moves';
import type { SimulatedLogin } from './simulated-login';

/** What the login comes to in the simulator: pages in order, then the end. */
export function describeLogin(model: RealmModel, request: LoginRequest, { done, result }: SimulatedLogin): string {
  if (isTokenRequest(request)) return endOfTokenRequest(model, request, result);
  return [...done.map(({ page }) => describePage(page)), endWithScopes(model, request, result)].join(', ');
}

export function describePage(page: Page): string {
  if (page.kind === 'action') return page.action;
  if (page.kind === 'consent') return 'consent';
  if (isOfProvider(page)) return 'provider';
  if (page.authenticator.startsWith('idp-') && page.accepts[0]?.length === 0) return page.authenticator;
  // Both kinds of WebAuthn show the same page; the passwordless one takes an empty answer.
  if (page.authenticator.startsWith('webauthn-')) return 'webauthn';
  return (page.accepts[0] ?? []).join('+');
}

function endWithScopes(model: RealmModel, request: LoginRequest, result: LoginResult): string {
  const { outcome } = result;
  if (outcome.kind === 'granted' && isSaml(model, request)) return 'granted';
  if (outcome.kind === 'refused' && isSaml(model, request) && outcome.error === 'login_required') return 'NoPassive';
  return `${endOf(result)}${scopesText(outcome.kind === 'granted' ? scopesOf(model, request) : [])}`;
}

export function isSaml({ clients }: RealmModel, { clientId }: Pick<LoginRequest, 'clientId'>): boolean {
  return clients.some((client) => client.clientId === clientId && client.protocol === 'saml');
}

/** Whether it goes to the token endpoint at once, without a page. */
export function isTokenRequest({ grant }: Pick<LoginRequest, 'grant'>): boolean {
  return grant !== undefined && grant !== 'code' && grant !== 'device';
}

export function endOf({ outcome }: Pick<LoginResult, 'outcome'>): string {
  switch (outcome.kind) {
    case 'granted':
      return acrText(outcome.acrUnknown === undefined ? (outcome.acrs ?? [outcome.acr]) : ['?']);
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

function endOfTokenRequest(model: RealmModel, request: LoginRequest, result: LoginResult): string {
  const { outcome } = result;
  if (outcome.kind !== 'refused') return endWithScopes(model, request, result);
  if (request.grant !== 'password') return 'refused';
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

/** @param acrs of the access and the ID token, or those that they may have */
export function acrText(acrs: readonly (string | undefined)[]): string {
  return `acr ${[...new Set(acrs.map(String))].sort().join('|')}`;
}

/** Whether a live login came to what was simulated: where mappers disagree, to one of the values that the acr may have. */
export function agrees(simulated: string, live: string): boolean {
  if (simulated === live) return true;
  const [said, seen] = [simulated, live].map((text) => /^(.*\bacr )([^ ,]+)(.*)$/.exec(text)?.slice(1) ?? []);
  const [before, may = '', after] = said ?? [];
  if (before === undefined || before !== seen?.[0] || after !== seen[2]) return false;
  const allowed = new Set(may.split('|'));
  return allowed.has('?') || (seen[1] ?? '').split('|').every((acr) => allowed.has(acr));
}
