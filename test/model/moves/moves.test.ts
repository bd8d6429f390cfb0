import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { movesPage } from '../../../model/moves/page';
import { MOVES } from '../../../model/moves/table';
import schema from '../../../model/realm-model.schema.json';

const ROOT = join(__dirname, '../../..');

/** Fields that say what a thing is called, where it was read or what else is known of it: no way is switched by them. */
const DESCRIPTIVE = new Set([
  'version',
  'realm',
  'source',
  'complete',
  'keycloakVersion',
  'disabledFeatures',
  'flows',
  'unknowns',
  'address',
  'alias',
  'clientId',
  'builtIn',
  'bruteForce',
  'enabled',
  'otpPolicy',
  'webAuthnPolicy',
  'webAuthnPasswordlessPolicy',
]);
/** Fields that hold others. */
const HOLDERS: Readonly<Record<string, keyof typeof schema.definitions>> = {
  clients: 'Client',
  grants: 'EnabledGrants',
  flowOverrides: 'FlowOverrides',
  bindings: 'FlowBindings',
  identityProviders: 'IdentityProvider',
  sessions: 'SessionLifespans',
  selfService: 'SelfService',
};

function fieldsOf(definition: keyof typeof schema.definitions, prefix = ''): string[] {
  const { properties } = schema.definitions[definition] as { properties: Record<string, unknown> };
  return Object.keys(properties).flatMap((name) => {
    const holds = HOLDERS[name];
    if (holds) return fieldsOf(holds, name === 'clients' ? '' : `${name}.`);
    return prefix === '' && DESCRIPTIVE.has(name) ? [] : [`${prefix}${name}`];
  });
}

describe('the table of moves', () => {
  const named = new Set(MOVES.flatMap(({ fields }) => fields));

  test('has a row for each feature of the realm model', () => {
    const features = fieldsOf('RealmModel').filter((field) => !/\.(address|alias)$/.test(field));
    expect(features.filter((field) => !named.has(field))).toEqual([]);
    expect([...named].filter((field) => !features.includes(field))).toEqual([]);
  });

  test.each(MOVES)('says where $name is proved', ({ provedBy }) => {
    expect(provedBy.length).toBeGreaterThan(0);
    for (const file of provedBy) expect(existsSync(join(ROOT, 'test/live', file))).toBe(true);
  });

  test('is the page (npx tsx model/moves/write-page.ts)', () => {
    expect(readFileSync(join(ROOT, 'docs/moves.md'), 'utf8')).toBe(movesPage());
  });
});
