import { CannotRun } from '../../../sandbox/cannot-run';
import { databaseOf } from '../../../sandbox/keycloak/database';
import { buildArguments } from '../../../sandbox/keycloak/distribution';
import { serverEnvironment } from '../../../sandbox/keycloak/server-environment';
import { missingForPostgres } from '../../../sandbox/postgres';

describe('the database of the sandbox', () => {
  test.each([
    [{ env: {} }, 'memory'],
    [{ env: { STEP_UP_DATABASE: '' } }, 'memory'],
    [{ env: { STEP_UP_DATABASE: 'postgres' } }, 'postgres'],
    [{ env: { STEP_UP_DATABASE: 'postgres' }, database: 'memory' as const }, 'memory'],
  ])('with %j is %s', (options, expected) => {
    expect(databaseOf(options)).toBe(expected);
  });

  test('that nobody knows is refused', () => {
    expect(() => databaseOf({ env: { STEP_UP_DATABASE: 'oracle' } })).toThrow(
      new CannotRun('STEP_UP_DATABASE is "oracle": write memory or postgres, or leave it unset'),
    );
  });

  test('is what Keycloak is built for and run on', () => {
    expect(buildArguments({ env: {}, database: 'postgres' })).toEqual(['--db=postgres']);
    expect(serverEnvironment({ env: {}, database: 'postgres' }).KC_DB).toBe('postgres');
    expect(buildArguments({ env: {} })).toEqual([]);
    expect(serverEnvironment({ env: {} }).KC_DB).toBe('dev-mem');
  });

  test('that is missing is said by name', () => {
    const missing = missingForPostgres({ PATH: '/nowhere' }, '/nowhere');
    expect(missing).toBe('PostgreSQL is not installed: install postgresql');
  });
});
