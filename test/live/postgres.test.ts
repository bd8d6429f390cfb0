import { AssuranceLevel, Factor, StepUpClient, StepUpFlow, StepUpRealm } from '../../lib';
import type { KeycloakServer } from '../../sandbox/keycloak';
import { Browser, createUser, signIn, type TestUser } from '../../sandbox/login';
import { missingForPostgres } from '../../sandbox/postgres';
import { REDIRECT_URI } from '../support/imported-realm';
import { describeUnlessMissing } from './factors/factor-realm';
import { withOwnKeycloak } from './factors/own-keycloak';
import { withStackFolder } from './support/apply-stack';
import { testKeycloak, withRealmName } from './support/keycloak';
import { publishedKeycloak } from './support/shared';

const keycloak = publishedKeycloak();
const existing = process.env.KEYCLOAK_URL ? 'KEYCLOAK_URL is set: this needs a Keycloak of its own' : undefined;
const missing = ('missing' in keycloak ? keycloak.missing : existing) ?? missingForPostgres();

describeUnlessMissing(missing, 'A Keycloak on PostgreSQL', () => {
  const server = withOwnKeycloak(async () => ({ database: 'postgres' }));

  describe('a realm that is deployed on it', () => inRealm(server));
});

function inRealm(server: () => KeycloakServer): void {
  const name = withRealmName('postgres');
  const folder = withStackFolder();
  let bob: TestUser;

  beforeAll(async () => {
    await folder.apply((stack) => {
      const levels = [
        new AssuranceLevel(stack, 'silver', { acr: 'silver', loa: 1, provedBy: Factor.password() }),
        new AssuranceLevel(stack, 'gold', { acr: 'gold', loa: 2, provedBy: Factor.otp() }),
      ];
      const realm = new StepUpRealm(stack, 'realm', { name, levels });
      realm.bindBrowserFlow(new StepUpFlow(stack, 'browser', { realm }));
      const app = { realm, clientId: 'app', accessType: 'PUBLIC' as const, validRedirectUris: [REDIRECT_URI] };
      new StepUpClient(stack, 'app', app);
    });
    bob = await createUser((await testKeycloak()).admin, name, { username: 'bob', totp: true });
  });

  const gold = () =>
    signIn(
      new Browser(),
      {
        client: { issuer: `${server().url}/realms/${name}`, clientId: 'app' },
        redirectUri: REDIRECT_URI,
        acrValues: ['gold'],
      },
      { username: bob.username, password: bob.password, otp: () => bob.totp?.next() as Promise<string> },
    );

  it('lets the owner of an OTP log in', async () => {
    expect(await gold()).toMatchObject({ outcome: 'granted', acr: 'gold', asked: ['username', 'password', 'otp'] });
  });

  it('is there after a crash', async () => {
    await server().crash?.();
    await expect(fetch(server().url)).rejects.toThrow();
    await server().restart?.();

    expect(await gold()).toMatchObject({ outcome: 'granted', acr: 'gold' });
  });
}
