import type { Rule } from '../rule';
import { accountsOf } from '../support/accounts';
import { flowLocation } from '../support/flow-uses';
import { levelsOf } from '../support/levels';
import { guide, source } from '../support/sources';
import { attempt, probeFor, reached, withProbe } from '../support/trial';

export const essentialNotRefused: Rule = {
  id: 'essential-not-refused',
  code: 'SU114',
  level: 'warning',
  summary: 'An essential level that the flow does not have is answered with a lower one instead of an error.',
  cause:
    'Whether an essential level was reached is looked at by the level conditions that were met in this login. In a session that holds all levels ' +
    'none is met. If another step of the flow still succeeds, the login does, too (CVE-2026-97176; no fixed release is known).',
  attack: [
    'A flow has its levels and then one more step, for example user-session-limits.',
    'Somebody is signed in at the highest level. The application asks for an essential level above it.',
    'No level is asked; the last step succeeds. Keycloak issues a lower acr, and the application trusts "essential" and goes on.',
  ],
  remedy:
    'Put the cookie and the levels into one REQUIRED subflow and the other steps after that: without a level left to ask the subflow fails, and the ' +
    'login with it. Let the resource check acr, too.',
  sources: [
    guide('Creating a browser login flow with step-up mechanism'),
    source('ConditionalLoaAuthenticator.onTopFlowSuccess'),
  ],
  inspect(inspection) {
    for (const use of inspection.loginFlows) {
      const highest = levelsOf(inspection, use).at(-1);
      if (highest === undefined) continue;
      const at = flowLocation(use.flow);
      const model = withProbe(inspection.model, use.flow);
      const top = probeFor(model, highest);
      const holder = accountsOf(inspection.model)
        .map((user) => ({ user, first: attempt(inspection, top.model, top.request, at, { user }) }))
        .find(({ first }) => first && (reached(first) ?? -1) >= highest);
      if (!holder?.first?.session) continue;
      const above = probeFor(model, highest + 1);
      const { clientId, acrValues = [] } = above.request;
      const essential = { clientId, acrClaim: { essential: true, values: acrValues } };
      const answered = attempt(inspection, above.model, essential, at, {
        user: holder.user,
        session: holder.first.session,
      });
      const loa = answered && reached(answered);
      if (loa === undefined) continue;
      inspection.found(use, {
        what: `An essential level ${highest + 1}, which the flow does not have, is answered with level ${loa} to users who hold all levels`,
        gain: 'An application that takes "essential" for enforced goes on with a lower level than it asked for.',
        instead:
          'Put the cookie and the levels into one REQUIRED subflow, the other steps after it, and check acr at the resource',
      });
    }
  },
};
