import type { TerraformStack } from 'cdktf';
import { AssuranceLevel, Factor, StepUpClient, StepUpFlow, StepUpRealm } from '../../../lib';
import { Browser, createUser, signIn, type TestUser } from '../../../sandbox/login';
import { REDIRECT_URI } from '../../support/imported-realm';
import { withStackFolder } from '../support/apply-stack';
import { describeWithKeycloak, testKeycloak, withRealmName } from '../support/keycloak';
import { Visitor } from '../support/visitor';

jest.setTimeout(600_000);

const ACTION = 'CONFIGURE_RECOVERY_AUTHN_CODES';
const CREDENTIAL = 'recovery-authn-codes';

/** A realm whose gold is proved by this factor. */
function build(stack: TerraformStack, name: string, provedBy: Factor): void {
  const silver = new AssuranceLevel(stack, 'silver', { acr: 'silver', loa: 1, provedBy: Factor.password() });
  const gold = new AssuranceLevel(stack, 'gold', { acr: 'gold', loa: 2, provedBy });
  const realm = new StepUpRealm(stack, 'realm', { name, levels: [silver, gold] });
  realm.bindBrowserFlow(new StepUpFlow(stack, 'browser', { realm }));
  const validRedirectUris = [REDIRECT_URI];
  new StepUpClient(stack, 'plain', { realm, clientId: 'plain', accessType: 'PUBLIC', validRedirectUris });
}

describeWithKeycloak('A credential that was enrolled before a level takes it', () => {
  const realm = withRealmName('prepared');
  const folder = withStackFolder();
  const issuer = async () => `${(await testKeycloak()).url}/realms/${realm}`;

  /** A thief with the user's password starts the action, and keeps the codes. */
  const enrol = async ({ username, password }: TestUser): Promise<string[]> => {
    const visitor = await new Visitor({ issuer }).login('plain', { kc_action: ACTION });
    await visitor.fill({ username, password });
    if (visitor.left) return [];
    const codes = String(visitor.page('input[name=generatedRecoveryAuthnCodes]').attr('value')).split(',');
    await visitor.fill({ userLabel: 'mine' });
    return codes;
  };
  /** The acr that the thief gets who asks for gold. */
  const gold = async ({ username, password }: TestUser, code?: string) => {
    const client = { issuer: await issuer(), clientId: 'plain' };
    const request = { client, redirectUri: REDIRECT_URI, acrValues: ['gold'] };
    const { outcome, acr } = await signIn(new Browser(), request, { username, password, 'recovery-code': code });
    return outcome === 'granted' ? acr : outcome;
  };
  const setAction = async (enabled: boolean) => {
    const { admin } = await testKeycloak();
    const place = { realm, alias: ACTION };
    const action = await admin.authenticationManagement.getRequiredActionForAlias(place);
    await admin.authenticationManagement.updateRequiredAction(place, { ...action, enabled });
  };

  test('is none where the actions of all factors are managed; where they are not, it gives gold, until it is deleted', async () => {
    const { admin } = await testKeycloak();
    await folder.apply((stack) => build(stack, realm, Factor.otp()));
    const carol = await createUser(admin, realm, { username: 'carol' });
    const alice = await createUser(admin, realm, { username: 'alice' });

    expect(await enrol(carol)).toEqual([]);
    // As Keycloak has it in a new realm.
    await setAction(true);
    const codes = await enrol(alice);
    expect(codes.length).toBeGreaterThan(1);

    await folder.apply((stack) => build(stack, realm, Factor.recoveryCode()));
    expect(await gold(carol)).toBe('refused');
    expect(await gold(alice, codes[0])).toBe('gold');

    // As docs/changing-a-factor.md says.
    for (const { id = '' } of await admin.users.find({ realm })) {
      for (const credential of await admin.users.getCredentials({ realm, id })) {
        if (credential.type !== CREDENTIAL) continue;
        await admin.users.deleteCredential({ realm, id, credentialId: credential.id as string });
      }
    }
    expect(await gold(alice, codes[1])).toBe('refused');
  });
});
