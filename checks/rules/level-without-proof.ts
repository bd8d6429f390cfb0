import type { Rule } from '../rule';
import { levelPlaces, levelsOf, nameOf } from '../support/levels';
import { guide, source } from '../support/sources';

export const levelWithoutProof: Rule = {
  id: 'level-without-proof',
  code: 'SU206',
  level: 'error',
  summary: 'The subflow of a level succeeds without a proof.',
  cause:
    'A level is reached when its subflow succeeds, whatever its steps were. allow-access-authenticator always succeeds, and a user name form ' +
    'proves nothing.',
  attack: [
    'The subflow of gold has the level condition and allow-access-authenticator.',
    'The attacker logs in with a stolen password and asks for gold.',
    'The tokens say gold.',
  ],
  remedy: 'Ask for a proof in the subflow: auth-otp-form, webauthn-authenticator, …',
  sources: [
    guide('Creating a browser login flow with step-up mechanism'),
    source('ConditionalLoaAuthenticator.onParentFlowSuccess'),
  ],
  inspect(inspection) {
    const ofRealm = inspection.flows.find(({ flow }) => flow.alias === inspection.model.bindings.browser);
    const lowest = (ofRealm && levelsOf(inspection, ofRealm)[0]) ?? 1;
    for (const use of inspection.flows) {
      for (const { subflow, level } of levelPlaces(inspection, use)) {
        if (!subflow || level === undefined || level <= 0) continue;
        // The login at the provider is the proof of it.
        if (use.kind === 'post-login' && level <= lowest) continue;
        const steps = subflow.all.filter(({ execution, isCondition }) => execution.kind !== 'subflow' && !isCondition);
        if (
          steps.length === 0 ||
          steps.some((step) => step.isProof || step.isCustom || step.authenticator === undefined)
        )
          continue;
        if (steps.every(({ authenticator }) => authenticator === 'deny-access-authenticator')) continue;
        inspection.found(subflow, {
          what: `"${subflow.name}" grants ${nameOf(inspection.model, level)} for ${steps.map(({ name }) => name).join(', ')}`,
          gain: 'Whoever holds the proofs of the level below has this one by asking for it.',
          instead: 'Ask for a proof in it, for example auth-otp-form REQUIRED',
        });
      }
    }
  },
};
