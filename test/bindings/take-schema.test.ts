import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PINNED_SCHEMA } from '../../lib/bindings/pinned';
import { SchemaUnavailable, takeSchema } from '../../lib/bindings/take-schema';
import { packageProvider } from '../../sandbox/provider/package';
import { terraformCommand } from '../../sandbox/terraform';
import { bareMachine } from '../sandbox/keycloak/machine';

const hasTerraform = spawnSync(terraformCommand(), ['version'], { stdio: 'ignore' }).status === 0;
const testWithTerraform = (title: string, body: () => Promise<void>) =>
  hasTerraform ? test(title, body) : test.skip(`${title} [Terraform is not installed]`, body);

/** Stands in for Terraform: the first schema has descriptions, and an attribute of that name. */
const terraform = (schema: string) => `case "$1" in init) ;; *) echo '${schema}' ;; esac`;
const DESCRIBED = JSON.stringify({
  format_version: '1.0',
  provider_schemas: {
    'registry.terraform.io/keycloak/keycloak': {
      resource_schemas: {
        keycloak_group: {
          block: {
            attributes: {
              description: { type: 'string', optional: true, description: 'Text.', description_kind: 'plain' },
            },
            description_kind: 'plain',
          },
        },
      },
    },
  },
});

describe('npm run bindings:update', () => {
  const root = mkdtempSync(join(tmpdir(), 'step-up-schema-'));
  const target = join(root, 'target', 'schema.json');
  afterAll(() => rmSync(root, { recursive: true, force: true }));

  beforeEach(() => {
    mkdirSync(join(root, 'target'), { recursive: true });
    writeFileSync(target, 'as it was');
  });

  const take = (commands: Record<string, string>): unknown => {
    const machine = bareMachine(commands);
    try {
      takeSchema(target, machine.env);
      return undefined;
    } catch (error) {
      return error;
    } finally {
      machine.remove();
    }
  };

  // The offline provider answers with the schema that is pinned, all of it: what is tried is the way through Terraform.
  testWithTerraform("takes what the provider serves, whatever the user's environment says", async () => {
    const configuration = await packageProvider(join(root, 'provider'));
    takeSchema(target, {
      ...process.env,
      TF_CLI_CONFIG_FILE: configuration,
      TF_DATA_DIR: join(root, 'elsewhere'),
      KEYCLOAK_URL: 'https://keycloak.example.com',
    });
    expect(JSON.parse(readFileSync(target, 'utf8'))).toEqual(JSON.parse(readFileSync(PINNED_SCHEMA, 'utf8')));
    expect(readdirSync(join(root, 'target'))).toEqual(['schema.json']);
    expect(readdirSync(root)).not.toContain('elsewhere');
  });

  test('leaves descriptions out, but not an attribute of that name', () => {
    expect(take({ terraform: terraform(DESCRIBED) })).toBeUndefined();
    const { provider_schemas } = JSON.parse(readFileSync(target, 'utf8'));
    expect(provider_schemas['registry.terraform.io/keycloak/keycloak'].resource_schemas).toEqual({
      keycloak_group: { block: { attributes: { description: { type: 'string', optional: true } } } },
    });
  });

  test.each<[string, Record<string, string>, RegExp]>([
    [
      'there is no Terraform',
      {},
      /^No Terraform on PATH or at TERRAFORM_BINARY_NAME: install Terraform 1\.5 or later$/,
    ],
    [
      'the provider is out of reach',
      { terraform: 'echo "Error: Failed to query available provider packages" >&2; exit 1' },
      /^Error: Failed to query available provider packages: keycloak\/keycloak 5\.9\.0 must be within reach/,
    ],
    [
      'the answer has no provider',
      { terraform: terraform('{"format_version":"1.0"}') },
      /^Terraform names no resource/,
    ],
  ])('leaves the file as it was where %s', (_, commands, message) => {
    const error = take(commands);
    expect(error).toBeInstanceOf(SchemaUnavailable);
    expect((error as Error).message).toMatch(message);
    expect(readFileSync(target, 'utf8')).toBe('as it was');
    expect(readdirSync(join(root, 'target'))).toEqual(['schema.json']);
  });

  test('leaves the file as it was where the answer is cut off', () => {
    expect(take({ terraform: terraform('{"format_version":') })).toBeInstanceOf(SyntaxError);
    expect(readFileSync(target, 'utf8')).toBe('as it was');
    expect(readdirSync(join(root, 'target'))).toEqual(['schema.json']);
  });
});
