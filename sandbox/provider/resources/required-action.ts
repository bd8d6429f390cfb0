import type { Representation } from '../engine/api';
import type { Change } from '../engine/change';
import { requireProvider } from '../engine/server-info';
import { at, held, type ResourceTable } from '../engine/table';
import { UserError } from '../protocol/diagnostics';

const ACTIONS = '/admin/realms/{realm_id}/authentication';
const ACTION = `${ACTIONS}/required-actions/{alias}`;

/** A required action of the realm, such as CONFIGURE_TOTP. Every realm has them: creating takes one over. */
export const requiredAction: ResourceTable = {
  fields: {
    realm_id: held(),
    alias: at('alias'),
    name: at('name'),
    enabled: at('enabled'),
    default_action: at('defaultAction'),
    priority: at('priority'),
    config: at('config'),
  },
  imports: ['{realm_id}/{alias}'],
  resolveImport: async (change) => change.created(idOf(change)),
  check: async (change) => {
    if (change.flag('default_action') && !change.flag('enabled')) {
      throw new UserError('default_action needs enabled: a default required action must be enabled');
    }
    await requireProvider(change.api, 'required-action', change.text('alias'));
  },
  create: async (change) => {
    const { api, data } = change;
    const unregistered = await api.get<Representation[]>(`${ACTIONS}/unregistered-required-actions`, data);
    const found = unregistered.find(({ providerId }) => providerId === change.text('alias'));
    if (found) await api.post(`${ACTIONS}/register-required-action`, data, found);
    await write(change);
    return idOf(change);
  },
  read: (change) => {
    change.created(idOf(change));
    return change.api.get(ACTION, change.data);
  },
  update: write,
  delete: ({ api, data }) => api.deleteTwice(ACTION, data),
};

async function write({ api, data, representation }: Change): Promise<void> {
  await api.put(ACTION, data, representation);
}

function idOf(change: Change): string {
  return `${change.text('realm_id')}/${change.text('alias')}`;
}
