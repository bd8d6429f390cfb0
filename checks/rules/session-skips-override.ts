import type { Rule } from '../rule';
import { clientLocation } from '../support/inspection';
import { browserFlowOf, nameOf, realmFlow } from '../support/levels';
import { guide, source } from '../support/sources';
import { attempt, PROBE, proofsGiven, withProbe } from '../support/trial';

export const sessionSkipsOverride: Rule = {
  id: 'session-skips-override',
  code: 'SU403',
  level: 'error',
  summary: "A client's own flow asks for more than the realm's, but takes a session of the realm instead.",
  cause:
    'A session is of the realm, not of the client it was begun with. auth-cookie in an override takes a session that was begun by the ' +
    "realm's flow, and the proofs of the override are not asked.",
  attack: [
    'A client overrides the browser flow with: cookie, or password and OTP.',
    'The attacker logs in to another client of the realm with a stolen password.',
    'Then to this one: the cookie suffices, the OTP is not asked.',
  ],
  remedy:
    'Leave the cookie out of the override, or put its proofs into levels and set minimum.acr.value of the client; a session is then asked for what it lacks.',
  sources: [guide('Overriding flows by client'), source('CookieAuthenticator.authenticate')],
  inspect(inspection) {
    for (const client of inspection.clients) {
      if (client.flowOverrides.browser === undefined) continue;
      const own = browserFlowOf(inspection, client);
      const ofRealm = realmFlow(inspection);
      if (!own || !ofRealm || own === ofRealm) continue;
      const at = clientLocation(client);
      const { clientId } = client;
      const model = { ...inspection.model, clientPolicies: [] };
      const elsewhere = attempt(inspection, withProbe(model, ofRealm), { clientId: PROBE }, at);
      const fresh = attempt(inspection, model, { clientId }, at);
      if (elsewhere?.session === undefined || fresh?.outcome.kind !== 'granted') continue;
      const again = attempt(inspection, model, { clientId }, at, { session: elsewhere.session });
      if (again?.outcome.kind !== 'granted') continue;
      const given = new Set([...proofsGiven(elsewhere), ...proofsGiven(again)]);
      const skipped = [...proofsGiven(fresh)].filter((proof) => !given.has(proof));
      if (skipped.length === 0) continue;
      inspection.found(at, {
        what: `Client "${clientId}" has flow "${own.alias}", which asks for ${skipped.join(' and ')}, but not with a session`,
        gain: `Whoever signs in elsewhere in the realm, by ${[...proofsGiven(elsewhere)].join(' and ')}, gets in without ${skipped.join(' and ')} (${nameOf(model, Math.max(0, again.outcome.loa))}).`,
        instead: 'Leave auth-cookie out of the flow, or use levels and set minimum.acr.value of the client',
      });
    }
  },
};
