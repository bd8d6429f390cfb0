import { Role } from '@cdktf/provider-keycloak/lib/role';
import { Factor, type LoginCondition, StepUpClientScope, StepUpFlow, When } from '../../../lib';
import { Browser, type LoginResult, type TestUser } from '../../../sandbox/login';
import { describeWithKeycloak, testKeycloak } from '../support/keycloak';
import { answersOf, provesByOtp, type Site, withSite } from '../support/site';

/** Signs in with a password, then once more in that session, where only the row's condition can ask for more. */
async function again(site: Site, user: TestUser, otp: 'right' | 'wrong' | 'expired', scope = ['openid']) {
  const browser = new Browser();
  const first = await site.signIn('plain', answersOf(user), {}, browser);
  const answers = answersOf(user, otp);
  return { first, second: await site.signIn('plain', answers, { scope }, browser) };
}

describeWithKeycloak('Triggers: what the login itself looks at', () => {
  const site = withSite(({ stack, realm, gold, client }) => {
    const payments = new StepUpClientScope(stack, 'payments', { realm, name: 'payments', requires: gold });
    const plain = client('plain', { optionalScopes: [payments] });
    const admin = new Role(stack, 'admin', { realmId: realm.realmId, name: 'admin' });
    const clerk = new Role(stack, 'clerk', { realmId: realm.realmId, name: 'clerk', clientId: plain.resource.id });
    realm.bindBrowserFlow(
      new StepUpFlow(stack, 'browser', {
        realm,
        scopes: [payments],
        rules: [
          { name: 'realm-role', when: [When.realmRole(admin)], requires: gold },
          { name: 'client-role', when: [When.clientRole(plain, clerk)], requires: gold },
          { name: 'user', when: [When.userAttribute({ name: 'tier', value: 'high' })], requires: gold },
          { name: 'pattern', when: [When.userAttribute({ name: 'unit', value: /fin-[0-9]+/ })], requires: gold },
        ],
      }),
    );
  });

  beforeAll(async () => {
    const { admin } = await testKeycloak();
    const profile = await admin.users.getProfile({ realm: site.realm });
    await admin.users.updateProfile({ realm: site.realm, ...profile, unmanagedAttributePolicy: 'ENABLED' as never });
  });

  const withRealmRole = async () => {
    const { admin } = await testKeycloak();
    const user = await site.user();
    const role = await admin.roles.findOneByName({ realm: site.realm, name: 'admin' });
    await admin.users.addRealmRoleMappings({ realm: site.realm, id: user.id, roles: [role as never] });
    return user;
  };
  const withClientRole = async () => {
    const { admin } = await testKeycloak();
    const user = await site.user();
    const [client] = await admin.clients.find({ realm: site.realm, clientId: 'plain' });
    const id = client?.id as string;
    const role = await admin.clients.findRole({ realm: site.realm, id, roleName: 'clerk' });
    await admin.users.addClientRoleMappings({
      realm: site.realm,
      id: user.id,
      clientUniqueId: id,
      roles: [role as never],
    });
    return user;
  };
  const inGroup = async (attributes: Record<string, string[]>) => {
    const { admin } = await testKeycloak();
    const user = await site.user();
    const group = await admin.groups.create({ realm: site.realm, name: `of ${user.username}`, attributes });
    await admin.users.addToGroup({ realm: site.realm, id: user.id, groupId: group.id });
    return user;
  };

  /** A row whose condition holds for the user at every login, single sign-on included. */
  const ofUser = (row: string, user: () => Promise<TestUser>) =>
    provesByOtp(row, {
      acr: 'silver',
      login: async (otp): Promise<LoginResult> => {
        const { first, second } = await again(site, await user(), otp);
        expect(first.asked).toEqual(['username', 'password', 'otp']);
        expect(second.asked).toEqual(['otp']);
        return second;
      },
    });

  provesByOtp('client scope', {
    acr: 'silver',
    login: async (otp) => {
      const { first, second } = await again(site, await site.user(), otp, ['openid', 'payments']);
      expect(first.asked).toEqual(['username', 'password']);
      return second;
    },
  });
  ofUser('realm role', withRealmRole);
  ofUser('client role', withClientRole);
  ofUser('user attribute', () => site.user({ attributes: { tier: ['high'] } }));
  ofUser('user attribute by a regular expression', () => site.user({ attributes: { unit: ['fin-12'] } }));
  ofUser('group attribute', () => inGroup({ tier: ['high'] }));

  test.each([
    ['no role, group or attribute', () => site.user()],
    ['another value', () => site.user({ attributes: { tier: ['low'] } })],
    ['a value that the expression matches in part', () => site.user({ attributes: { unit: ['xfin-12x'] } })],
  ])('a user with %s is asked for the password alone', async (_what, user) => {
    const { first, second } = await again(site, await user(), 'wrong');
    expect(first).toMatchObject({ outcome: 'granted', asked: ['username', 'password'] });
    expect(second).toMatchObject({ outcome: 'granted', asked: [] });
  });

  test('whoever has proved the level in the same request is not asked twice', async () => {
    const user = await withRealmRole();
    const result = await site.signIn('plain', answersOf(user), { acrValues: ['gold'] });
    expect(result).toMatchObject({ outcome: 'granted', acr: 'gold', asked: ['username', 'password', 'otp'] });
  });

  test('a user without an authenticator app is refused, and one without the role is not', async () => {
    const { admin } = await testKeycloak();
    const user = await site.user({ totp: undefined });
    expect(await site.signIn('plain', answersOf(user))).toMatchObject({ outcome: 'granted' });
    const role = await admin.roles.findOneByName({ realm: site.realm, name: 'admin' });
    await admin.users.addRealmRoleMappings({ realm: site.realm, id: user.id, roles: [role as never] });
    expect(await site.signIn('plain', answersOf(user))).toMatchObject({
      outcome: 'refused',
      error: expect.stringContaining('not set up to prove the level "gold"'),
    });
  });
});

describeWithKeycloak('Triggers: what this login has done', () => {
  const site = withSite(({ stack, realm, gold, client }) => {
    client('used');
    client('executed', {
      browserFlow: new StepUpFlow(stack, 'executed-flow', {
        realm,
        name: 'executed',
        rules: [{ name: 'fresh', when: [When.subflowExecuted('forms')], requires: gold }],
      }),
    });
    client('skipped', {
      browserFlow: new StepUpFlow(stack, 'skipped-flow', {
        realm,
        name: 'skipped',
        rules: [{ name: 'sso', when: [When.subflowNotExecuted('forms')], requires: gold }],
      }),
    });
    const rules = [{ name: 'after-password', when: [When.credentialUsed(Factor.password())] as const, requires: gold }];
    realm.bindBrowserFlow(new StepUpFlow(stack, 'browser', { realm, rules }));
    client('not-used', {
      browserFlow: new StepUpFlow(stack, 'not-used-flow', {
        realm,
        name: 'not-used',
        rules: [{ name: 'sso', when: [When.credentialNotUsed(Factor.password())], requires: gold }],
      }),
    });
  });

  /** The row holds at the first login or at single sign-on, and not at the other one. */
  const row = (name: string, clientId: string, holds: 'at the first login' | 'at single sign-on') => {
    const proofs = ['username', 'password'];
    provesByOtp(name, {
      acr: 'silver',
      login: async (otp) => {
        const user = await site.user();
        const browser = new Browser();
        if (holds === 'at the first login') return site.signIn(clientId, answersOf(user, otp), {}, browser);
        expect((await site.signIn(clientId, answersOf(user), {}, browser)).asked).toEqual(proofs);
        return site.signIn(clientId, answersOf(user, otp), {}, browser);
      },
    });

    if (holds === 'at the first login') {
      test(`${name}: does not hold at single sign-on`, async () => {
        const user = await site.user();
        const browser = new Browser();
        expect((await site.signIn(clientId, answersOf(user), {}, browser)).asked).toEqual([...proofs, 'otp']);
        const again = await site.signIn(clientId, {}, {}, browser);
        expect(again).toMatchObject({ outcome: 'granted', asked: [] });
      });
    }
  };

  row('credential used', 'used', 'at the first login');
  row('credential not used', 'not-used', 'at single sign-on');
  row('subflow executed', 'executed', 'at the first login');
  row('subflow not executed', 'skipped', 'at single sign-on');
});

describeWithKeycloak('Triggers: what a user or client does not have', () => {
  const site = withSite(({ stack, realm, gold, client }) => {
    realm.bindBrowserFlow(new StepUpFlow(stack, 'browser', { realm }));
    const trusted = new Role(stack, 'trusted', { realmId: realm.realmId, name: 'trusted' });
    const shop = client('shop');
    const clerk = new Role(stack, 'clerk', { realmId: realm.realmId, name: 'clerk', clientId: shop.resource.id });
    const lowRisk = new StepUpClientScope(stack, 'low-risk', { realm, name: 'low-risk' });
    const rules: Record<string, LoginCondition> = {
      'no-realm-role': When.noRealmRole(trusted),
      'no-client-role': When.noClientRole(shop, clerk),
      'no-attribute': When.noUserAttribute({ name: 'tier', value: /low-[0-9]+/ }),
      'no-scope': When.noClientScope(lowRisk),
    };
    for (const [name, condition] of Object.entries(rules)) {
      const flow = new StepUpFlow(stack, `flow-${name}`, {
        realm,
        name,
        rules: [{ name, when: [condition], requires: gold }],
      });
      client(name, { browserFlow: flow });
      if (name === 'no-scope') client('marked', { browserFlow: flow, defaultScopes: [lowRisk] });
    }
  });

  beforeAll(async () => {
    const { admin } = await testKeycloak();
    const profile = await admin.users.getProfile({ realm: site.realm });
    await admin.users.updateProfile({ realm: site.realm, ...profile, unmanagedAttributePolicy: 'ENABLED' as never });
  });

  const withRole = async (name: 'trusted' | 'clerk') => {
    const { admin } = await testKeycloak();
    const { realm } = site;
    const user = await site.user();
    if (name === 'trusted') {
      const role = await admin.roles.findOneByName({ realm, name });
      await admin.users.addRealmRoleMappings({ realm, id: user.id, roles: [role as never] });
      return user;
    }
    const [shop] = await admin.clients.find({ realm, clientId: 'shop' });
    const id = shop?.id as string;
    const role = await admin.clients.findRole({ realm, id, roleName: name });
    await admin.users.addClientRoleMappings({ realm, id: user.id, clientUniqueId: id, roles: [role as never] });
    return user;
  };

  describe.each<[string, string, string, () => Promise<TestUser>]>([
    ['realm role, negated', 'no-realm-role', 'no-realm-role', () => withRole('trusted')],
    ['client role, negated', 'no-client-role', 'no-client-role', () => withRole('clerk')],
    ['user attribute, negated', 'no-attribute', 'no-attribute', () => site.user({ attributes: { tier: ['low-1'] } })],
    ['client scope, negated', 'no-scope', 'marked', () => site.user()],
  ])('%s', (_row, clientId, clientOfOthers, spared) => {
    provesByOtp('whoever does not have it', {
      acr: 'silver',
      login: async (otp) => site.signIn(clientId, answersOf(await site.user(), otp)),
    });

    test('who has it is asked for the password alone', async () => {
      expect(await site.signIn(clientOfOthers, answersOf(await spared(), 'wrong'))).toMatchObject({
        outcome: 'granted',
        asked: ['username', 'password'],
      });
    });
  });

  test('user attribute, negated: another value than the expression matches as a whole', async () => {
    const user = await site.user({ attributes: { tier: ['not low-1'] } });
    expect((await site.signIn('no-attribute', answersOf(user))).asked).toEqual(['username', 'password', 'otp']);
  });

  test('client scope, negated: a request can not add the scope that would spare it', async () => {
    const request = { scope: ['openid', 'low-risk'] };
    expect(await site.signIn('no-scope', answersOf(await site.user()), request)).toMatchObject({
      outcome: 'refused',
      error: expect.stringContaining('invalid_scope'),
      asked: [],
    });
  });
});
