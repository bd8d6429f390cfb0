import type { Rule } from '../rule';
import { nameOf } from '../support/levels';
import { guide, source } from '../support/sources';

export const otpSkippedInLevel: Rule = {
  id: 'otp-skipped-in-level',
  code: 'SU607',
  level: 'error',
  summary: 'A level is proved by an OTP form that can be skipped, and a skip grants the level all the same.',
  cause:
    'auth-conditional-otp-form succeeds when its config says skip, by default, by a role or by a user attribute. A level is reached when its subflow succeeds, so a ' +
    'skipped OTP counts as one that was given. Skip goes before force.',
  attack: [
    'The level gold has auth-conditional-otp-form with skipOtpRole = "no-otp".',
    'The attacker has the password of a user with that role, a service account of the help desk, and asks for gold.',
    'No OTP is asked, and the tokens say gold.',
  ],
  remedy: 'Use auth-otp-form in levels, and decide who needs the level where the level is asked for.',
  sources: [guide('Conditional OTP form'), source('ConditionalOtpFormAuthenticator.authenticate')],
  inspect(inspection) {
    for (const place of inspection.places()) {
      if (place.authenticator !== 'auth-conditional-otp-form') continue;
      const level = place.around.map(({ grants }) => grants).find((each) => each !== undefined);
      if (level === undefined) continue;
      const ways = [
        ...(place.setting('defaultOtpOutcome') === 'skip' ? ['by default'] : []),
        ...(place.has('skipOtpRole') ? [`for role "${place.setting('skipOtpRole')}"`] : []),
        ...(place.has('otpControlAttribute') ? [`by user attribute "${place.setting('otpControlAttribute')}"`] : []),
      ];
      if (ways.length === 0) continue;
      inspection.found(place, {
        what: `The OTP of ${nameOf(inspection.model, level)} is skipped ${ways.join(', ')}`,
        gain: 'A skipped OTP grants the level: a password is enough for its acr.',
        instead: 'Use auth-otp-form in the level',
      });
    }
  },
};
