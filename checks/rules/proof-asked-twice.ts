import type { LoginResult, Proof } from '../../model/simulate';
import type { Rule } from '../rule';
import { accountsOf } from '../support/accounts';
import { flowLocation } from '../support/flow-uses';
import { levelsOf } from '../support/levels';
import { guide, source } from '../support/sources';
import { attempt, everyProofGiven, PROBE, probeFor, withProbe } from '../support/trial';

export const proofAskedTwice: Rule = {
  id: 'proof-asked-twice',
  code: 'SU213',
  level: 'warning',
  summary: 'One login asks for the same proof twice.',
  cause:
    'Each step asks for itself: a step before the levels, one that asks for the OTP of whoever owns one, and the step of a level do not know of each other. ' +
    'A time-based code that was accepted is refused the second time, unless the OTP policy lets codes be used again.',
  attack: [
    'Silver asks for the password and, of owners, for the OTP; gold asks for the OTP.',
    'A user asks for gold, gives the code, and is asked for a code once more.',
    'The same code is refused; the user waits for the next one, or gives up. Enough wrong codes lock the account.',
  ],
  remedy:
    'Ask for each proof in one place: in the level that it proves. Where another step must ask for it, too, put conditional-credential beside it with included = false.',
  sources: [guide('Conditions in conditional flows'), source('OTPFormAuthenticator.validateOTP')],
  inspect(inspection) {
    for (const use of inspection.loginFlows) {
      const at = flowLocation(use.flow);
      const plain = withProbe(inspection.model, use.flow);
      const trials = [
        { model: plain, request: { clientId: PROBE } },
        ...levelsOf(inspection, use).map((level) => probeFor(plain, level)),
      ];
      const twice = new Set(
        accountsOf(inspection.model).flatMap((user) =>
          trials.flatMap(({ model, request }) => {
            const result = attempt(inspection, model, request, at, { user });
            return result?.outcome.kind === 'granted' ? askedTwice(result) : [];
          }),
        ),
      );
      for (const proof of twice) {
        inspection.found(use, {
          what: `One login asks twice for ${proof}`,
          gain:
            proof === 'otp'
              ? 'The code of the first time is refused the second time: users wait for the next one, or take it for an error.'
              : 'Users give it twice for nothing.',
          instead: 'Ask for it in one place, or only if it was not used in this login (conditional-credential)',
        });
      }
    }
  },
};

function askedTwice(result: LoginResult): Proof[] {
  const given = everyProofGiven(result);
  return [...new Set(given.filter((proof, index) => given.indexOf(proof) < index))];
}
