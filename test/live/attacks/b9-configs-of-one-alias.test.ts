import { readRealmRepresentation } from '../../../model';
import { COND, client, flow, LOA, loginFlow, PASSWORD, REQ, realm, SILVER } from '../../checks/support/realms';
import { describeWithKeycloak, testKeycloak } from '../support/keycloak';
import { acr, type Preparation, withAnybodysRealm } from './anybodys-realm';

const GOLD = { acrValues: ['gold'] };

/** Gold by the conditional OTP form, which has this default; another flow has the other one. */
function conditional(outcome: 'skip' | 'force') {
  const other = outcome === 'skip' ? 'force' : 'skip';
  const otp = (defaultOtpOutcome: string) => REQ('auth-conditional-otp-form', { defaultOtpOutcome });
  return realm(loginFlow(SILVER, COND('gold', [LOA(2, 300), otp(outcome)])), {
    flows: [flow('spare', [PASSWORD, otp(other)])],
    clients: [client('app')],
  });
}

/** Gives both configs the alias of the one in the flow `spare`, which Keycloak refuses at creation alone. */
const ofOneAlias: Preparation = async (admin, name) => {
  const steps = await Promise.all(
    ['login', 'spare'].map((alias) => admin.authenticationManagement.getExecutions({ realm: name, flow: alias })),
  );
  const [used, spare] = steps.map(
    (executions) =>
      executions.find(({ providerId }) => providerId === 'auth-conditional-otp-form')?.authenticationConfig,
  ) as [string, string];
  const of = (id: string) => admin.authenticationManagement.getConfig({ realm: name, id });
  const { alias } = await of(spare);
  await admin.authenticationManagement.updateConfig({ realm: name, ...(await of(used)), id: used, alias });
};

describeWithKeycloak('B9: two authenticator configs of one alias', () => {
  describe('of which the one that is used skips the OTP', () => {
    const place = withAnybodysRealm(conditional('skip'), ofOneAlias);

    test('give gold for a password', async () => {
      const attacker = await place.attacker();
      expect(await attacker.login(GOLD)).toBe('username password → gold');
      // For users without an OTP the other config counts too.
      expect(await attacker.login({ ...GOLD, as: 'alice' })).toBe('username password → refused');
    });

    test('are told apart, explained and reported', async () => {
      expect(await place.explained(acr('gold'), 'app')).toEqual(['password, if has:otp']);
      expect(await place.errors()).toEqual([
        expect.stringMatching(/^higher-level-weaker: "gold"/),
        expect.stringMatching(/^otp-skipped-in-level: The OTP of "gold"/),
      ]);
    });

    test('are not told apart in an export, which says so', async () => {
      const { admin } = await testKeycloak();
      const exported = await admin.realms.export({ realm: place.name, exportClients: true });
      const model = readRealmRepresentation(exported as never, 'export');
      expect(await place.explained(acr('gold'), 'app', model)).toEqual([
        expect.stringMatching(
          /^cannot tell: defaultOtpOutcome of .*: 2 configs are called spare 1, and their defaultOtpOutcome differs$/,
        ),
      ]);
    });
  });

  describe('of which the one that is used forces the OTP', () => {
    const place = withAnybodysRealm(conditional('force'), ofOneAlias);

    test('give no gold without the OTP', async () => {
      expect(await (await place.attacker()).login(GOLD)).toBe('username password otp → stopped');
    });

    test('are told apart and explained, and nothing is reported', async () => {
      expect(await place.explained(acr('gold'), 'app')).toEqual(['password otp']);
      expect(await place.errors()).toEqual([]);
    });
  });
});
