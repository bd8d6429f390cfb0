import type { LoginRequest } from '../../../model';
import { describeLogin, isTokenRequest } from './describe';
import type { LiveLogin } from './driver';
import { type Place, performDeviceLogin, performLogin, performPasswordGrant, performTokenRequest } from './perform';
import { type SimulatedAttempt, type SimulatedLogin, simulateLogin } from './simulated-login';

export { describePage, endOf } from './describe';
export { authorizationUrl, endOfLive, type Place } from './perform';

/** One login, as it is simulated and performed. */
export interface Attempt extends SimulatedAttempt {
  /** What of the request is written otherwise in the live one. */
  readonly live?: Partial<LoginRequest>;
  readonly browser: LiveLogin;
}

export interface Compared extends SimulatedLogin {
  readonly simulated: string;
  readonly live: string;
}

/** What the login comes to in the simulator and in Keycloak, in the same words: pages in order, then the end. */
export async function compareLogin(place: Place, attempt: Attempt): Promise<Compared> {
  const login = simulateLogin(place.model, attempt);
  return {
    ...login,
    simulated: describeLogin(place.model, attempt.request, login),
    live: await performLive(place, { ...attempt.request, ...attempt.live }, attempt.browser, login),
  };
}

/** Does what the simulated user did, as long as the pages are the same, and says what was seen. */
export function performLive(
  place: Place,
  request: LoginRequest,
  browser: LiveLogin,
  login: SimulatedLogin,
): Promise<string> {
  if (request.grant === 'password') return performPasswordGrant(place, request, browser, login);
  if (isTokenRequest(request)) return performTokenRequest(place, request, browser);
  const perform = request.grant === 'device' ? performDeviceLogin : performLogin;
  return perform(place, request, browser, login);
}
