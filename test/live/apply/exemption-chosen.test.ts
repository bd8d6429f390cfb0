import { Browser } from '../../../sandbox/login';
import { withEnrolment } from '../../checks/support/realms';
import { ATTRIBUTES_OF_VICTIMS, ROLE_OF_NOBODY, ROLE_OF_VICTIMS, RULES } from '../../flow/fail-closed/cases';
import { realmOfRows, rowsOf } from '../../flow/fail-closed/table';
import { ALT, flow, PASSWORD, REQ } from '../../model/support/realm';
import { PASSWORD as RIGHT } from '../../support/imported-realm';
import { importRealm } from '../checks/import-realm';
import { describeWithKeycloak, testKeycloak, withRealmName } from '../support/keycloak';
import { Visitor } from '../support/visitor';

/** With enrolment the OTP form is the first step of its subflow, so that Keycloak looks for other ways in the whole rule. */
const ATTACKED = RULES.filter(({ name }) =>
  /^a rule for a (scope|level of either proof|level with enrolment)$/.test(name),
);
const [DECLARED] = [rowsOf(ATTACKED).filter(({ damage }) => damage === undefined)];

/** An exemption that anybody may choose: what passes stands beside the proof. */
const CHOSEN = flow('chosen', [
  PASSWORD,
  REQ('chosen rule', [ALT('auth-otp-form'), ALT('allow-access-authenticator')]),
]);

describeWithKeycloak('Whoever knows the executions of a flow', () => {
  const realm = withRealmName('chosen');
  const site = { issuer: async () => `${(await testKeycloak()).url}/realms/${realm}` };

  beforeAll(async () => {
    const { admin } = await testKeycloak();
    const rows = [...DECLARED, { of: ATTACKED[0] as never, part: '', flow: CHOSEN }];
    const users = { roles: [ROLE_OF_VICTIMS], attributes: ATTRIBUTES_OF_VICTIMS };
    await importRealm(admin, realm, withEnrolment(realmOfRows(rows)), users);
    await admin.roles.create({ realm, name: ROLE_OF_NOBODY });
  });

  /** At the page that asks for bob's OTP, with his password. */
  const atOtp = async (clientId: string, browser = new Browser()) => {
    const visitor = new Visitor(site, browser);
    await visitor.login(clientId, { scope: 'openid payments' });
    if (visitor.page('input[name=password]').length > 0) await visitor.fill({ username: 'bob', password: RIGHT });
    expect(visitor.id).toBe('login-login-otp');
    return visitor;
  };
  const action = (visitor: Visitor) => new URL(visitor.page('form[action]').first().attr('action') ?? '', visitor.url);
  const send = (visitor: Visitor, url: URL, values: Record<string, string>) =>
    visitor.open(url, { method: 'POST', body: new URLSearchParams(values) });

  const executionsOf = async (alias: string) => {
    const { admin } = await testKeycloak();
    const all = await admin.authenticationManagement.getExecutions({ realm, flow: alias });
    const steps = all.filter(({ providerId }) => !providerId?.startsWith('conditional-'));
    return steps.map(({ id, displayName, providerId }) => ({ id: id as string, providerId, displayName }));
  };

  test('passes where what passes is an alternative itself', async () => {
    const allow = (await executionsOf('chosen')).find(({ providerId }) => providerId === 'allow-access-authenticator');
    const thief = await atOtp('chosen');
    await send(thief, action(thief), { authenticationExecution: allow?.id as string });
    expect(thief.hasCode).toBe(true);
  });

  describe.each(DECLARED.map((row) => [row.of.name, row.flow.alias] as const))('%s', (_name, clientId) => {
    test('passes by none of them, chosen or sent as the current one', async () => {
      const passed: string[] = [];
      for (const { id, displayName, providerId } of await executionsOf(clientId)) {
        const ways = providerId === 'allow-access-authenticator' ? ['chosen', 'current'] : ['chosen'];
        for (const how of ways) {
          const thief = await atOtp(clientId);
          const url = action(thief);
          if (how === 'current') url.searchParams.set('execution', id);
          await send(thief, url, how === 'current' ? {} : { authenticationExecution: id });
          if (thief.hasCode) passed.push(`${displayName} ${how}`);
          // What the error left behind is no way on, either.
          if (!thief.left) await thief.login(clientId, { scope: 'openid payments' });
          if (thief.hasCode) passed.push(`${displayName} ${how}, and anew`);
        }
      }
      expect(passed).toEqual([]);
    }, 600_000);

    test('passes neither by another way, nor by another tab, a reload or a restart', async () => {
      const browser = new Browser();
      const thief = await atOtp(clientId, browser);
      const { url } = thief;
      const form = action(thief);
      await send(thief, form, { tryAnotherWay: 'on' });
      const offered = thief
        .page('[name=authenticationExecution]')
        .toArray()
        .map((one) => thief.page(one).attr('value'));
      const allowed = (await executionsOf(clientId)).filter(
        ({ providerId }) => providerId === 'allow-access-authenticator',
      );
      expect(offered.filter((id) => allowed.some((one) => one.id === id))).toEqual([]);

      const other = new Visitor(site, browser);
      await other.login(clientId);
      if (!other.left) await other.fill({ username: 'bob', password: RIGHT });
      expect(other.hasCode).toBe(true);
      for (const way of [url, form]) {
        await thief.open(way);
        expect(thief.hasCode).toBe(false);
      }
      const restart = new URL(form.href.replace('/authenticate', '/restart'));
      restart.searchParams.set('skip_logout', 'true');
      await thief.open(restart);
      expect(thief.hasCode).toBe(false);
      await atOtp(clientId, browser);
    });
  });
});
