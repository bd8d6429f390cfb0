import { parseJavaInt } from '../../model/keycloak/java';
import type { Rule } from '../rule';
import { accountsOf } from '../support/accounts';
import { type FlowUse, flowLocation } from '../support/flow-uses';
import type { Inspection } from '../support/inspection';
import { type LevelPlace, levelPlaces, nameOf, REALM } from '../support/levels';
import { guide, source } from '../support/sources';
import { attempt, PROBE, probeFor, reached, withProbe } from '../support/trial';

export const levelExpiresEarly: Rule = {
  id: 'level-expires-early',
  code: 'SU212',
  level: 'warning',
  summary:
    'A level has no max age that counts, or the lowest one expires before the session: single sign-on then says acr 0.',
  cause:
    'loa-max-age is read as a whole number of seconds that fits a Java int; what is none, or missing, counts as 0, so the level holds for the login in which it was ' +
    'proved and no longer. Single sign-on asks nothing when nothing more is requested: once the lowest level has expired, its tokens say acr 0.',
  attack: [
    'The config of silver has no loa-max-age, or milliseconds that are too many.',
    'A user logs in, and opens a second application of the realm.',
    'Single sign-on lets the user in with acr 0; a resource that asks for silver refuses, and each step-up asks the password again.',
  ],
  remedy: 'Write loa-max-age in seconds: for the lowest level as long as the longest session, for the others shorter.',
  sources: [
    guide('Creating a browser login flow with step-up mechanism'),
    source('LoAUtil.getMaxAgeFromLoaConditionConfiguration'),
    source('AcrStore.isLevelAuthenticatedInPreviousAuth'),
  ],
  inspect(inspection) {
    for (const use of inspection.loginFlows) {
      const places = levelPlaces(inspection, use).filter(({ level }) => level !== undefined && level > 0);
      const lowest = Math.min(...places.map(({ level }) => level as number));
      for (const place of places) inspectLevel(inspection, use, place, lowest);
    }
  },
};

function inspectLevel(inspection: Inspection, use: FlowUse, place: LevelPlace, lowest: number): void {
  const { condition } = place;
  const level = place.level as number;
  const written = condition.setting('loa-max-age');
  const age = parseJavaInt(written);
  if (age === undefined && written === undefined && condition.has('loa-max-age')) return;
  const name = nameOf(inspection.model, level);
  if (age === undefined) {
    if (level === lowest ? !ssoLosesLevel(inspection, use, level, 1) : !isGranted(inspection, use, level)) return;
    const value =
      written === undefined ? 'no loa-max-age' : `loa-max-age ${JSON.stringify(written)}, which is no Java int`;
    inspection.found(condition, {
      what: `${name} has ${value}: it counts for 0 s`,
      gain:
        level === lowest
          ? 'Single sign-on lets users in with acr 0, and every step-up asks the proof of this level again.'
          : 'It is asked again at every request for it, and is never had by single sign-on.',
      instead: 'Write seconds, for example loa-max-age = "36000" for the lowest level',
    });
    return;
  }
  const session = inspection.known(inspection.model.sessions.ssoMax, 'the longest session', REALM);
  if (level !== lowest || session === undefined || age >= session || age === 0) return;
  if (!ssoLosesLevel(inspection, use, level, age + 1)) return;
  inspection.found(condition, {
    level: 'note',
    what: `${name} counts for ${age} s, and a session lasts up to ${session} s`,
    gain: `From ${age} s on single sign-on still lets users in, with acr 0: what asks for ${name} refuses them.`,
    instead: `Set loa-max-age to ${session}, or have clients ask for the level (default.acr.values)`,
  });
}

function isGranted(inspection: Inspection, use: FlowUse, level: number): boolean {
  const { model, request } = probeFor(withProbe(inspection.model, use.flow), level);
  return accountsOf(inspection.model).some((user) => {
    const result = attempt(inspection, model, request, flowLocation(use.flow), { user });
    return result !== undefined && (reached(result) ?? -1) >= level;
  });
}

/** Whether a login without a wish reaches the level, and single sign-on some seconds later does not. */
function ssoLosesLevel(inspection: Inspection, use: FlowUse, level: number, after: number): boolean {
  const at = flowLocation(use.flow);
  const model = withProbe(inspection.model, use.flow);
  return accountsOf(inspection.model).some((user) => {
    const first = attempt(inspection, model, { clientId: PROBE }, at, { user });
    if (!first?.session || (reached(first) ?? -1) < level) return false;
    const again = attempt(inspection, model, { clientId: PROBE }, at, { user, session: first.session, after });
    return again?.outcome.kind === 'granted' && again.outcome.loa < level;
  });
}
