import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import type { RealmModel } from '../../model';
import {
  type RealmRepresentation,
  readRealmRepresentation,
  readTerraformConfiguration,
  readTerraformPlan,
  readTerraformState,
  type TerraformConfiguration,
  type TerraformPlan,
  type TerraformState,
  UnreadableSource,
} from '../../model/readers';
import { CouldNotRun } from '../could-not-run';
import { parseJson } from './json';
import { shownSource } from './shown';

/** What a SOURCE can be; for the help of commands. */
export const SOURCE_HELP =
  'a synthesized stack or other Terraform configuration (folder, or .json file), what "terraform show -json" prints of a ' +
  'plan or a state, a realm export (file, or the folder that "kc.sh export --dir" writes), - for one of these on standard input, ' +
  'or the URL of a live realm (…/realms/NAME)';

/** The realms of a source. */
export interface LoadedSource {
  /** The realms as they are or will be: of a plan, those after the apply. */
  readonly realms: readonly RealmModel[];
  /** Of a plan, the realms before the apply. */
  readonly before?: readonly RealmModel[];
}

/**
 * Reads the realms of a source.
 *
 * @throws CouldNotRun if there is no such source, it is broken, or nothing in it is of Keycloak
 */
export async function loadSource(source: string): Promise<LoadedSource> {
  const loaded = await load(source);
  if (loaded.realms.length === 0 && !loaded.before?.length) {
    throw new CouldNotRun(`${shownSource(source)}: no resource of Keycloak in it`);
  }
  return loaded;
}

/** Loading the parser of HCL and the client of Keycloak takes longer than most commands, so only who needs them loads them. */
async function load(source: string): Promise<LoadedSource> {
  if (/^https?:\/\//i.test(source)) {
    const { readLiveRealm } = await import('./live.js');
    return { realms: [await readLiveRealm(source)] };
  }
  if (source === '-') {
    return fromJson(parseJson(await text(process.stdin), 'standard input'), 'standard input');
  }
  if (!existsSync(source)) {
    throw new CouldNotRun(`${shownSource(source)}: no such file or folder. SOURCE is ${SOURCE_HELP}`);
  }
  if (statSync(source).isDirectory()) return fromFolder(source);
  return fromJson(parseJson(readFileSync(source, 'utf8'), source), source);
}

async function fromFolder(folder: string): Promise<LoadedSource> {
  const files = readdirSync(folder).sort();
  if (files.some((file) => /\.tf(\.json)?$/.test(file))) {
    const { readFolder } = await import('./terraform-folder.js');
    const { configuration, options } = await readFolder(folder);
    return withName(folder, () => ({ realms: readTerraformConfiguration(configuration, options) }));
  }
  const stacks = join(folder, 'stacks');
  if (files.includes('manifest.json') && existsSync(stacks)) {
    const names = readdirSync(stacks);
    throw new CouldNotRun(
      `${folder} holds several stacks: name one, such as ${names.map((name) => join(stacks, name))[0]}`,
    );
  }
  return fromExports(folder, files);
}

/** What `kc.sh export --dir` writes: a file of each realm, and files of its users. */
function fromExports(folder: string, files: readonly string[]): LoadedSource {
  const realms = files.flatMap((file) => {
    const path = join(folder, file);
    if (!file.endsWith('.json') || !statSync(path).isFile()) return [];
    const json = parseJson(readFileSync(path, 'utf8'), path);
    return isRealm(json) || isRealms(json) ? fromJson(json, path).realms : [];
  });
  if (realms.length > 0) return { realms };
  throw new CouldNotRun(`${folder}: no cdk.tf.json, .tf or .tf.json file and no realm export in it`);
}

/** Tells the shapes apart by the keys that each must have. */
function fromJson(json: unknown, name: string): LoadedSource {
  if (isRealms(json)) return withName(name, () => ({ realms: json.map((each) => readRealmRepresentation(each)) }));
  if (typeof json !== 'object' || json === null) throw new CouldNotRun(`${name}: not a JSON object`);
  if ('planned_values' in json || 'resource_changes' in json) {
    const { before, after } = withName(name, () => readTerraformPlan(json as TerraformPlan));
    return { realms: after, before };
  }
  if ('values' in json && 'format_version' in json) {
    return withName(name, () => ({ realms: readTerraformState(json as TerraformState) }));
  }
  if ('format_version' in json) throw new CouldNotRun(`${name}: the state is empty`);
  if ('terraform_version' in json && 'serial' in json) {
    throw new CouldNotRun(`${name} is a raw state file: give what "terraform show -json" prints`);
  }
  if (isRealm(json)) return withName(name, () => ({ realms: [readRealmRepresentation(json)] }));
  if (['resource', 'terraform', 'data'].some((key) => key in json)) {
    return withName(name, () => ({ realms: readTerraformConfiguration(json as TerraformConfiguration) }));
  }
  throw new CouldNotRun(`${name}: none of what a SOURCE can be, which is ${SOURCE_HELP}`);
}

/** Whether it is more of a realm than its users, of which an export in a folder has files of their own. */
function isRealm(json: unknown): json is RealmRepresentation {
  if (typeof json !== 'object' || json === null || !('realm' in json)) return false;
  const keys = Object.keys(json);
  return keys.length === 1 || !keys.every((key) => ['realm', 'users', 'federatedUsers'].includes(key));
}

function isRealms(json: unknown): json is readonly RealmRepresentation[] {
  return Array.isArray(json) && json.length > 0 && json.every(isRealm);
}

function withName<T>(name: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof UnreadableSource) throw new CouldNotRun(`${name}: ${error.message}`);
    throw error;
  }
}
