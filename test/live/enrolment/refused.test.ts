import {
  AssuranceLevel,
  Factor,
  type SingleFactor,
  StepUpClient,
  StepUpClientScope,
  StepUpFlow,
  StepUpRealm,
} from '../../../lib';
import { Browser, type LoginPage, TotpDevice } from '../../../sandbox/login';
import { REDIRECT_URI } from '../../support/imported-realm';
import { loginsTo, passwordOf } from '../factors/http-logins';
import { withStackFolder } from '../support/apply-stack';
import { describeWithKeycloak, testKeycloak, withRealmName } from '../support/keycloak';

interface Parts {
  readonly stack: ConstructorParameters<typeof AssuranceLevel>[0];
  readonly realm: StepUpRealm;
  readonly silver: AssuranceLevel;
  readonly gold: AssuranceLevel;
  /** Adds the client `app`. */
  app(props?: Partial<ConstructorParameters<typeof StepUpClient>[2]>): void;
}

/** Applies a realm whose gold is open to enrolment, past the validation that refuses it. */
function withRefusedRealm(factor: SingleFactor, build: (parts: Parts) => void) {
  const name = withRealmName('refused');
  const folder = withStackFolder(undefined, { refused: true });
  beforeAll(async () => {
    await folder.apply((stack) => {
      const silver = new AssuranceLevel(stack, 'silver', { acr: 'silver', loa: 1, provedBy: Factor.password() });
      const gold = new AssuranceLevel(stack, 'gold', { acr: 'gold', loa: 2, provedBy: factor, unenrolled: 'enrol' });
      const realm = new StepUpRealm(stack, 'realm', { name, levels: [silver, gold] });
      const client = { realm, accessType: 'PUBLIC' as const, validRedirectUris: [REDIRECT_URI] };
      const app: Parts['app'] = (more) => new StepUpClient(stack, 'app', { ...client, clientId: 'app', ...more });
      build({ stack, realm, silver, gold, app });
    });
  });
  return { realm: name, ...loginsTo(name) };
}

const ADD_OTP = { parameters: { kc_action: 'CONFIGURE_TOTP' } };

describeWithKeycloak('Enrolment that synth refuses, had it been applied', () => {
  describe('a rule asks for the level', () => {
    const { realm, user, login } = withRefusedRealm(Factor.otp(), ({ stack, realm, gold, app }) => {
      const payments = new StepUpClientScope(stack, 'payments', { realm, name: 'payments', requires: gold });
      realm.bindBrowserFlow(new StepUpFlow(stack, 'browser', { realm, scopes: [payments] }));
      app({ optionalScopes: [payments] });
    });

    test('a stolen password adds a device beside the one that is there, and reaches gold', async () => {
      const bob = await user({ totp: true });
      const leave = new URL(REDIRECT_URI);
      const enrolling = new Browser();
      const offer = await login(undefined, passwordOf(bob), { browser: enrolling, ...ADD_OTP });
      expect(offer.asked).toEqual(['username', 'password', 'enrol-otp']);
      const device = new TotpDevice(offer.page?.fields.totpSecret as string);
      const answer = { totp: await device.next(), userLabel: 'of the attacker' };
      await enrolling.submit(offer.page as LoginPage, answer, leave);

      const { admin } = await testKeycloak();
      const owned = await admin.users.getCredentials({ realm, id: bob.id });
      const added = owned.find(({ userLabel }) => userLabel === 'of the attacker');
      const browser = new Browser();
      const { page } = await login('gold', passwordOf(bob), { browser });
      const choice = { selectedCredentialId: added?.id as string, otp: await device.next() };
      const arrival = await browser.submit(page as LoginPage, choice, leave);
      expect('redirect' in arrival && arrival.redirect.searchParams.has('code')).toBe(true);
    });
  });

  describe('a client has a flow without the level', () => {
    const { user, login } = withRefusedRealm(Factor.otp(), ({ stack, realm, silver, app }) => {
      realm.bindBrowserFlow(new StepUpFlow(stack, 'browser', { realm }));
      app({ browserFlow: new StepUpFlow(stack, 'low', { realm, name: 'low', levels: [silver] }) });
    });

    test('a stolen password is offered to add a device beside the one that is there', async () => {
      const bob = await user({ totp: true });
      const offer = await login(undefined, passwordOf(bob), ADD_OTP);
      expect(offer.asked).toEqual(['username', 'password', 'enrol-otp']);
    });
  });

  describe("Keycloak's own browser flow is bound", () => {
    const { user, login } = withRefusedRealm(Factor.recoveryCode(), ({ app }) => app());

    test('a stolen password is offered new recovery codes', async () => {
      const bob = await user({ recoveryCodes: true });
      const added = await login(undefined, passwordOf(bob), {
        parameters: { kc_action: 'CONFIGURE_RECOVERY_AUTHN_CODES' },
      });
      expect(added.asked).toEqual(['username', 'password', 'enrol-recovery-codes']);
    });
  });
});
