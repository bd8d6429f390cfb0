import type { RealmModel } from '../../model/realm-model';
import type { SimulatedUser } from '../../model/simulate';
import type { Rule } from '../rule';
import { accountsOf } from '../support/accounts';
import { type FlowUse, flowLocation } from '../support/flow-uses';
import { credentialTypesOf, type Inspection } from '../support/inspection';
import { levelPlaces, levelsOf, nameOf } from '../support/levels';
import { guide, source } from '../support/sources';
import { subsets } from '../support/subsets';
import { attempt, enrolled, PROBE, probeFor, reached, withProbe } from '../support/trial';

export const stepUpFails: Rule = {
  id: 'step-up-fails',
  code: 'SU111',
  level: 'error',
  summary: 'A level is reached by a new login but refused to a user who is signed in at a lower one.',
  cause:
    'The cookie takes part in the login only as far as its alternatives go. If it fails for a level that is too low, and no alternative beside ' +
    'it can go on, the flow fails before it comes to the level that stands elsewhere.',
  attack: [
    'A flow has REQUIRED [cookie, forms with level 1] and then level 2 in a subflow of its own.',
    'A user signs in, and then opens something that asks for level 2.',
    'The cookie is too low, the forms grant nothing more, and the login is refused with an error page.',
  ],
  remedy: 'Put all levels into the one subflow that is ALTERNATIVE to the cookie, lowest first.',
  sources: [guide('Creating a browser login flow with step-up mechanism'), source('CookieAuthenticator.authenticate')],
  inspect(inspection) {
    for (const use of inspection.loginFlows) {
      const model = withProbe(inspection.model, use.flow);
      const levels = levelsOf(inspection, use);
      for (const level of levels.slice(1)) {
        const refused = refusedOwners(inspection, use, model, level);
        if (refused === undefined) continue;
        const place = levelPlaces(inspection, use).find((each) => each.level === level)?.condition;
        inspection.found(place ?? use, {
          level: refused === '' ? 'error' : 'warning',
          what: `${nameOf(model, level)} is refused to users ${refused}who are signed in below it`,
          gain: 'Users can not step up: the request ends on an error page until they sign out.',
          instead: 'Put all levels into the subflow that is ALTERNATIVE to the cookie, lowest first',
        });
      }
    }
  },
};

/**
 * Whom a session below the level keeps from it, though a new login would have it: everybody (an empty text), or those who own certain
 * credentials alone; undefined for nobody.
 */
function refusedOwners(inspection: Inspection, use: FlowUse, model: RealmModel, level: number): string | undefined {
  const at = flowLocation(use.flow);
  const trial = probeFor(model, level);
  const isRefused = (user: SimulatedUser) => {
    const plain = attempt(inspection, model, { clientId: PROBE }, at, { user });
    if (plain?.outcome.kind !== 'granted' || !plain.session || enrolled(plain).length > 0) return false;
    const fresh = attempt(inspection, trial.model, trial.request, at, { user });
    if (!fresh || (reached(fresh) ?? -1) < level || enrolled(fresh).length > 0) return false;
    const again = attempt(inspection, trial.model, trial.request, at, { user, session: plain.session });
    return again?.outcome.kind === 'refused';
  };
  if (accountsOf(inspection.model).some(isRefused)) return '';
  const owners = subsets(credentialTypesOf(inspection, use)).find((credentials) => isRefused({ credentials }));
  return owners && `who own ${owners.join(' and ')} alone and `;
}
