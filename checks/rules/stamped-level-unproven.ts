import { parseJavaInt } from '../../model/keycloak/java';
import { isUnknown } from '../../model/realm-model';
import type { Rule } from '../rule';
import { enforced, flowLocation } from '../support/flow-uses';
import { locate } from '../support/inspection';
import { levelsOf, nameOf, realmFlow, useOf } from '../support/levels';
import { guide, source } from '../support/sources';
import { attempt, PROBE, probeFor, proofsGiven, withProbe } from '../support/trial';
import { tellUnknownEnforcers } from '../support/unknown-enforcers';

export const stampedLevelUnproven: Rule = {
  id: 'stamped-level-unproven',
  code: 'SU501',
  level: 'error',
  summary: 'A client policy stamps a level on logins by a flow that does not ask for its proofs.',
  cause:
    'auth-flow-loa of auth-flow-enforcer requests nothing. It becomes the level of the login, whatever the flow has asked. In an ordinary ' +
    'step-up flow a plain request is asked the lowest level only, and the cookie asks nothing at all.',
  attack: [
    'A policy enforces the ordinary step-up flow with auth-flow-loa 2 when acr gold is requested.',
    'The attacker with a stolen password sends acr_values="silver gold": the condition matches gold, the flow asks for the lowest, silver.',
    'The tokens say gold.',
  ],
  remedy:
    'Enforce a flow of its own in which every proof of the level is REQUIRED, without cookie and without level conditions, and stamp the level of that flow.',
  sources: [
    guide('Using client policies to select an authentication flow'),
    source('AcrStore.setAuthFlowLevelAuthenticatedToCurrentRequest'),
  ],
  inspect(inspection) {
    const { model } = inspection;
    const ofRealm = realmFlow(inspection);
    tellUnknownEnforcers(inspection);
    const realmLevels =
      (ofRealm &&
        levelsOf(inspection, useOf(inspection, ofRealm) ?? { flow: ofRealm, kind: 'browser', inUse: true, by: [] })) ??
      [];
    for (const { alias, executor, profile } of enforced(model)) {
      const flow = model.flows.find((each) => each.alias === alias);
      const at = locate(`client profile ${profile}`, model.clientProfiles.find(({ name }) => name === profile) ?? {});
      if (!flow || isUnknown(executor.config)) continue;
      const raw = executor.config['auth-flow-loa'];
      if (isUnknown(raw)) {
        inspection.cannotTell(at, `auth-flow-loa: ${raw.unknown}`);
        continue;
      }
      const stamp = parseJavaInt(String(raw));
      if (stamp === undefined || stamp <= (realmLevels[0] ?? 1)) continue;
      const probe = withProbe(model, flow);
      const plain = attempt(inspection, probe, { clientId: PROBE }, flowLocation(flow));
      if (!plain) continue;
      if (plain.outcome.kind === 'granted' && plain.outcome.loa >= stamp) continue;
      const asked = proofsGiven(plain);
      const again =
        plain.session &&
        attempt(inspection, probe, { clientId: PROBE }, flowLocation(flow), { session: plain.session });
      const bySession = again?.outcome.kind === 'granted' && proofsGiven(again).size < asked.size;
      const wanted = ofRealm && realmLevels.includes(stamp) ? probeFor(withProbe(model, ofRealm), stamp) : undefined;
      const proper = wanted && attempt(inspection, wanted.model, wanted.request, flowLocation(flow));
      const needed = Math.max(2, proper ? proofsGiven(proper).size : 0);
      if (plain.outcome.kind !== 'granted' || (asked.size >= needed && !bySession)) continue;
      inspection.found(at, {
        what: `It stamps ${nameOf(model, stamp)} on logins by flow "${alias}", which ${bySession ? 'takes a session instead of proofs' : `asks for ${[...asked].join(' and ') || 'no proof'}`}`,
        gain: `Whoever gets the policy to match has tokens of ${nameOf(model, stamp)} for less than its proofs.`,
        instead: 'Enforce a flow without cookie and level conditions, in which every proof of the level is REQUIRED',
      });
    }
  },
};
