import { databaseOf } from './database';
import type { KeycloakOptions } from './options';
import { startWays, versionOf } from './version';

/**
 * Keycloak refuses a login of a user whose last one is still being counted, for some milliseconds after its answer. Nobody types
 * that fast, but scripts do, and now and then a right password was refused.
 */
export function scriptedLogins(version: string): Readonly<Record<string, string>> {
  const separator = startWays(version).longSpiOptions ? '__' : '_';
  const parts = ['KC_SPI_BRUTE_FORCE_PROTECTOR', 'DEFAULT_BRUTE_FORCE_DETECTOR', 'ALLOW_CONCURRENT_REQUESTS'];
  return { [parts.join(separator)]: 'true' };
}

/**
 * The environment in which kc.sh is built and run. Settings of another Keycloak in the user's shell are left out: they would
 * change the build or point the sandbox at a real database.
 */
export function serverEnvironment(options: KeycloakOptions): NodeJS.ProcessEnv {
  const foreign = /^(KC_|KEYCLOAK_|QUARKUS_|JAVA_OPTS|JAVA_ADD_OPENS$|JAVA$|DEBUG)/;
  const inherited = Object.entries(options.env ?? process.env).filter(([name]) => !foreign.test(name));
  return {
    ...Object.fromEntries(inherited),
    // A server that lives a minute gains nothing from the optimising compiler, which competes with it for the two cores.
    JAVA_OPTS_APPEND: ['-XX:TieredStopAtLevel=1', ...(options.javaOptions ?? [])].join(' '),
    KC_DB: databaseOf(options) === 'postgres' ? 'postgres' : 'dev-mem',
    KC_HEALTH_ENABLED: 'true',
    ...scriptedLogins(versionOf(options)),
    ...options.serverEnv,
  };
}
