import type { TerraformStack } from 'cdktf';
import {
  AssuranceLevel,
  Duration,
  Factor,
  ProofFlow,
  StepUpClient,
  StepUpClientScope,
  StepUpFlow,
  StepUpPolicy,
  StepUpRealm,
  WhenRequest,
} from '../../../lib';
import { fetchRealm } from '../../../model/readers/keycloak/live';
import { REDIRECT_URI } from '../../support/imported-realm';
import { withStackFolder } from '../support/apply-stack';
import { describeWithKeycloak, testKeycloak, withRealmName } from '../support/keycloak';
import { withoutIds } from './without-ids';

/** What a stack has at first, and again once it is rolled back. */
function before(stack: TerraformStack, name: string): void {
  const silver = new AssuranceLevel(stack, 'silver', { acr: 'silver', loa: 1, provedBy: Factor.password() });
  const gold = new AssuranceLevel(stack, 'gold', { acr: 'gold', loa: 2, provedBy: Factor.otp() });
  const realm = new StepUpRealm(stack, 'realm', { name, levels: [silver, gold] });
  realm.bindBrowserFlow(new StepUpFlow(stack, 'browser', { realm }));
  client(stack, realm, 'shop');
  client(stack, realm, 'api');
}

/** Everything that a stack can add to it. */
function after(stack: TerraformStack, name: string): void {
  const silver = new AssuranceLevel(stack, 'silver', {
    acr: 'silver',
    loa: 2,
    provedBy: Factor.usernameThenPasskey(),
    maxAge: Duration.hours(10),
  });
  const middle = new AssuranceLevel(stack, 'middle', { acr: 'middle', loa: 3, provedBy: Factor.password() });
  const gold = new AssuranceLevel(stack, 'gold', {
    acr: 'gold',
    loa: 4,
    provedBy: Factor.anyOf(Factor.recoveryCode(), Factor.webAuthn()),
    unenrolled: 'enrol',
  });
  const realm = new StepUpRealm(stack, 'realm', {
    name,
    levels: [silver, middle, gold],
    selfRegistration: 'form',
    passwordGrant: 'allow',
    loginWithEmail: false,
  });
  const scope = new StepUpClientScope(stack, 'payments', { realm, name: 'payments', requires: gold });
  const own = new StepUpClientScope(stack, 'own', { realm, name: 'own' });
  realm.bindBrowserFlow(new StepUpFlow(stack, 'browser', { realm, scopes: [scope] }));
  const flow = new StepUpFlow(stack, 'of-shop', { realm, name: 'of-shop', scopes: [scope] });
  client(stack, realm, 'shop', {
    minimumLevel: gold,
    browserFlow: flow,
    acrMap: { low: silver, mid: middle, high: gold },
    defaultScopes: [own],
    optionalScopes: [scope],
    offlineAccess: true,
  });
  const proof = new ProofFlow(stack, 'proof', { realm, level: gold });
  new StepUpPolicy(stack, 'policy', { flow: proof, when: [WhenRequest.acr(gold)] });
  client(stack, realm, 'api');
}

function client(
  stack: TerraformStack,
  realm: StepUpRealm,
  clientId: string,
  props: Partial<ConstructorParameters<typeof StepUpClient>[2]> = {},
): StepUpClient {
  return new StepUpClient(stack, clientId, { realm, clientId, validRedirectUris: [REDIRECT_URI], ...props });
}

describeWithKeycloak('A stack that is rolled back', () => {
  const realm = withRealmName('rolled');
  const folder = withStackFolder(undefined, { refused: true });

  test('leaves the server as it was', async () => {
    const { admin } = await testKeycloak();
    const now = async () => withoutIds(await fetchRealm(admin, realm));
    await folder.apply((stack) => before(stack, realm));
    const first = await now();
    await folder.apply((stack) => after(stack, realm));
    const changed = await now();
    expect(changed).not.toEqual(first);
    await folder.apply((stack) => before(stack, realm));
    expect(await now()).toEqual(first);
  });
});
