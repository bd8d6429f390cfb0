import { setTimeout as sleep } from 'node:timers/promises';
import { AssuranceLevel, Duration, Factor } from '../../../lib';
import { type Answers, Browser, type LoginPage, type LoginResult, TotpDevice } from '../../../sandbox/login';
import { REDIRECT_URI } from '../../support/imported-realm';
import { CHROMIUM_REDIRECT_URI, describeWithChromium, withChromium } from '../factors/chromium-logins';
import { type LevelsOf, withFactorRealm } from '../factors/factor-realm';
import { loginsTo, passwordOf } from '../factors/http-logins';
import { describeWithKeycloak, testKeycloak } from '../support/keycloak';

/** Longer than a login in Chromium takes. */
const MAX_AGE = 10;

const levels: LevelsOf = (stack) => [
  new AssuranceLevel(stack, 'silver', { acr: 'silver', loa: 1, provedBy: Factor.password() }),
  new AssuranceLevel(stack, 'gold', {
    acr: 'gold',
    loa: 2,
    provedBy: Factor.anyOf(Factor.otp(), Factor.recoveryCode(), Factor.webAuthn(), Factor.passkey()),
    unenrolled: 'enrol',
    enrolmentMaxAge: Duration.seconds(MAX_AGE),
  }),
];

/** Whoever sits at the browser enrols whatever Keycloak offers. */
const enrolling: Answers = {
  'enrol-otp': (page: LoginPage) => new TotpDevice(page.fields.totpSecret as string).next(),
  'enrol-recovery-codes': (page: LoginPage) => page.fields.generatedRecoveryAuthnCodes as string,
  'enrol-webauthn': 'touch',
};

/** A session of a password that was left open, of a user who owns nothing else. */
interface LeftOpen {
  readonly password: string;
  /** What the user owns. */
  owned(): Promise<string[]>;
  /** Starts the required action in the session. */
  act(action: string, answers: Answers): Promise<LoginResult>;
}

function oldSession(
  action: string,
  { asked, credential, open }: { asked: string; credential: string; open: () => Promise<LeftOpen> },
): void {
  describe(action, () => {
    test('does not enrol in a session older than its max age without the password', async () => {
      const { password, owned, act } = await open();
      await sleep((MAX_AGE + 1) * 1000);
      expect(await act(action, enrolling)).toMatchObject({ outcome: 'unanswered', asked: ['password'] });
      const wrong = await act(action, { ...enrolling, password: 'wrong' });
      expect(wrong).toMatchObject({ outcome: 'refused', asked: ['password'] });
      expect(await owned()).toEqual(['password']);

      const right = await act(action, { ...enrolling, password });
      expect(right).toMatchObject({ outcome: 'granted', asked: ['password', asked] });
      expect(await owned()).toEqual(['password', credential]);
    });

    test('enrols in a younger session at once', async () => {
      const { owned, act } = await open();
      expect(await act(action, enrolling)).toMatchObject({ outcome: 'granted', asked: [asked] });
      expect(await owned()).toEqual(['password', credential]);
    });
  });
}

function ownedBy(realm: string, id: string): () => Promise<string[]> {
  return async () => {
    const { admin } = await testKeycloak();
    const credentials = await admin.users.getCredentials({ realm, id });
    return credentials
      .map(({ type }) => type as string)
      .sort((one, other) => Number(other === 'password') - Number(one === 'password'));
  };
}

describeWithKeycloak('Enrolment: a session left open', () => {
  const realm = withFactorRealm({ levels, redirectUri: REDIRECT_URI });
  const { user, login } = loginsTo(realm);

  const open = async (): Promise<LeftOpen> => {
    const alice = await user();
    const browser = new Browser();
    await login(undefined, passwordOf(alice), { browser });
    return {
      password: alice.password,
      owned: ownedBy(realm, alice.id),
      act: (kc_action, answers) => login(undefined, answers, { browser, parameters: { kc_action } }),
    };
  };

  oldSession('CONFIGURE_TOTP', { asked: 'enrol-otp', credential: 'otp', open });
  oldSession('CONFIGURE_RECOVERY_AUTHN_CODES', {
    asked: 'enrol-recovery-codes',
    credential: 'recovery-authn-codes',
    open,
  });
});

describeWithChromium('Enrolment: a session left open in a browser with an authenticator', () => {
  const realm = withFactorRealm({ levels, redirectUri: CHROMIUM_REDIRECT_URI });
  const { user, browser, login } = withChromium()(realm);

  const open = async (): Promise<LeftOpen> => {
    const alice = await user();
    const own = await browser();
    await login(alice, own, {});
    return {
      password: alice.password,
      owned: ownedBy(realm, alice.id),
      act: async (kc_action, answers) => {
        const { result } = await login(alice, own, { parameters: { kc_action } }, { password: undefined, ...answers });
        return result;
      },
    };
  };

  oldSession('webauthn-register', { asked: 'enrol-webauthn', credential: 'webauthn', open });
  oldSession('webauthn-register-passwordless', {
    asked: 'enrol-webauthn',
    credential: 'webauthn-passwordless',
    open,
  });
});
