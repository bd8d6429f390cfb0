import { parseJavaBoolean } from '../../model/keycloak/java';
import type { Rule } from '../rule';
import { quoted } from '../support/ignored';
import { isSecondFactor, type Place, spares } from '../support/places';
import { guide, source } from '../support/sources';

export const sessionSkipsCondition: Rule = {
  id: 'session-skips-condition',
  code: 'SU109',
  level: 'error',
  summary: 'A proof on condition of a client scope stands in an alternative to the cookie, so a session skips it.',
  cause:
    'Keycloak evaluates conditions only in the subflows that it runs. A subflow that is ALTERNATIVE to auth-cookie does not run when ' +
    'the browser has a session, and neither do the conditions in it, whatever this request asks for.',
  attack: [
    'A flow has the cookie ALTERNATIVE and, in the ALTERNATIVE forms, an OTP on condition of the scope "payments".',
    'The attacker logs in with a stolen password, without the scope; the OTP is not asked.',
    'The attacker sends a second request, with the scope. The cookie suffices: tokens with "payments", and no OTP.',
  ],
  remedy:
    'Put the condition behind the login: REQUIRED [cookie ALTERNATIVE, forms ALTERNATIVE], then CONDITIONAL [conditional-client-scope, proof].',
  sources: [guide('Conditions in conditional flows'), source('DefaultAuthenticationFlow.processFlow')],
  inspect(inspection) {
    for (const place of inspection.places(inspection.loginFlows)) {
      if (place.authenticator !== 'conditional-client-scope') continue;
      const subflow = askedOn(place);
      if (!subflow?.all.some((each) => isSecondFactor(each) || each.isCustom)) continue;
      const skipping = [subflow, ...subflow.around].flatMap(alternativesTo);
      if (skipping.length === 0) continue;
      inspection.found(place, {
        what: `"${subflow.name}" asks on condition of a client scope, and is not run when ${quoted(skipping)} suffices`,
        gain: 'Whoever has a session that was begun without the scope, by a password, then gets the scope without the proof.',
        instead: 'Put the CONDITIONAL subflow behind a REQUIRED one that holds cookie and forms',
      });
    }
  },
};

/** The subflow that asks where the scope is asked for: the condition's own, or one of which logins without the scope are spared. */
function askedOn(place: Place): Place | undefined {
  const { above } = place;
  if (!above || !spares(place) || !parseJavaBoolean(place.setting('negate'))) return above;
  return above.around.find(({ requirement }) => requirement === 'REQUIRED');
}

/** Steps that end the login without the subflow: alternatives that need nothing of it. */
function alternativesTo(subflow: Place): Place[] {
  if (subflow.requirement !== 'ALTERNATIVE') return [];
  return subflow.siblings.filter(
    (sibling) => sibling.requirement === 'ALTERNATIVE' && SUFFICIENT.has(sibling.authenticator ?? ''),
  );
}

const SUFFICIENT: ReadonlySet<string> = new Set([
  'auth-cookie',
  'auth-spnego',
  'auth-x509-client-username-form',
  'webauthn-authenticator-passwordless',
]);
