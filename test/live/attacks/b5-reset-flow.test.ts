import type { Flow, RealmModel } from '../../../model';
import { TotpDevice } from '../../../sandbox/login';
import { COND, client, flow, LOA, REQ, soundRealm, withEnrolment } from '../../checks/support/realms';
import { PASSWORD as RIGHT } from '../../support/imported-realm';
import { describeWithKeycloak, testKeycloak } from '../support/keycloak';
import { Visitor } from '../support/visitor';
import { type AnybodysRealm, acr, bypassed, type Preparation, TOKEN, withAnybodysRealm } from './anybodys-realm';

const NAME_ONLY = flow('by name', [
  REQ('reset-credentials-choose-user'),
  COND('reset level', [LOA(2), REQ('allow-access-authenticator')]),
]);
const FORCED = flow('by mail', [
  REQ('reset-credentials-choose-user'),
  REQ('reset-credential-email', { 'force-login': 'true' }),
  REQ('reset-password'),
]);

/** A realm with password reset by this flow, with a client that insists on gold. */
function resetting(reset?: Flow): RealmModel {
  const model = soundRealm({
    flows: reset ? [reset] : [],
    clients: [client('app'), client('vault', { minimumAcr: 'gold' })],
  });
  return {
    ...model,
    selfService: { ...model.selfService, resetPassword: true },
    bindings: { ...model.bindings, ...(reset && { resetCredentials: reset.alias }) },
  };
}

const fixedAddresses: Preparation = async (admin, realm) => {
  const profile = await admin.users.getProfile({ realm });
  const attributes = profile.attributes?.map((each) =>
    each.name === 'email' ? { ...each, permissions: { view: ['admin', 'user'], edit: ['admin'] } } : each,
  );
  await admin.users.updateProfile({ realm, ...profile, attributes } as never);
};

/** Asks for a new password of bob's, in a login at the client. */
async function forget(place: AnybodysRealm, clientId: string): Promise<Visitor> {
  const visitor = await new Visitor(place).login(clientId);
  await visitor.follow(/reset-credentials/);
  return visitor.fill({ username: 'bob' });
}

/** Opens the mail to an address and does what it leads to: a new password, and a new authenticator app where that is offered. */
async function resetBy(place: AnybodysRealm, address: string, clientId: string) {
  const visitor = await forget(place, clientId);
  await visitor.open(await place.place.mailbox.linkTo(address));
  const did: string[] = [];
  let device: TotpDevice | undefined;
  while (!visitor.hasCode && visitor.page('form input').length > 0 && did.length < 3) {
    did.push(visitor.id ?? '');
    const secret = visitor.page('[name=totpSecret]').attr('value');
    if (secret !== undefined) {
      device = new TotpDevice(secret);
      await visitor.fill({ totp: device.now(), userLabel: 'of the thief' });
    } else await visitor.fill({ 'password-new': RIGHT, 'password-confirm': RIGHT });
  }
  return { did, visitor, device };
}

async function otpOf(place: AnybodysRealm, label: string): Promise<string> {
  const { admin } = await testKeycloak();
  const [bob] = await admin.users.find({ realm: place.name, username: 'bob' });
  const credentials = await admin.users.getCredentials({ realm: place.name, id: bob?.id as string });
  return credentials.find(({ userLabel }) => userLabel === label)?.id ?? '';
}

/** Writes an address of the thief's into bob's account, by his password. */
async function moveMailbox(place: AnybodysRealm): Promise<void> {
  const visitor = await new Visitor(place).login('app', { kc_action: 'UPDATE_PROFILE' });
  await visitor.fill({ username: 'bob', password: RIGHT });
  await visitor.fill({ email: 'bob@thief.invalid' });
}

describeWithKeycloak('B5: the flow that resets credentials', () => {
  describe('without the step that sends a mail, with a level', () => {
    const place = withAnybodysRealm(resetting(NAME_ONLY));

    test('gives the account and gold for a name', async () => {
      const visitor = await forget(place, 'app');
      expect(visitor.hasCode).toBe(true);
      expect((await visitor.redeem()).acr).toBe('gold');
    });

    test('is explained and reported', async () => {
      expect(await place.explained(acr('gold'), 'app')).toEqual(['nothing']);
      expect(await place.explained(TOKEN, 'vault')).toEqual(['nothing']);
      expect(await place.errors()).toEqual([
        expect.stringMatching(/^level-without-proof: "reset level"/),
        bypassed('acr "silver"', ''),
        bypassed('acr "gold"', ''),
        bypassed('a token of client "vault"', ''),
      ]);
    });
  });

  describe('of Keycloak, with a mailbox that a password can move', () => {
    const place = withAnybodysRealm(resetting());

    test('gives a token of the client that insists on gold for a password', async () => {
      await moveMailbox(place);
      const { did, visitor } = await resetBy(place, 'bob@thief.invalid', 'vault');
      expect(did).toEqual(['login-login-update-password']);
      expect((await visitor.redeem()).acr).toBe('silver');
    });

    test('is explained and reported; no new authenticator app is offered, so there is no gold', async () => {
      expect(await place.explained(TOKEN, 'vault')).toEqual(['email', 'password']);
      expect(await place.explained(acr('gold'), 'app')).toEqual(['password otp', 'otp email']);
      expect(await place.errors()).toEqual([bypassed('a token of client "vault"', 'email', 'password')]);
    });
  });

  describe('of Keycloak, with authenticator apps that users set up', () => {
    const place = withAnybodysRealm(withEnrolment(resetting()));

    test('gives gold for the mailbox', async () => {
      const reset = await resetBy(place, 'bob@checks.invalid', 'app');
      expect(reset.did.sort()).toEqual(['login-login-config-totp', 'login-login-update-password']);
      const visitor = await new Visitor(place).login('app', { acr_values: 'gold' });
      await visitor.fill({ username: 'bob', password: RIGHT });
      const selectedCredentialId = await otpOf(place, 'of the thief');
      await visitor.fill({ otp: reset.device?.now() ?? '', selectedCredentialId });
      expect((await visitor.redeem()).acr).toBe('gold');
    });

    test('is explained and reported', async () => {
      expect(await place.explained(acr('gold'), 'app')).toContain('email, if has:otp');
      expect(await place.errors()).toContainEqual(
        expect.stringMatching(/^guard-bypassed: acr "gold" is had for .*\{email\} \(has:otp\)/),
      );
    });
  });

  describe('that ends without tokens', () => {
    const place = withAnybodysRealm(resetting(FORCED), fixedAddresses);

    test('gives no token for the mailbox', async () => {
      const { visitor } = await resetBy(place, 'bob@checks.invalid', 'vault');
      expect(visitor.hasCode).toBe(false);
      expect(visitor.text).toMatch(/Your account has been updated/);
    });

    test('is explained, and nothing is reported', async () => {
      expect(await place.explained(TOKEN, 'vault')).toEqual(['password otp', 'otp email']);
      expect(await place.explained(acr('gold'), 'app')).toEqual(['password otp', 'otp email']);
      expect(await place.errors()).toEqual([]);
    });
  });
});
