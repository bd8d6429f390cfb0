import { resolve } from 'node:path';
import { readFolder } from '../../cli/source/terraform-folder';
import { readTerraformConfiguration } from '../../model/readers';
import { stepUp, temporaryFiles } from './step-up';

const { file } = temporaryFiles();

const MAIN = `
variable "name" { default = "by-default" }
resource "keycloak_realm" "acme" {
  realm                  = var.name
  reset_password_allowed = true
  attributes             = { "acr.loa.map" = jsonencode({ silver = 1, gold = 2 }) }
  otp_policy {
    digits = 8
    period = 60
  }
}
`;
const client = (name: string) => `
resource "keycloak_openid_client" "${name}" {
  realm_id              = keycloak_realm.acme.id
  client_id             = "${name}"
  access_type           = "PUBLIC"
  standard_flow_enabled = true
}
`;

let count = 0;
function folderOf(files: Record<string, string>): string {
  const folder = `folder-${count++}`;
  const [main] = Object.entries({ 'main.tf': MAIN, ...files }).map(([name, content]) =>
    file(`${folder}/${name}`, content),
  );
  return resolve(main as string, '..');
}

async function read(files: Record<string, string>) {
  const { configuration, options } = await readFolder(folderOf(files));
  return readTerraformConfiguration(configuration, options);
}

const names = async (files: Record<string, string>) => (await read(files)).map(({ realm }) => realm);

describe('values of variables', () => {
  test.each([
    ['defaults', {}, 'by-default'],
    ['terraform.tfvars', { 'terraform.tfvars': 'name = "file"' }, 'file'],
    [
      'terraform.tfvars.json after it',
      { 'terraform.tfvars': 'name = "file"', 'terraform.tfvars.json': '{"name":"json"}' },
      'json',
    ],
    [
      '*.auto.tfvars after those, in their order',
      {
        'terraform.tfvars.json': '{"name":"json"}',
        'b.auto.tfvars': 'name = "b"',
        'a.auto.tfvars.json': '{"name":"a"}',
      },
      'b',
    ],
    [
      'no file of another name or folder',
      { 'other.tfvars': 'name = "x"', 'sub/terraform.tfvars': 'name = "y"' },
      'by-default',
    ],
  ])('are of %s', async (_, files, expected) => {
    expect(await names(files)).toEqual([expected]);
  });

  test('are not taken from the environment, which Terraform may have another of', async () => {
    process.env.TF_VAR_name = 'environment';
    expect(await names({})).toEqual(['by-default']);
    delete process.env.TF_VAR_name;
  });
});

describe('overrides', () => {
  const realm = (name: string) => `resource "keycloak_realm" "acme" {\n  realm = "${name}"\n}`;
  const json = (body: object) => JSON.stringify({ resource: { keycloak_realm: { acme: body } } });

  test.each([
    ['override.tf', { 'override.tf': realm('one') }, 'one'],
    ['those of later names', { 'a_override.tf': realm('one'), 'b_override.tf': realm('two') }, 'two'],
    ['JSON', { 'z_override.tf.json': json({ realm: 'json' }) }, 'json'],
    ['of a variable', { 'override.tf': 'variable "name" {\n  default = "variable"\n}' }, 'variable'],
    [
      'no file that Terraform passes over',
      { '.override.tf': realm('x'), 'override.tf~': realm('y'), '.terraform/override.tf': realm('z') },
      'by-default',
    ],
  ])('are merged: %s', async (_, files, expected) => {
    expect(await names(files)).toEqual([expected]);
  });

  test('replace arguments and nested blocks, and keep the rest', async () => {
    const [model] = await read({
      'override.tf': 'resource "keycloak_realm" "acme" {\n  otp_policy {\n    digits = 6\n  }\n}',
    });
    expect(model).toMatchObject({
      realm: 'by-default',
      otpPolicy: { digits: 6, period: 30 },
      selfService: { resetPassword: true },
    });
  });

  test('of locals are by name', async () => {
    const locals = 'locals {\n  a = "a"\n  b = "b"\n}';
    const used = {
      'locals.tf': locals,
      'override.tf': 'locals {\n  a = "over"\n}',
      'a_override.tf': realm('${local.a}-${local.b}'),
    };
    expect(await names(used)).toEqual(['over-b']);
  });
});

test('.tf files beside cdk.tf.json are read too', async () => {
  const synthesized = { resource: { keycloak_realm: { synthesized: { realm: 'synthesized' } } } };
  expect((await names({ 'cdk.tf.json': JSON.stringify(synthesized) })).sort()).toEqual(['by-default', 'synthesized']);
});

test('a resource that is declared twice is refused in one line, as Terraform refuses it', async () => {
  const { stderr, exitCode } = await stepUp([
    'check',
    folderOf({ 'other.tf': 'resource "keycloak_realm" "acme" {\n  realm = "x"\n}' }),
  ]);
  expect(stderr).toMatch(/^step-up: .*: keycloak_realm\.acme is declared twice: Terraform refuses that$/);
  expect(exitCode).toBe(2);
});

test('broken HCL is told by its line', async () => {
  await expect(read({ 'broken.tf': 'resource "x" {' })).rejects.toThrow(/broken\.tf/);
});

describe('modules', () => {
  const module = `
variable "realm_id" {}
variable "names" {}
variable "suffix" { default = "app" }
resource "keycloak_openid_client" "client" {
  for_each              = toset(var.names)
  realm_id              = var.realm_id
  client_id             = "\${each.key}-\${var.suffix}"
  access_type           = "PUBLIC"
  standard_flow_enabled = true
}
output "ids" { value = { for name, client in { a = 1 } : name => client } }
`;
  const call = (source: string, more = '') => `
module "clients" {
  source   = "${source}"
  realm_id = keycloak_realm.acme.id
  names    = ["shop", "blog"]
  ${more}
}
`;
  const clients = async (files: Record<string, string>) => {
    const [model] = await read(files);
    const own = model?.clients.filter(({ builtIn }) => !builtIn).map(({ clientId }) => clientId);
    return { own: own?.sort(), complete: model?.complete, unknowns: model?.unknowns };
  };

  test('that lie in folders are read, with what they are given', async () => {
    const files = { 'modules/clients/main.tf': module, 'call.tf': call('./modules/clients') };
    expect(await clients(files)).toEqual({ own: ['blog-app', 'shop-app'], complete: true, unknowns: [] });
  });

  test('may be repeated', async () => {
    const files = {
      'modules/clients/main.tf': module,
      'call.tf': call('./modules/clients', 'for_each = toset(["x", "y"])\n suffix = each.value'),
    };
    expect((await clients(files)).own).toEqual(['blog-x', 'blog-y', 'shop-x', 'shop-y']);
  });

  test.each([
    ['of a registry', call('acme/clients/keycloak')],
    ['of a folder that is not there', call('./gone')],
    ['repeated by what is not known', call('./modules/clients', 'count = var.unknown')],
  ])('%s are not read: the model says so and is not complete', async (_, text) => {
    const files = { 'modules/clients/main.tf': module, 'call.tf': text, 'client.tf': client('own') };
    expect(await clients(files)).toEqual({
      own: ['own'],
      complete: false,
      unknowns: [{ address: 'module.clients', unknown: expect.stringMatching(/use the plan/) }],
    });
  });

  test('that call themselves end', async () => {
    const files = {
      'modules/a/main.tf': 'module "a" {\n  source = "../a"\n}',
      'call.tf': 'module "a" {\n  source = "./modules/a"\n}',
    };
    expect((await clients(files)).complete).toBe(false);
  });
});
