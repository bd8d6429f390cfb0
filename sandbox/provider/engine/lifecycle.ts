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

/** The state as the server has it now; null where the object is gone. */
export async function readResource(change: Change): Promise<Obj | null> {
  try {
    const representation = await change.table.read(change);
    return representation ? toState(representation, change) : null;
  } catch (error) {
    if (isNotFound(error)) return null;
    throw error;
  }
}

/**
 * Creates the object. When a call fails after the object exists, the state carries its id: Terraform marks it as tainted
 * and replaces it by the next apply, instead of losing it.
 */
export async function createResource(change: Change): Promise<Applied> {
  try {
    await change.table.check?.(change);
    change.created(await change.table.create(change));
    return { state: await stateAfter(change), diagnostics: [] };
  } catch (thrown) {
    return { state: change.id ? change.data : null, diagnostics: [toDiagnostic(thrown)] };
  }
}

/** Updates the object in place. When it fails, the state stays the prior one: the next refresh tells what was done. */
export async function updateResource(change: Change): Promise<Applied> {
  try {
    if (!change.table.update) throw new UserError('every change of this resource type needs a replacement');
    await change.table.check?.(change);
    await change.table.update(change);
    return { state: await stateAfter(change), diagnostics: [] };
  } catch (thrown) {
    return { state: change.prior, diagnostics: [toDiagnostic(thrown)] };
  }
}

/** Deletes the object; one that is gone already is no error. */
export async function deleteResource(change: Change): Promise<Applied> {
  try {
    await change.table.delete(change);
  } catch (thrown) {
    if (!isNotFound(thrown)) return { state: change.prior, diagnostics: [toDiagnostic(thrown)] };
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

async function stateAfter(change: Change): Promise<Obj> {
  const state = await readResource(change);
  if (state) return state;
  throw new UserError('the object is gone right after it was written: something else deletes it');
}

/** The answer for a type that this provider does not serve. */
export function unservedType(kind: 'resource' | 'data source', type: string): Diagnostic {
  return errorDiagnostic(
    `The sandbox's offline Keycloak provider does not serve the ${kind} type ${type}`,
    'It serves what the constructs of keycloak-step-up emit. Use the official keycloak/keycloak provider for this configuration (STEP_UP_PROVIDER=official).',
  );
}
