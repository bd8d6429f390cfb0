import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import Ajv from 'ajv';
import { readRealmRepresentation, readTerraformConfiguration, readTerraformPlan } from '../../model/readers';
import { generateSchema, SCHEMA_FILE } from '../../model/schema';
import { realm, stepUpFlow } from './support/realm';

const published = JSON.parse(readFileSync(SCHEMA_FILE, 'utf8'));

describe('the published JSON Schema', () => {
  const validate = new Ajv({ strict: false }).compile(published);
  const errorsOf = (model: unknown) => (validate(JSON.parse(JSON.stringify(model))) ? [] : validate.errors);

  test('is that of the type: if it isn’t, run "npm run model:schema"', () => {
    expect(published).toEqual(JSON.parse(JSON.stringify(generateSchema())));
  });

  test.each([
    ['written by hand', () => realm(stepUpFlow())],
    [
      'of a configuration',
      () => readTerraformConfiguration({ resource: { keycloak_realm: { r: { realm: '${var.name}' } } } })[0],
    ],
    [
      'of a plan',
      () =>
        readTerraformPlan(JSON.parse(readFileSync(join(__dirname, 'readers/fixtures/plan-create.json'), 'utf8')))
          .after[0],
    ],
    ['of an export that lacks most', () => readRealmRepresentation({ realm: 'acme' })],
  ])('takes a model %s', (_, model) => {
    expect(errorsOf(model())).toEqual([]);
  });

  test.each([
    ['of another version', { version: 2 }],
    [
      'with a requirement of another kind',
      {
        flows: [
          {
            ...stepUpFlow(),
            executions: [{ kind: 'authenticator', id: 'x', priority: 1, requirement: 'OPTIONAL', authenticator: 'x' }],
          },
        ],
      },
    ],
    ['with an attribute that it has no place for', { colour: 'red' }],
  ])('refuses a model %s', (_, wrong) => {
    expect(errorsOf({ ...realm(stepUpFlow()), ...wrong })).not.toEqual([]);
  });
});
