import { type Diagnostic, errorDiagnostic, toDiagnostic, UserError } from '../protocol/diagnostics';
import type { Obj } from '../protocol/values';
import { isNotFound } from './api';
import type { Change } from './change';
import { toState } from './representation';
import type { ResourceTable } from './table';

export interface Applied {
  /** The state that Terraform is to keep; null: there is no such object. */
  state: Obj | null;
  diagnostics: Diagnostic[];
}

/** The state as the server has it now; null where the object is gone and the official provider looks for that. */
export async function readResource(change: Change): Promise<Obj | null> {
  try {
    const representation = await change.table.read(change);
    if (representation) return toState(representation, change);
    return change.table.keepsGone ? change.data : null;
  } catch (error) {
    if (isNotFound(error) && !change.table.keepsGone) return null;
    throw error;
  }
}

/**
 * Creates the object. When a call fails after the table has told the id, the state carries it: Terraform marks the object as
 * tainted and replaces it by the next apply. When it fails before, Terraform knows nothing of what Keycloak has by then.
 */
export async function createResource(change: Change): Promise<Applied> {
  try {
    await change.table.check?.(change);
    change.created(await change.table.create(change));
    return await stateAfter(change);
  } catch (thrown) {
    return { state: change.id ? change.data : null, diagnostics: [toDiagnostic(thrown)] };
  }
}

/**
 * Updates the object in place. When it fails, the state is what was planned, as the SDK of the official provider leaves it: the
 * next refresh tells what was done, but for what a refresh doesn't read.
 */
export async function updateResource(change: Change): Promise<Applied> {
  try {
    if (!change.table.update) throw new UserError('every change of this resource type needs a replacement');
    await change.table.check?.(change);
    await change.table.update(change);
    return await stateAfter(change);
  } catch (thrown) {
    return { state: change.data, diagnostics: [toDiagnostic(thrown)] };
  }
}

/** Deletes the object. One that is gone already is an error, but for the kinds where the official provider lets it pass. */
export async function deleteResource(change: Change): Promise<Applied> {
  try {
    await change.table.delete(change);
  } catch (thrown) {
    const isDone = isNotFound(thrown) && change.table.goneIsDeleted;
    if (!isDone) return { state: change.prior, diagnostics: [toDiagnostic(thrown)] };
  }
  return { state: null, diagnostics: [] };
}

/** The parts of an import id by the formats that the type accepts. */
export function parseImportId(type: string, table: ResourceTable, id: string): Record<string, string> {
  const formats = table.imports;
  if (!formats) throw new UserError(`${type} cannot be imported: the provider has no import for it`);
  for (const format of formats) {
    const parts = matchFormat(format.split('/'), id.split('/'));
    if (parts) return parts;
  }
  const wanted = formats.map((format) => format.replace(/[{}]/g, (brace) => brace + brace)).join(' or ');
  throw new UserError(`"${id}" is no import id of ${type}: write ${wanted}`);
}

function matchFormat(format: string[], segments: string[]): Record<string, string> | undefined {
  if (format.length !== segments.length) return undefined;
  const parts: Record<string, string> = {};
  for (const [index, wanted] of format.entries()) {
    const segment = segments[index] as string;
    const name = /^\{(\w+)(\??)\}$/.exec(wanted);
    if (!name) {
      if (wanted !== segment) return undefined;
    } else if (segment === '' && name[2] === '') return undefined;
    else parts[name[1] as string] = segment;
  }
  return parts;
}

async function stateAfter(change: Change): Promise<Applied> {
  const state = await readResource(change);
  if (state) return { state, diagnostics: [] };
  const gone = new UserError('the object is gone right after it was written: something else deletes it');
  return { state: null, diagnostics: [toDiagnostic(gone)] };
}

/** The answer for a type that this provider does not serve. */
export function unservedType(kind: 'resource' | 'data source', type: string): Diagnostic {
  return errorDiagnostic(
    `The sandbox's offline Keycloak provider does not serve the ${kind} type ${type}`,
    'It serves what the constructs of keycloak-step-up emit. Use the official keycloak/keycloak provider for this configuration (STEP_UP_PROVIDER=official).',
  );
}
