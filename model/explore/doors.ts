import type { Client, RealmModel } from '../realm-model';
import type { LoginRequest } from '../simulate/types';

/** A way to tokens of a client. */
export interface Door {
  readonly request: Pick<LoginRequest, 'grant' | 'door' | 'broker'>;
  /** Whether it is the authorization request of a browser. */
  readonly browser: boolean;
  /** Whether what is asked for in acr can make a difference. */
  readonly asksForLevels: boolean;
  /** Whether a session in the browser can make a difference. */
  readonly usesSession: boolean;
}

const LOGIN: Door = { request: {}, browser: true, asksForLevels: true, usesSession: true };

function besideLogin(request: Door['request']): Door {
  return { request, browser: false, asksForLevels: true, usesSession: false };
}

function grant(kind: LoginRequest['grant'], usesSession = false): Door {
  return { request: { grant: kind }, browser: false, asksForLevels: false, usesSession };
}

/** All ways to tokens of a client that aren't surely shut. */
export function doorsOf(model: RealmModel, client: Client): Door[] {
  const { grants, protocol } = client;
  const saml = protocol === 'saml';
  const code = saml || grants.authorizationCode !== false || grants.implicit === true;
  const { selfService } = model;
  const providers = model.identityProviders.filter(({ enabled, linkOnly }) => enabled !== false && linkOnly !== true);
  const doors: Door[] = [];
  if (code) {
    doors.push(LOGIN);
    if (selfService.resetPassword !== false) doors.push(besideLogin({ door: 'reset' }));
    if (selfService.registration !== false) doors.push(besideLogin({ door: 'registration' }));
    for (const { alias } of providers) doors.push(besideLogin({ door: 'broker', broker: alias }));
  }
  if (saml) return doors;
  if (grants.device !== false) doors.push(grant('device', true));
  if (grants.password !== false) doors.push(grant('password'));
  return doors;
}
