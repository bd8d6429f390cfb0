import type { WebAuthnPolicy } from '../../model/realm-model';
import type { Rule } from '../rule';
import { levelPlaces, REALM } from '../support/levels';
import { guide } from '../support/sources';

export const webauthnWithoutUserVerification: Rule = {
  id: 'webauthn-without-user-verification',
  code: 'SU212',
  level: 'warning',
  summary: 'The highest level, or a login without a password, takes a security key that does not ask who holds it.',
  cause:
    'User verification means that the key checks a PIN, a finger or a face. Unless the WebAuthn policy of the realm says "required", ' +
    'Keycloak takes a key that was only touched.',
  attack: [
    'The attacker picks up the key, with the laptop it stays plugged into.',
    'The login asks for the key; a touch is enough.',
    'The attacker has the highest level, for a passkey without knowing anything.',
  ],
  remedy: 'Set the user verification requirement of the WebAuthn (passwordless) policy to "required".',
  sources: [guide('Managing the WebAuthn policy'), 'W3C, Web Authentication Level 2, section 5.8.6'],
  inspect(inspection) {
    const { model } = inspection;
    for (const use of inspection.loginFlows) {
      const levels = levelPlaces(inspection, use).filter(({ level }) => level !== undefined);
      const top = Math.max(...levels.map(({ level }) => level ?? 0));
      for (const place of inspection.places([use])) {
        const passwordless = place.authenticator === 'webauthn-authenticator-passwordless';
        if (!passwordless && place.authenticator !== 'webauthn-authenticator') continue;
        const level = place.around.map(({ grants }) => grants).find((each) => each !== undefined);
        if (!passwordless && levels.length > 0 && level !== top) continue;
        const kind = passwordless ? 'passwordless ' : '';
        const policy: WebAuthnPolicy | undefined = passwordless
          ? model.webAuthnPasswordlessPolicy
          : model.webAuthnPolicy;
        if (!policy) {
          inspection.cannotTell(place.location, `the ${kind}WebAuthn policy is not in this source`);
          continue;
        }
        const verification = inspection.known(
          policy.userVerification,
          `user verification of the ${kind}WebAuthn policy`,
          REALM,
        );
        if (verification === undefined || verification === 'required') continue;
        inspection.found(place, {
          level: passwordless ? 'error' : 'warning',
          what: `The ${kind}WebAuthn policy has user verification "${verification}"`,
          gain: passwordless
            ? 'Whoever holds the key is logged in: it stands for a password and does not ask for a PIN.'
            : 'Whoever holds the key passes the highest level by a touch, without a PIN.',
          instead: 'Set user verification to "required"',
        });
      }
    }
  },
};
