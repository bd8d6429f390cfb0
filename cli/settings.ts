import { existsSync, readFileSync } from 'node:fs';
import type { Suppression } from '../checks';
import { isSuppression, SUPPRESSIONS_SHAPE } from './check-suppressions';
import { CouldNotRun } from './could-not-run';
import { parseJson } from './source/json';

/** What commands are told about a realm once, in a file that stands beside its configuration. */
export interface Settings {
  /** The version of Keycloak that runs, where the source does not say it. */
  readonly keycloakVersion?: string;
  /** What must not be had for less than a level: `scope:payments=gold`. */
  readonly guards?: readonly string[];
  /** Findings that are accepted. */
  readonly suppressions?: readonly Suppression[];
}

/** The file that is read where none is named. */
const DEFAULT_FILE = 'step-up.json';

export const CONFIG_OPTION = [
  '--config <file>',
  `settings as JSON: { "keycloakVersion"?, "guards"?, "suppressions"? } (default: ${DEFAULT_FILE}, if it is there)`,
] as const;

const KEYS = ['keycloakVersion', 'guards', 'suppressions'];

/**
 * Reads the settings; none if no file is named and the default one isn't there.
 *
 * @throws CouldNotRun on a file that isn't there or holds anything else
 */
export function readSettings(named: string | undefined): Settings {
  const file = named ?? DEFAULT_FILE;
  if (!existsSync(file)) {
    if (named === undefined) return {};
    throw new CouldNotRun(`${file}: no such file`);
  }
  const settings = parseJson(readFileSync(file, 'utf8'), file);
  if (typeof settings !== 'object' || settings === null || Array.isArray(settings)) {
    throw new CouldNotRun(`${file}: write an object such as { "guards": ["scope:payments=gold"] }`);
  }
  const { keycloakVersion, guards, suppressions, ...others } = settings as Record<string, unknown>;
  const [other] = Object.keys(others);
  if (other !== undefined) throw new CouldNotRun(`${file}: "${other}" is none of ${KEYS.join(', ')}`);
  if (keycloakVersion !== undefined && typeof keycloakVersion !== 'string') {
    throw new CouldNotRun(`${file}: keycloakVersion is a text such as "26.7.4"`);
  }
  if (guards !== undefined && !(Array.isArray(guards) && guards.every((guard) => typeof guard === 'string'))) {
    throw new CouldNotRun(`${file}: guards is a list such as ["scope:payments=gold"]`);
  }
  if (suppressions !== undefined && !(Array.isArray(suppressions) && suppressions.every(isSuppression))) {
    throw new CouldNotRun(`${file}: suppressions is ${SUPPRESSIONS_SHAPE}`);
  }
  return settings;
}
