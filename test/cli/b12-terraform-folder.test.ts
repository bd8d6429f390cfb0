import { resolve } from 'node:path';
import { stepUp, temporaryFiles } from './step-up';

const { file } = temporaryFiles();

const realm_id = '${keycloak_realm.acme.id}';
const step = (parent: string, authenticator: string, priority: number, requirement = 'REQUIRED') => ({
  realm_id,
  parent_flow_alias: `\${keycloak_authentication_${parent}.alias}`,
  authenticator,
  requirement,
  priority,
});
const subflow = (parent: string, alias: string, priority: number, requirement: string) => ({
  realm_id,
  parent_flow_alias: `\${keycloak_authentication_${parent}.alias}`,
  alias,
  requirement,
  priority,
});
const config = (of: string, alias: string, values: Record<string, string>) => ({
  realm_id,
  execution_id: `\${keycloak_authentication_execution.${of}.id}`,
  alias,
  config: values,
});
const action = (alias: string) => ({ realm_id, alias, name: alias, enabled: false });

/** Levels, each with its proof, and no enrolment: `check` has no error. */
const SOUND = {
  variable: { otp: { default: 'REQUIRED' } },
  resource: {
    keycloak_realm: {
      acme: { realm: 'acme', attributes: { 'acr.loa.map': '{"silver":1,"gold":2}' } },
    },
    keycloak_authentication_flow: { login: { realm_id, alias: 'login' } },
    keycloak_authentication_subflow: {
      forms: subflow('flow.login', 'login forms', 20, 'ALTERNATIVE'),
      silver: subflow('subflow.forms', 'silver', 10, 'CONDITIONAL'),
      gold: subflow('subflow.forms', 'gold', 20, 'CONDITIONAL'),
    },
    keycloak_authentication_execution: {
      cookie: step('flow.login', 'auth-cookie', 10, 'ALTERNATIVE'),
      one: step('subflow.silver', 'conditional-level-of-authentication', 10),
      password: step('subflow.silver', 'auth-username-password-form', 20),
      two: step('subflow.gold', 'conditional-level-of-authentication', 10),
      otp: step('subflow.gold', 'auth-otp-form', 20, '${var.otp}'),
    },
    keycloak_authentication_execution_config: {
      one: config('one', 'one', { 'loa-condition-level': '1', 'loa-max-age': '36000' }),
      two: config('two', 'two', { 'loa-condition-level': '2', 'loa-max-age': '300' }),
    },
    keycloak_authentication_bindings: {
      acme: { realm_id, browser_flow: '${keycloak_authentication_flow.login.alias}' },
    },
    keycloak_required_action: {
      totp: action('CONFIGURE_TOTP'),
      codes: action('CONFIGURE_RECOVERY_AUTHN_CODES'),
      key: action('webauthn-register'),
      passkey: action('webauthn-register-passwordless'),
    },
    keycloak_openid_client: {
      shop: { realm_id, client_id: 'shop', access_type: 'PUBLIC', standard_flow_enabled: true },
    },
  },
};

let count = 0;

/** What `check` says of the folder with these files beside the synthesized one. */
async function checked(files: Record<string, string>) {
  const folder = `b12-${count++}`;
  const synthesized = file(`${folder}/cdk.tf.json`, SOUND);
  for (const [name, content] of Object.entries(files)) file(`${folder}/${name}`, content);
  const { stdout, exitCode } = await stepUp(['check', resolve(synthesized, '..')]);
  return { exitCode, errors: stdout.split('\n').filter((line) => line.startsWith('Error: ')) };
}

const OF_GOLD = /"gold"/;
const DISABLED = 'otp = "DISABLED"\n';
const NO_PROOF = `resource "keycloak_authentication_execution" "otp" {
  authenticator = "allow-access-authenticator"
}
`;
const MAPPER = `resource "keycloak_openid_hardcoded_claim_protocol_mapper" "forged" {
  realm_id    = keycloak_realm.acme.id
  client_id   = keycloak_openid_client.shop.id
  name        = "forged"
  claim_name  = "acr"
  claim_value = "gold"
}
`;

describe('B12: a Terraform folder is checked as Terraform reads it', () => {
  test('without an error, where nothing else is in it', async () => {
    expect(await checked({})).toEqual({ exitCode: 0, errors: [] });
  });

  test.each([
    ['override.tf', { 'override.tf': NO_PROOF }],
    ['*_override.tf', { 'gold_override.tf': NO_PROOF }],
    [
      '*_override.tf.json',
      {
        'gold_override.tf.json': JSON.stringify({
          resource: { keycloak_authentication_execution: { otp: { authenticator: 'allow-access-authenticator' } } },
        }),
      },
    ],
    ['terraform.tfvars', { 'terraform.tfvars': DISABLED }],
    ['terraform.tfvars.json', { 'terraform.tfvars.json': '{"otp":"DISABLED"}' }],
    ['*.auto.tfvars', { 'prod.auto.tfvars': DISABLED }],
    ['*.auto.tfvars.json', { 'prod.auto.tfvars.json': '{"otp":"DISABLED"}' }],
    ["a mapper's typed resource in a .tf file", { 'mapper.tf': MAPPER }],
  ])('with the error that %s makes', async (_, files) => {
    const { exitCode, errors } = await checked(files);
    expect(errors).not.toEqual([]);
    expect(errors.join('\n')).toMatch(OF_GOLD);
    expect(exitCode).toBe(1);
  });

  test.each([
    ['of another name', { 'prod.tfvars': DISABLED }],
    ['that editors leave', { 'gold_override.tf~': NO_PROOF, '.gold_override.tf': NO_PROOF }],
  ])('without regard to files %s, which Terraform passes over', async (_, files) => {
    expect(await checked(files)).toEqual({ exitCode: 0, errors: [] });
  });
});
