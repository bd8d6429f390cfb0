import type { TerraformStack } from 'cdktf';
import {
  Allow,
  AssuranceLevel,
  bindings,
  Duration,
  Factor,
  ResourceProtection,
  StepUpClient,
  StepUpFlow,
  StepUpRealm,
} from '../../../lib';
import { type Answers, Browser, createUser, signIn, type TestUser } from '../../../sandbox/login';
import { REDIRECT_URI } from '../../support/imported-realm';
import { withStackFolder } from '../support/apply-stack';
import { describeWithKeycloak, testKeycloak, withRealmName } from '../support/keycloak';
import { decide, type PermissionRequest, requestingPartyToken } from './rpt';

const { group, role } = bindings;

describeWithKeycloak('Authorization Services by ResourceProtection', () => {
  const name = withRealmName('protection');
  const folder = withStackFolder();
  let issuer: string;
  /** Access tokens by user and level. */
  const tokens: Record<string, string> = {};

  function build(stack: TerraformStack, webClient = 'shop'): void {
    const silver = new AssuranceLevel(stack, 'silver', { acr: 'silver', loa: 1, provedBy: Factor.password() });
    const gold = new AssuranceLevel(stack, 'gold', {
      acr: 'gold',
      loa: 2,
      provedBy: Factor.otp(),
      maxAge: Duration.hours(1),
    });
    const realm = new StepUpRealm(stack, 'realm', { name, levels: [silver, gold] });
    realm.bindBrowserFlow(new StepUpFlow(stack, 'browser', { realm }));
    const { realmId } = realm;
    const auditor = new role.Role(stack, 'auditor', { realmId, name: 'auditor' });
    const suspended = new role.Role(stack, 'suspended', { realmId, name: 'suspended' });
    const ops = new group.Group(stack, 'ops', { realmId, name: 'ops' });
    const client = new StepUpClient(stack, 'api', { realm, clientId: 'api', validRedirectUris: [REDIRECT_URI] });
    const admin = new role.Role(stack, 'admin', { realmId, clientId: client.resource.id, name: 'admin' });
    for (const clientId of ['shop', 'kiosk']) {
      new StepUpClient(stack, clientId, {
        realm,
        clientId,
        accessType: 'PUBLIC',
        validRedirectUris: [REDIRECT_URI],
      });
    }
    new ResourceProtection(stack, 'protection', {
      client,
      resources: [
        {
          name: 'orders',
          paths: ['/orders', '/orders/*'],
          requires: silver,
          methods: {
            GET: 'nothing-more',
            POST: gold,
            DELETE: Allow.all(gold, Allow.realmRole(auditor)),
          },
        },
        { name: 'export', paths: ['/orders/export'], requires: gold },
        { name: 'keys', paths: ['/users/{id}/keys'], requires: gold },
        { name: 'papers', paths: ['/*.pdf'], requires: silver },
        {
          name: 'admin',
          paths: ['/admin/*'],
          requires: Allow.all(gold, Allow.any(Allow.clientRole(client, admin), Allow.group(ops))),
        },
        { name: 'web', paths: ['/web'], requires: Allow.claim('azp', webClient) },
        { name: 'staff', paths: ['/staff'], requires: Allow.claim('email', /.*@sandbox\.invalid/) },
        { name: 'first', paths: ['/first'], requires: Allow.claim('amr', 'pwd') },
        { name: 'second', paths: ['/second'], requires: Allow.claim('amr', 'otp') },
        { name: 'good', paths: ['/good'], requires: Allow.all(silver, Allow.not(Allow.realmRole(suspended))) },
        {
          name: 'odd',
          paths: ['/odd'],
          requires: Allow.not(Allow.any(Allow.claim('azp', /sh.p/), Allow.claim('azp', 'api'))),
        },
        {
          name: 'now',
          paths: ['/now'],
          requires: Allow.during({ year: { from: 2020, to: 2120 }, hour: { from: 0, to: 23 } }),
        },
        { name: 'past', paths: ['/past'], requires: Allow.during({ notOnOrAfter: '2020-01-01 00:00:00' }) },
        { name: 'future', paths: ['/future'], requires: Allow.during({ notBefore: '2120-01-01 00:00:00' }) },
      ],
    });
  }

  beforeAll(async () => {
    const { admin, url } = await testKeycloak();
    issuer = `${url}/realms/${name}`;
    await folder.apply((stack) => build(stack));
    const [api] = await admin.clients.find({ realm: name, clientId: 'api' });
    const [ops] = await admin.groups.find({ realm: name, search: 'ops' });
    const team = await admin.groups.createChildGroup({ realm: name, id: ops?.id as string }, { name: 'night-shift' });
    const roleOf = async (roleName: string) => {
      const found = await admin.roles.findOneByName({ realm: name, name: roleName });
      return [{ id: found?.id as string, name: roleName }];
    };
    const users = new Map<string, TestUser>();
    for (const username of ['bob', 'aud', 'boss', 'nina', 'sue']) {
      users.set(username, await createUser(admin, name, { username, totp: true }));
    }
    const id = (username: string) => users.get(username)?.id as string;
    await admin.users.addRealmRoleMappings({ realm: name, id: id('aud'), roles: await roleOf('auditor') });
    await admin.users.addRealmRoleMappings({ realm: name, id: id('sue'), roles: await roleOf('suspended') });
    const clientRole = await admin.clients.findRole({ realm: name, id: api?.id as string, roleName: 'admin' });
    await admin.users.addClientRoleMappings({
      realm: name,
      id: id('boss'),
      clientUniqueId: api?.id as string,
      roles: [{ id: clientRole?.id as string, name: 'admin' }],
    });
    await admin.users.addToGroup({ realm: name, id: id('nina'), groupId: team.id as string });

    const login = async (user: TestUser, clientId: string, acr: string, clientSecret?: string): Promise<string> => {
      const answers: Answers = { username: user.username, password: user.password, otp: () => user.totp?.next() ?? '' };
      const request = { client: { issuer, clientId, clientSecret }, redirectUri: REDIRECT_URI, acrValues: [acr] };
      const result = await signIn(new Browser(), request, answers);
      expect(result).toMatchObject({ outcome: 'granted', acr });
      return result.tokens?.access_token as string;
    };
    for (const [username, user] of users) {
      for (const acr of ['silver', 'gold']) tokens[`${username} ${acr}`] = await login(user, 'shop', acr);
    }
    const secret = await admin.clients.getClientSecret({ realm: name, id: api?.id as string });
    tokens['bob at the api'] = await login(users.get('bob') as TestUser, 'api', 'silver', secret.value);
    tokens['bob at the kiosk'] = await login(users.get('bob') as TestUser, 'kiosk', 'silver');
  });

  const request = (who: string, more: Partial<PermissionRequest> = {}): PermissionRequest => ({
    issuer,
    audience: 'api',
    accessToken: tokens[who] as string,
    ...more,
  });
  const GRANTED = 'granted';
  const DENIED = 'access_denied';

  test.each([
    ['bob silver', 'GET /orders', GRANTED],
    ['bob silver', 'GET /orders/', GRANTED],
    ['bob silver', 'GET /orders/17/items', GRANTED],
    ['bob silver', 'POST /orders', DENIED],
    ['bob gold', 'POST /orders', GRANTED],
    ['bob gold', 'POST /orders/17', GRANTED],
    ['bob gold', 'GET /orders', GRANTED],
    ['bob gold', 'PUT /orders', 'invalid_scope'],
    ['bob gold', '/nothing', 'invalid_resource'],
    ['bob gold', '/ORDERS-not', 'invalid_resource'],
  ])('%s, %s: %s by the level that the method needs', async (who, what, decision) => {
    expect(await decide(request(who), what)).toBe(decision);
  });

  test.each([
    ['bob silver', '/orders/export', DENIED],
    ['bob gold', '/orders/export', GRANTED],
    ['bob silver', '/Orders/Export', DENIED],
    ['bob silver', '/users/17/keys', DENIED],
    ['bob gold', '/users/17/keys', GRANTED],
    ['bob silver', '/terms.pdf', GRANTED],
    ['boss gold', '/admin', GRANTED],
    ['boss gold', '/admin/', GRANTED],
    ['boss gold', '/admin/users/17', GRANTED],
    ['boss silver', '/admin/users/17', DENIED],
    ['boss gold', '/administrators', 'invalid_resource'],
  ])('%s, %s: %s by the most exact path', async (who, what, decision) => {
    expect(await decide(request(who), what)).toBe(decision);
  });

  test.each([
    ['bob gold', 'DELETE /orders/17', DENIED],
    ['aud silver', 'DELETE /orders/17', DENIED],
    ['aud gold', 'DELETE /orders/17', GRANTED],
    ['bob gold', '/admin', DENIED],
    ['nina silver', '/admin', DENIED],
    ['nina gold', '/admin', GRANTED],
  ])('%s, %s: %s by realm role, client role or group, and level', async (who, what, decision) => {
    expect(await decide(request(who), what)).toBe(decision);
  });

  test.each([
    ['bob silver', '/web', GRANTED],
    ['bob at the kiosk', '/web', DENIED],
    ['bob silver', '/staff', GRANTED],
    ['bob gold', '/first', GRANTED],
    ['bob gold', '/second', DENIED],
  ])('%s, %s: %s by a claim, the first value of a list', async (who, what, decision) => {
    expect(await decide(request(who), what)).toBe(decision);
  });

  test.each([
    ['bob silver', '/good', GRANTED],
    ['sue gold', '/good', DENIED],
    ['bob silver', '/odd', DENIED],
    ['bob at the kiosk', '/odd', GRANTED],
  ])('%s, %s: %s by the opposite of a rule', async (who, what, decision) => {
    expect(await decide(request(who), what)).toBe(decision);
  });

  test.each([
    ['bob silver', '/now', GRANTED],
    ['bob silver', '/past', DENIED],
    ['bob silver', '/future', DENIED],
  ])('%s, %s: %s by the time', async (who, what, decision) => {
    expect(await decide(request(who), what)).toBe(decision);
  });

  test.each([
    ['bob at the api', '/orders/export', { acr: ['gold'] }],
    ['bob at the api', '/web', { azp: ['shop'] }],
    ['bob at the api', '/past', { 'kc.time.date_time': ['2019-06-01 12:00:00'] }],
  ])('%s, %s is denied to a caller who pushes %j', async (who, what, pushed) => {
    expect(await decide(request(who, { pushed }), what)).toBe(DENIED);
  });

  test('without a method, a token is granted no more methods than it may use', async () => {
    const { authorization } = await requestingPartyToken(request('bob silver'));
    const { permissions } = authorization as { permissions: { rsname: string; scopes?: string[] }[] };
    expect(permissions.find(({ rsname }) => rsname === 'orders')?.scopes).toEqual(['GET']);
    expect(permissions.map(({ rsname }) => rsname)).not.toContain('export');
  });

  test("the acr of the requesting party token is no sign: it is silver for a gold login's permissions", async () => {
    const { acr, authorization } = await requestingPartyToken(request('bob gold'));
    const { permissions } = authorization as { permissions: { rsname: string }[] };
    expect(permissions.map(({ rsname }) => rsname)).toContain('export');
    expect(acr).toBe('silver');
  });

  test('Terraform finds nothing to change after the apply', async () => {
    expect(await folder.plan()).toEqual([]);
  });

  test('a changed rule is a new policy, which replaces the old one', async () => {
    expect(await folder.apply((stack) => build(stack, 'kiosk'))).toEqual({ added: 1, changed: 1, destroyed: 1 });
    expect(await decide(request('bob silver'), '/web')).toBe(DENIED);
    expect(await decide(request('bob at the kiosk'), '/web')).toBe(GRANTED);
    expect(await folder.plan()).toEqual([]);
  });
});
