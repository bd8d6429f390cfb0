import { Testing } from 'cdktf';
import { bindings, Factor, PostBrokerFlow, StepUpClientScope, StepUpFlow, StepUpRealm } from '../../lib';
import { level, realmStack, resourcesOf, testStack } from '../support/stack';

function brokerStack(postBroker: boolean) {
  const { stack, realm, gold } = realmStack();
  const payments = new StepUpClientScope(stack, 'payments', { realm, name: 'payments', requires: gold });
  const like = new StepUpFlow(stack, 'browser', { realm, scopes: [payments] });
  realm.bindBrowserFlow(like);
  const flow = new PostBrokerFlow(stack, 'post', { like });
  const partner = new bindings.oidcIdentityProvider.OidcIdentityProvider(stack, 'partner', {
    realm: realm.realmId,
    alias: 'partner',
    authorizationUrl: 'https://partner.example.com/auth',
    tokenUrl: 'https://partner.example.com/token',
    clientId: 'us',
    clientSecret: '${var.partner_secret}',
    ...(postBroker && { postBrokerLoginFlowAlias: flow.handle.alias, dependsOn: flow.handle.dependsOn }),
  });
  return { stack, partner };
}

describe('PostBrokerFlow', () => {
  test('grants the lowest level for the identity provider, and asks for the others and the rules as the browser flow does', () => {
    const { stack } = brokerStack(true);
    const authenticators = (flow: RegExp) =>
      Object.entries(resourcesOf(stack, 'keycloak_authentication_execution'))
        .filter(([id]) => flow.test(id))
        .map(([, { authenticator }]) => authenticator as string)
        .sort();
    const browsers = authenticators(/^browser_/);
    expect(authenticators(/^post_/)).toEqual(
      browsers
        .filter((one) => one !== 'auth-cookie')
        .map((one) => (one === 'auth-username-password-form' ? 'allow-access-authenticator' : one))
        .sort(),
    );
    const allowed = Object.keys(resourcesOf(stack, 'keycloak_authentication_execution')).filter(
      (id) => /allow-access/.test(id) && !/rule/.test(id),
    );
    expect(allowed).toEqual([expect.stringMatching(/^post_.*level-1\.?silver/)]);
  });

  test('grants no level for the identity provider where the lowest is more than a password', () => {
    const stack = testStack();
    const provedBy = Factor.allOf(Factor.password(), Factor.otp());
    const levels = [level(stack, { acr: 'gold', loa: 2, provedBy })];
    const realm = new StepUpRealm(stack, 'realm', { name: 'acme', levels });
    new PostBrokerFlow(stack, 'post', { like: new StepUpFlow(stack, 'browser', { realm }) });
    const executions = Object.entries(resourcesOf(stack, 'keycloak_authentication_execution'));
    const inPost = executions
      .filter(([id]) => /^post_/.test(id) && !/complete/.test(id))
      .map(([id, { authenticator }]) => [authenticator, id]);
    expect(Object.fromEntries(inPost)).toMatchObject({
      'allow-access-authenticator': expect.stringMatching(/level-1\.?identity-provider/),
      'auth-username-password-form': expect.stringMatching(/level-2\.?gold/),
      'auth-otp-form': expect.stringMatching(/level-2\.?gold/),
    });
  });

  test('guards an identity provider that has its alias', () => {
    expect(() => Testing.synth(brokerStack(true).stack, true)).not.toThrow();
  });

  test('is missed at synth on an identity provider that has none', () => {
    expect(() => Testing.synth(brokerStack(false).stack, true)).toThrow(
      /\[test\/browser\] identity provider test\/partner without postBrokerLoginFlowAlias: .*Make a PostBrokerFlow/,
    );
  });
});
