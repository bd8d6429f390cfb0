import type { Rule } from '../rule';
import { flowLocation } from '../support/flow-uses';
import { levelsOf } from '../support/levels';
import { guide, source } from '../support/sources';
import { attempt, knowsTheNameOnly, PROBE, probeFor, withProbe } from '../support/trial';

export const nameOnlyLogin: Rule = {
  id: 'name-only-login',
  code: 'SU107',
  level: 'error',
  summary: 'A user name alone is enough to log in.',
  cause:
    'auth-username-form finds out who the user is and proves nothing. If the password stands behind a condition that the request ' +
    'does not meet, such as a higher level, the login is done after the name. The same holds for a flow whose steps prove nothing.',
  attack: [
    'A flow has level 0 with auth-username-form, and level 1 with the password.',
    'The attacker opens a login without acr_values and types the name of somebody else.',
    'Only the lowest level is asked: the attacker is that user, with acr 0.',
  ],
  remedy: 'Put the user name and the first proof into the same, lowest level, and number it 1.',
  sources: [
    guide('Creating a browser login flow with step-up mechanism'),
    source('ConditionalLoaAuthenticator.matchCondition'),
  ],
  inspect(inspection) {
    for (const use of inspection.loginFlows) {
      const at = flowLocation(use.flow);
      const model = withProbe(inspection.model, use.flow);
      const levels = levelsOf(inspection, use);
      const trials = [{ model, request: { clientId: PROBE } }, ...levels.map((level) => probeFor(model, level))];
      const gets = trials.some((trial) => {
        const result = attempt(inspection, trial.model, trial.request, at, { actor: knowsTheNameOnly });
        return result?.outcome.kind === 'granted';
      });
      if (!gets) continue;
      inspection.found(use, {
        what: `Flow "${use.flow.alias}" grants a login for a user name alone`,
        gain: 'Whoever types the name of a user is logged in as that user.',
        instead: 'Ask for the name and the first proof in the lowest level, for example by auth-username-password-form',
      });
    }
  },
};
