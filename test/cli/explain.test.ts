import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { realmRepresentation } from '../checks/support/representation';
import { realm as newRealm, stepUpFlow } from '../model/support/realm';
import { stepUp, stepUpProcess, temporaryFiles } from './step-up';

const FIXTURES = resolve(__dirname, '../model/readers/fixtures');

/** The step-up flow of Keycloak's guide, with enrolment left open as Keycloak ships it, in plain HCL. */
const HCL = `
resource "keycloak_realm" "acme" {
  realm      = "acme"
  attributes = { "acr.loa.map" = jsonencode({ silver = 1, gold = 2 }) }
}
resource "keycloak_authentication_flow" "flow" {
  realm_id = keycloak_realm.acme.id
  alias    = "levels"
}
resource "keycloak_authentication_subflow" "silver" {
  realm_id          = keycloak_realm.acme.id
  parent_flow_alias = keycloak_authentication_flow.flow.alias
  alias             = "silver"
  requirement       = "CONDITIONAL"
  priority          = 10
}
resource "keycloak_authentication_execution" "silver_level" {
  realm_id          = keycloak_realm.acme.id
  parent_flow_alias = keycloak_authentication_subflow.silver.alias
  authenticator     = "conditional-level-of-authentication"
  requirement       = "REQUIRED"
  priority          = 10
}
resource "keycloak_authentication_execution_config" "silver_level" {
  realm_id     = keycloak_realm.acme.id
  execution_id = keycloak_authentication_execution.silver_level.id
  alias        = "silver"
  config       = { "loa-condition-level" = "1", "loa-max-age" = "36000" }
}
resource "keycloak_authentication_execution" "password" {
  realm_id          = keycloak_realm.acme.id
  parent_flow_alias = keycloak_authentication_subflow.silver.alias
  authenticator     = "auth-username-password-form"
  requirement       = "REQUIRED"
  priority          = 20
}
resource "keycloak_authentication_subflow" "gold" {
  realm_id          = keycloak_realm.acme.id
  parent_flow_alias = keycloak_authentication_flow.flow.alias
  alias             = "gold"
  requirement       = "CONDITIONAL"
  priority          = 20
}
resource "keycloak_authentication_execution" "gold_level" {
  realm_id          = keycloak_realm.acme.id
  parent_flow_alias = keycloak_authentication_subflow.gold.alias
  authenticator     = "conditional-level-of-authentication"
  requirement       = "REQUIRED"
  priority          = 10
}
resource "keycloak_authentication_execution_config" "gold_level" {
  realm_id     = keycloak_realm.acme.id
  execution_id = keycloak_authentication_execution.gold_level.id
  alias        = "gold"
  config       = { "loa-condition-level" = "2", "loa-max-age" = "0" }
}
resource "keycloak_authentication_execution" "otp" {
  realm_id          = keycloak_realm.acme.id
  parent_flow_alias = keycloak_authentication_subflow.gold.alias
  authenticator     = "auth-otp-form"
  requirement       = "REQUIRED"
  priority          = 20
}
resource "keycloak_authentication_bindings" "acme" {
  realm_id     = keycloak_realm.acme.id
  browser_flow = keycloak_authentication_flow.flow.alias
}
resource "keycloak_openid_client" "shop" {
  realm_id              = keycloak_realm.acme.id
  client_id             = "shop"
  access_type           = "PUBLIC"
  standard_flow_enabled = true
  valid_redirect_uris   = ["https://shop.example.com/*"]
}
`;

describe('step-up explain', () => {
  const { file } = temporaryFiles();
  const explain = (...args: string[]) => stepUp(['explain', ...args]);
  const terraform = resolve(file('hcl/main.tf', HCL), '..');
  const exported = file('realm.json', realmRepresentation('acme', newRealm(stepUpFlow())));

  test('says of plain HCL which proofs reach a level, enrolment among them, each with its steps', async () => {
    const { exitCode, stdout, stderr } = await explain(terraform, '--client', 'shop', '--acr', 'gold');
    expect(stderr).toBe('');
    expect(stdout).toContain('Realm acme');
    expect(stdout).toMatch(/^ {2}gold ← \{password, OTP\} \| \{password, enrol OTP\}$/m);
    expect(stdout).toMatch(
      /- Open the login of the client shop: \/realms\/acme\/protocol\/openid-connect\/auth\?response_type=code&client_id=shop/,
    );
    expect(stdout).toMatch(/CONFIGURE_TOTP: do it.*→ acr gold/);
    expect(exitCode).toBe(0);
  });

  test('reads a plan, a state and a synthesized stack, and standard input', async () => {
    const plan = readFileSync(join(FIXTURES, 'plan-create.json'), 'utf8');
    for (const { stdout, exitCode } of [
      await explain(join(FIXTURES, 'state.json')),
      stepUpProcess(['explain', '-'], { input: plan }),
    ]) {
      expect(stdout).toMatch(/ ← \{/);
      expect([0, 1]).toContain(exitCode);
    }
  });

  test('prints JSON', async () => {
    const [realm] = JSON.parse((await explain(terraform, '--acr', 'gold', '--json')).stdout);
    expect(realm).toMatchObject({ realm: 'acme', source: { kind: 'terraform-configuration' }, complete: true });
    expect(realm.levels).toEqual([expect.objectContaining({ clientId: 'shop', acr: 'gold', loa: 2, cannotTell: [] })]);
    expect(realm.levels[0].ways.map(({ proofs }: { proofs: string[] }) => proofs)).toEqual([
      ['password', 'otp'],
      ['password', 'enrol:otp'],
    ]);
  });

  test('says of an export that leaves much out that it can not tell', async () => {
    const whole = realmRepresentation('acme', newRealm(stepUpFlow()));
    const partial = file('partial.json', { ...whole, id: 'acme-id', keycloakVersion: '26.7.4' });
    const { exitCode, stdout } = await explain(partial, '--acr', 'gold');
    expect(stdout).toMatch(/not read: the representation has no clientScopes/);
    expect(stdout).toMatch(/cannot tell whether there are further ways: /);
    expect(exitCode).toBe(1);
  });

  test('exits with 1, and says why, where it can not tell', async () => {
    const custom = file(
      'custom/main.tf',
      HCL.replace('authenticator     = "auth-otp-form"', 'authenticator     = "acme-otp-condition"'),
    );
    const { exitCode, stdout } = await explain(resolve(custom, '..'), '--acr', 'gold');
    expect(stdout).toMatch(/cannot tell whether there are further ways: .*acme-otp-condition/);
    expect(exitCode).toBe(1);
  });

  test('takes a step that is none of Keycloak’s for a proof of its own', async () => {
    const custom = file(
      'custom-step/main.tf',
      HCL.replace('authenticator     = "auth-otp-form"', 'authenticator     = "acme-otp-form"'),
    );
    const { exitCode, stdout } = await explain(resolve(custom, '..'), '--acr', 'gold');
    expect(stdout).toMatch(/gold ← \{password, acme-otp-form passed\}/);
    expect(stdout).toMatch(/Taken for granted\n.*acme-otp-form is not one of Keycloak's/);
    expect(exitCode).toBe(0);
  });

  test.each([
    ['a client that is not there', [exported, '--client', 'nobody'], /No client nobody in this source/],
    ['a level that is not there', [exported, '--acr', 'platinum'], /No acr platinum in this source/],
    ['a folder without Terraform', [FIXTURES], /no cdk\.tf\.json, \.tf or \.tf\.json file and no realm export in it/],
    ['broken HCL', [resolve(file('broken/main.tf', 'resource "x" {'), '..')], /main\.tf:1,14-15: /],
    ['a file of another kind', [file('other.json', { name: 'x' })], /none of what a SOURCE can be/],
    ['a raw state file', [file('raw.tfstate', { terraform_version: '1', serial: 1 })], /raw state file/],
    ['a live realm without credentials', ['http://127.0.0.1:9/realms/acme'], /Set KEYCLOAK_CLIENT_ID/],
  ])('exits with 2, in one line, on %s', async (_, args, message) => {
    const { exitCode, stderr, stdout } = await stepUp(['explain', ...args], { env: { KEYCLOAK_CLIENT_ID: '' } });
    expect(stderr).toMatch(message);
    expect(stderr.split('\n')).toHaveLength(1);
    expect(stdout).toBe('');
    expect(exitCode).toBe(2);
  });
});
