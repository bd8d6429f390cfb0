import type { Change } from '../engine/change';
import { at, type ResourceTable, realmId } from '../engine/table';

const CONFIG = '/admin/realms/{realm_id}/events/config';

/** Which events the realm keeps, and who listens. Destroying switches everything off but the listeners. */
export const realmEvents: ResourceTable = {
  fields: {
    realm_id: realmId,
    admin_events_details_enabled: at('adminEventsDetailsEnabled'),
    admin_events_enabled: at('adminEventsEnabled'),
    events_enabled: at('eventsEnabled'),
    events_expiration: at('eventsExpiration'),
    events_listeners: at('eventsListeners', { omitZero: true }),
    enabled_event_types: at('enabledEventTypes', {
      // An empty list means "all" to Keycloak, which then answers all of them.
      read: ({ enabledEventTypes }, change) =>
        change.list('enabled_event_types').length > 0
          ? ((enabledEventTypes ?? []) as string[])
          : (change.data.enabled_event_types ?? null),
      write: (types, config) => {
        config.enabledEventTypes = types;
      },
    }),
  },
  create: async (change) => {
    change.created(change.text('realm_id'));
    await write(change);
    return change.id;
  },
  read: ({ api, data }) => api.get(CONFIG, data),
  update: write,
  delete: ({ api, data }) =>
    api.put(CONFIG, data, {
      adminEventsDetailsEnabled: false,
      adminEventsEnabled: false,
      enabledEventTypes: null,
      eventsEnabled: false,
      eventsExpiration: 0,
    }),
};

async function write({ api, data, representation }: Change): Promise<void> {
  await api.put(CONFIG, data, representation);
}
