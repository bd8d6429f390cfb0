import type { Rule } from '../rule';
import { letsIn } from '../support/ignored';
import { type Place, topPlaces } from '../support/places';
import { guide, source } from '../support/sources';

export const flowWithoutLogin: Rule = {
  id: 'flow-without-login',
  code: 'SU106',
  level: 'error',
  summary: 'A login flow has no step that finds out who the user is: it is empty, or has the cookie only.',
  cause:
    'A flow must end with a user. In an empty flow, or one whose only enabled step is the cookie, nobody is ever identified, and ' +
    'Keycloak refuses the login. A flow that is bound before its executions are created is such a flow for a while.',
  attack: [
    'A flow is bound in the same apply that creates its executions, or its forms are DISABLED.',
    'A user without a session opens an application.',
    'The login is refused; nobody gets in, administrators included.',
  ],
  remedy: 'Add a form that asks for the user, and bind the flow only after all its executions and configs exist.',
  sources: [guide('Creating flows'), source('AuthenticationProcessor.authenticateOnly')],
  inspect(inspection) {
    for (const use of inspection.flows) {
      if (use.kind === 'other' && !use.inUse) continue;
      if (use.kind === 'other' && use.flow.executions.length > 0) continue;
      const top = topPlaces(use, inspection);
      // Whoever comes to it has logged in; an empty one fails all the same.
      if (use.kind === 'post-login' && top.length > 0) continue;
      if (use.kind === 'direct-grant' && top.some(denies)) continue;
      if (top.some(letsIn)) continue;
      const { alias } = use.flow;
      inspection.found(use, {
        what: top.length === 0 ? `Flow "${alias}" is empty` : `Flow "${alias}" has no step that identifies a user`,
        gain: 'Every login without a session is refused: the users are locked out.',
        instead: 'Add a form, for example auth-username-password-form, and bind the flow after it is whole',
      });
    }
  },
};

/** Whether a step refuses everybody, which shuts the door on purpose. */
function denies(place: Place): boolean {
  return place.authenticator === 'deny-access-authenticator' && place.requirement === 'REQUIRED';
}
