import type { Change } from '../engine/change';
import { at, held, type ResourceTable, realmId } from '../engine/table';

export const EXECUTIONS = '/admin/realms/{realm_id}/authentication/flows/{parent_flow_alias}/executions';
const EXECUTION = '/admin/realms/{realm_id}/authentication/executions/{id}';

export const requirements = ['REQUIRED', 'ALTERNATIVE', 'OPTIONAL', 'CONDITIONAL', 'DISABLED'];

/** One authenticator or condition in a flow. */
export const authenticationExecution: ResourceTable = {
  fields: {
    realm_id: realmId,
    parent_flow_alias: held({ forceNew: true }),
    authenticator: at('authenticator', { forceNew: true }),
    requirement: at('requirement', { default: 'DISABLED', oneOf: requirements }),
    priority: at('priority'),
  },
  imports: ['{realm_id}/{parent_flow_alias}/{id}'],
  create: async (change) => {
    const provider = change.text('authenticator');
    const id = await change.api.create(`${EXECUTIONS}/execution`, change.data, { provider });
    // The id is told after the second request, as the official provider does: until then an execution can be lost.
    await updateExecution(change, id);
    return id;
  },
  read: (change) => change.api.get(EXECUTION, change.data),
  update: (change) => updateExecution(change, change.id),
  delete: (change) => deleteExecution(change, change.id),
};

/**
 * Sets requirement and priority. Like the official provider it never sends priority 0; Keycloak takes a missing one for 0,
 * so executions without a priority share 0 and come in no certain order.
 */
export async function updateExecution(change: Change, id: string): Promise<void> {
  const priority = change.number('priority');
  const body = { id, requirement: change.text('requirement'), ...(priority !== 0 && { priority }) };
  await change.api.put(EXECUTIONS, change.data, body);
}

export async function deleteExecution(change: Change, id: string): Promise<void> {
  await change.api.deleteTwice(EXECUTION, { ...change.data, id });
}
