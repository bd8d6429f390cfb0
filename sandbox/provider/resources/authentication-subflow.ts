import type { Representation } from '../engine/api';
import type { Change } from '../engine/change';
import { at, held, type ResourceTable, realmId } from '../engine/table';
import { UserError } from '../protocol/diagnostics';
import { deleteExecution, EXECUTIONS, requirements, updateExecution } from './authentication-execution';

const FLOW = '/admin/realms/{realm_id}/authentication/flows/{id}';

/** A flow inside a flow. In Keycloak it is two objects: the flow, and the execution of it in the parent. */
export const authenticationSubflow: ResourceTable = {
  fields: {
    realm_id: realmId,
    parent_flow_alias: held({ forceNew: true }),
    alias: at('alias'),
    provider_id: at('providerId', { default: 'basic-flow', oneOf: ['basic-flow', 'form-flow', 'client-flow'] }),
    description: at('description'),
    authenticator: at('authenticator', { forceNew: true }),
    requirement: at('requirement', { default: 'DISABLED', oneOf: requirements }),
    priority: at('priority'),
  },
  imports: ['{realm_id}/{parent_flow_alias}/{id}'],
  create: async (change) => {
    const id = await change.api.create(`${EXECUTIONS}/flow`, change.data, {
      alias: change.text('alias'),
      type: change.text('provider_id'),
      provider: change.text('authenticator'),
      description: change.text('description'),
    });
    await writeSubflow(change, id);
    return id;
  },
  read: async (change) => {
    const flow = await change.api.get(FLOW, change.data);
    const execution = await findExecution(change, change.id);
    const path = '/admin/realms/{realm_id}/authentication/executions/{execution}';
    const details = await change.api.get(path, { ...change.data, execution: execution.id });
    const { authenticator, requirement, priority } = details;
    return { ...flow, authenticator, requirement, priority };
  },
  update: (change) => writeSubflow(change, change.id),
  delete: async (change) => deleteExecution(change, String((await findExecution(change, change.id)).id)),
};

async function writeSubflow(change: Change, id: string): Promise<void> {
  const { alias, providerId, description } = change.representation;
  const flow = { id, alias, providerId, description, topLevel: false, builtIn: false };
  await change.api.put(FLOW, { ...change.data, id }, flow);
  await updateExecution(change, String((await findExecution(change, id)).id));
}

async function findExecution(change: Change, id: string): Promise<Representation> {
  const executions = await change.api.get<Representation[]>(EXECUTIONS, change.data);
  const found = executions.find((execution) => execution.flowId === id);
  if (found) return found;
  throw new UserError(`flow ${change.text('parent_flow_alias')} has no execution of the subflow with id ${id}`);
}
