import { type RealmModel, type SimulatedUser, simulate } from '../../../model';
import { tokenContents } from '../../../model/simulate/token-contents';
import { COND, client, flow, LOA, OTP, PASSWORD, REQ, realm, SILVER_GOLD } from '../../model/support/realm';
import { importRealm } from '../checks/import-realm';
import { describeUnlessMissing } from '../factors/factor-realm';
import { missingForOwnKeycloak, withOwnKeycloak } from '../factors/own-keycloak';
import { withAuthenticationChannel } from '../support/authentication-channel';
import { claimsOf, post, siteOf } from '../support/grants';
import { testKeycloak, withRealmName } from '../support/keycloak';

const SECRET = 'known-to-the-test-alone';
const BOB: SimulatedUser = { credentials: ['password', 'otp'] };
const clientId = 'phone';
const { grants } = client('any');

/** Levels, and a rule that asks for the OTP beside the scope `payments`. */
const ruled = flow('ruled', [
  REQ('ruled levels', [COND('ruled silver', [LOA(1), PASSWORD]), COND('ruled gold', [LOA(2), OTP])]),
  COND('ruled scope', [
    REQ('conditional-client-scope', { client_scope: 'payments' }),
    REQ('conditional-credential', { credentials: 'otp', included: 'false' }),
    OTP,
  ]),
]);
const base = realm(ruled, {
  acrLoaMap: SILVER_GOLD,
  clients: [
    client(clientId, {
      accessType: 'confidential',
      grants: { ...grants, ciba: true },
      minimumAcr: 'gold',
      optionalScopes: ['payments'],
    }),
    client('closed', { accessType: 'confidential' }),
  ],
});
const payments = { name: 'payments', protocol: 'openid-connect', mappers: [] };
const MODEL: RealmModel = { ...base, clientScopes: [...base.clientScopes, payments] };

describeUnlessMissing(missingForOwnKeycloak('an authentication channel'), 'Move: CIBA', () => {
  const channel = withAuthenticationChannel();
  withOwnKeycloak(async () => ({ runtimeArguments: channel.runtimeArguments() }));

  // The realm is removed before its server stops.
  describe('at a confidential client', () => {
    const name = withRealmName('moves');
    const site = siteOf(name);

    beforeAll(async () => {
      const { admin } = await testKeycloak();
      await importRealm(admin, name, MODEL);
      for (const { clientId, grants } of MODEL.clients) {
        const [found] = await admin.clients.find({ realm: name, clientId });
        const attributes = { ...found?.attributes, 'oidc.ciba.grant.enabled': String(grants.ciba) };
        const changed = { ...found, publicClient: false, secret: SECRET, attributes };
        await admin.clients.update({ realm: name, id: found?.id as string }, changed);
      }
    });

    const ask = (of = clientId) =>
      post(site, 'ext/ciba/auth', {
        client_id: of,
        client_secret: SECRET,
        scope: 'openid payments',
        login_hint: 'bob',
        acr_values: 'gold',
      });
    const tokens = (auth_req_id: unknown) =>
      post(site, 'token', {
        client_id: clientId,
        client_secret: SECRET,
        grant_type: 'urn:openid:params:grant-type:ciba',
        auth_req_id: String(auth_req_id),
      });
    const simulated = (of: string, user = BOB) => {
      const request = { clientId: of, grant: 'ciba', acrValues: ['gold'], scope: ['openid', 'payments'] } as const;
      const result = simulate(MODEL, request, user);
      const model = MODEL.clients.find((each) => each.clientId === of) as RealmModel['clients'][number];
      return { result, scopes: tokenContents(MODEL, model, request, user).scopes };
    };

    test('gives the scope without a level, whatever was asked for: no flow runs, no minimum counts', async () => {
      const { auth_req_id } = await ask();
      expect(channel.asked()).toMatchObject({ login_hint: 'bob', acr_values: 'gold' });
      expect(await channel.answer('SUCCEED')).toBe(200);
      const answer = await tokens(auth_req_id);
      const { acr, scope, preferred_username } = claimsOf(answer);
      expect({ acr, preferred_username }).toEqual({ acr: 'silver', preferred_username: 'bob' });
      expect(String(scope).split(' ')).toContain('payments');

      const { result, scopes } = simulated(clientId);
      expect(result.outcome).toMatchObject({ kind: 'granted', acr });
      expect(scopes).toContain('payments');
      expect(result.asked.map(({ page }) => page)).toMatchObject([
        { accepts: [['client-secret', 'authentication-device']] },
      ]);
    });

    test.each(['UNAUTHORIZED', 'CANCELLED'] as const)('gives nothing where the channel says %s', async (status) => {
      const { auth_req_id } = await ask();
      expect(await channel.answer(status)).toBe(200);
      expect(await tokens(auth_req_id)).toMatchObject({ status: 400, error: 'access_denied' });
    });

    test('gives nothing before the channel has said anything', async () => {
      const { auth_req_id } = await ask();
      expect(await tokens(auth_req_id)).toMatchObject({ status: 400, error: 'authorization_pending' });
    });

    test('is refused to an account that has something to do, and to a client without the grant', async () => {
      const { admin } = await testKeycloak();
      const [bob] = await admin.users.find({ realm: name, username: 'bob', exact: true });
      const change = (requiredActions: string[]) =>
        admin.users.update({ realm: name, id: bob?.id as string }, { ...bob, requiredActions });
      await change(['UPDATE_PASSWORD']);
      const { auth_req_id } = await ask();
      await channel.answer('SUCCEED');
      const answer = await tokens(auth_req_id);
      await change([]);
      expect(answer).toMatchObject({ status: 400, error_description: 'Account is not fully set up' });
      expect(simulated(clientId, { ...BOB, requiredActions: ['UPDATE_PASSWORD'] }).result.outcome).toMatchObject({
        kind: 'refused',
        reason: 'account-not-set-up',
      });

      expect(await ask('closed')).toMatchObject({ status: 401, error: 'invalid_grant' });
      expect(simulated('closed').result.outcome).toMatchObject({ kind: 'refused', reason: 'client-not-allowed' });
    });
  });
});
