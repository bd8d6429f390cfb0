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
  type TerraformPlan,
  type TerraformState,
} from '../../model/readers';
import { CouldNotRun } from '../could-not-run';

/** What a SOURCE can be; for the help of commands. */
export const SOURCE_HELP =
  'a synthesized stack or other Terraform configuration (folder, or .json file), what "terraform show -json" prints of a ' +
  'plan or a state, a realm export, - for one of these on standard input, or the URL of a live realm (…/realms/NAME)';

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
 * @throws CouldNotRun if there is no such source, or nothing in it is of Keycloak
 */
export async function loadSource(source: string): Promise<LoadedSource> {
  const loaded = await load(source);
  if (loaded.realms.length === 0 && !loaded.before?.length) {
    throw new CouldNotRun(`${source}: no resource of Keycloak in it`);
  }
  return loaded;
}

/** Loading the parser of HCL and the client of Keycloak takes longer than most commands, so only who needs them loads them. */
async function load(source: string): Promise<LoadedSource> {
  if (/^https?:\/\//.test(source)) {
    const { readLiveRealm } = await import('./live.js');
    return { realms: [await readLiveRealm(new URL(source))] };
  }
  if (source === '-') return fromJson(parse(await text(process.stdin), 'standard input'), 'standard input');
  if (!existsSync(source)) throw new CouldNotRun(`${source}: no such file or folder. SOURCE is ${SOURCE_HELP}`);
  if (statSync(source).isDirectory()) return fromFolder(source);
  return fromJson(parse(readFileSync(source, 'utf8'), source), source);
}

async function fromFolder(folder: string): Promise<LoadedSource> {
  const stacks = join(folder, 'stacks');
  const synthesized = join(folder, 'cdk.tf.json');
  if (existsSync(synthesized)) return load(synthesized);
  if (existsSync(join(folder, 'manifest.json')) && existsSync(stacks)) {
    const names = readdirSync(stacks);
    throw new CouldNotRun(
      `${folder} holds several stacks: name one, such as ${names.map((name) => join(stacks, name))[0]}`,
    );
  }
  const files = readdirSync(folder);
  if (!files.some((file) => /\.tf(\.json)?$/.test(file))) {
    throw new CouldNotRun(`${folder}: no cdk.tf.json, .tf or .tf.json file in it`);
  }
  const { readHcl } = await import('./hcl.js');
  return { realms: readTerraformConfiguration(await readHcl(folder)) };
}

/** Tells the shapes apart by the keys that each must have. */
function fromJson(json: unknown, name: string): LoadedSource {
  if (typeof json !== 'object' || json === null) throw new CouldNotRun(`${name}: not a JSON object`);
  if ('planned_values' in json || 'resource_changes' in json) {
    const { before, after } = readTerraformPlan(json as TerraformPlan);
    return { realms: after, before };
  }
  if ('values' in json && 'format_version' in json) return { realms: readTerraformState(json as TerraformState) };
  if ('format_version' in json) throw new CouldNotRun(`${name}: the state is empty`);
  if ('terraform_version' in json && 'serial' in json) {
    throw new CouldNotRun(`${name} is a raw state file: give what "terraform show -json" prints`);
  }
  if ('realm' in json) return { realms: [readRealmRepresentation(json as RealmRepresentation)] };
  if (['resource', 'terraform', 'data'].some((key) => key in json)) return { realms: readTerraformConfiguration(json) };
  throw new CouldNotRun(`${name}: none of what a SOURCE can be, which is ${SOURCE_HELP}`);
}

function parse(content: string, name: string): unknown {
  try {
    return JSON.parse(content);
  } catch (error) {
    throw new CouldNotRun(`${name}: no valid JSON (${(error as Error).message})`);
  }
}
