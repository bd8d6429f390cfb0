import { AuthenticationFlow, execution, StepUpFlow } from '../../../lib';
import { Browser } from '../../../sandbox/login';
import { acrOf, post } from '../support/grants';
import { describeWithKeycloak } from '../support/keycloak';
import { answersOf, provesByOtp, withSite } from '../support/site';

describeWithKeycloak("Triggers: client's flow override, browser", () => {
  const site = withSite(({ stack, realm, silver, gold, client }) => {
    realm.bindBrowserFlow(new StepUpFlow(stack, 'browser', { realm, levels: [silver] }));
    client('plain');
    client('overridden', {
      minimumLevel: gold,
      browserFlow: new StepUpFlow(stack, 'own', { realm, name: 'own' }),
    });
  });

  provesByOtp("client's flow override", {
    acr: 'gold',
    login: async (otp) => {
      const browser = new Browser();
      const user = await site.user();
      const first = await site.signIn('plain', answersOf(user), {}, browser);
      expect(first).toMatchObject({ outcome: 'granted', asked: ['username', 'password'] });
      return site.signIn('overridden', answersOf(user, otp), {}, browser);
    },
  });

  test('is taken away again, with its flow, when the client has none any more', async () => {
    await site.apply(({ stack, realm, silver, client }) => {
      realm.bindBrowserFlow(new StepUpFlow(stack, 'browser', { realm, levels: [silver] }));
      client('plain');
      client('overridden');
    });
    const result = await site.signIn('overridden', answersOf(await site.user()));
    expect(result).toMatchObject({ outcome: 'granted', acr: 'silver', asked: ['username', 'password'] });
  });
});

describeWithKeycloak("Triggers: client's flow override, direct grant", () => {
  const site = withSite(
    ({ stack, realm, client }) => {
      client('overridden', {
        directGrantFlow: new AuthenticationFlow(stack, 'direct', {
          realm,
          name: 'direct-with-otp',
          nodes: ['username', 'password', 'otp'].map((what) => execution(`direct-grant-validate-${what}`)),
        }),
      });
      client('plain');
    },
    { passwordGrant: 'allow' },
  );

  const grant = (clientId: string, fields: Record<string, string>) =>
    post(site, 'token', { grant_type: 'password', client_id: clientId, scope: 'openid', ...fields });

  test('asks for the one-time password and passes with it, at the lowest level', async () => {
    const { username, password, totp } = await site.user();
    const answer = await grant('overridden', {
      username,
      password,
      totp: (await totp?.next()) ?? '',
    });
    expect(answer.error).toBeUndefined();
    expect(acrOf(answer)).toBe('silver');
  });

  test.each(['missing', 'wrong', 'expired'] as const)('refuses a code that is %s', async (which) => {
    const { username, password, totp } = await site.user();
    const codes = { missing: {}, wrong: { totp: totp?.wrong() ?? '' }, expired: { totp: totp?.expired() ?? '' } };
    const answer = await grant('overridden', { username, password, ...codes[which] });
    expect(answer).toMatchObject({ error: 'invalid_grant' });
    expect(answer).not.toHaveProperty('access_token');
  });

  test('another client has no password grant', async () => {
    const { username, password } = await site.user();
    expect(await grant('plain', { username, password })).toMatchObject({ error: 'unauthorized_client' });
  });
});
