import type { Representation } from '../engine/api';
import type { Change } from '../engine/change';
import { collection } from '../engine/collection';
import { at, block, type Field, type Fields, held, type ResourceTable } from '../engine/table';
import { authorizationImports, RESOURCE_SERVER } from './authorization';

const POLICY = `${RESOURCE_SERVER}/policy`;
const logic = at('logic', { oneOf: ['POSITIVE', 'NEGATIVE'] });
const decisionStrategy = at('decisionStrategy');

/** A policy of one type. As in the official provider a move to another client is an update, which Keycloak refuses. */
function policy(
  type: string,
  fields: Fields,
  read?: (change: Change, policy: Representation) => Promise<object>,
): ResourceTable {
  const operations = collection(`${POLICY}/${type}`, { idIn: 'id' });
  return {
    fields: {
      realm_id: held(),
      resource_server_id: held(),
      name: at('name'),
      description: at('description'),
      decision_strategy: decisionStrategy,
      logic,
      ...fields,
    },
    constants: { type },
    imports: authorizationImports,
    ...operations,
    read: async (change) => {
      const found = (await operations.read(change)) as Representation;
      return read ? { ...found, ...(await read(change, found)) } : found;
    },
  };
}

/** Grants by a claim of the token: the whole value must match the pattern. */
export const regexPolicy = policy('regex', {
  target_claim: at('targetClaim'),
  pattern: at('pattern'),
  target_context_attributes: at('targetContextAttributes'),
});

export const rolePolicy = policy('role', {
  type: { write: () => undefined, read: ({ type }) => String(type) },
  fetch_roles: at('fetchRoles', { omitZero: true }),
  role: block({ id: at('id'), required: at('required') }, {}, 'roles'),
});

/** Keycloak answers groups without their paths: they are looked up. */
export const groupPolicy = policy(
  'group',
  {
    groups_claim: at('groupsClaim'),
    groups: block(
      { id: at('id'), path: at('path'), extend_children: at('extendChildren', { omitZero: true }) },
      {},
      'groups',
    ),
  },
  async ({ api, data }, { groups }) => {
    const path = '/admin/realms/{realm_id}/groups/{group}';
    const withPath = async (group: Representation) => ({
      ...group,
      path: (await api.get(path, { ...data, group: group.id })).path,
    });
    return { groups: await Promise.all(((groups ?? []) as Representation[]).map(withPath)) };
  },
);

const TIMES = [
  'dayMonth',
  'dayMonthEnd',
  'month',
  'monthEnd',
  'year',
  'yearEnd',
  'hour',
  'hourEnd',
  'minute',
  'minuteEnd',
];

const timeFields = (): Record<string, Field> =>
  Object.fromEntries(
    ['notBefore', 'notOnOrAfter', ...TIMES].map((property) => [
      property.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
      at(property),
    ]),
  );

export const timePolicy = policy('time', timeFields());

export const userPolicy = policy('user', { users: at('users') });

export const clientPolicy = policy('client', { clients: at('clients') });

/** Several policies as one. */
export const aggregatePolicy = policy('aggregate', { policies: at('policies') }, async ({ api, data }) => {
  const associated = await api.get<Representation[]>(`${POLICY}/{id}/associatedPolicies`, data);
  return { policies: associated.map(({ id }) => id) };
});

export const clientScopePolicy = policy('client-scope', {
  decision_strategy: at('decisionStrategy', {
    default: 'UNANIMOUS',
    oneOf: ['UNANIMOUS', 'AFFIRMATIVE', 'CONSENSUS'],
  }),
  logic: { ...logic, default: 'POSITIVE' },
  scope: block({ id: at('id'), required: at('required', { default: false, omitZero: true }) }, {}, 'clientScopes'),
});

/** A policy of a type that the server has from a plug-in, without settings of its own. */
export const genericAuthorizationPolicy: ResourceTable = {
  fields: {
    realm_id: held({ forceNew: true }),
    resource_server_id: held({ forceNew: true }),
    name: at('name'),
    type: at('type', { forceNew: true }),
    description: at('description'),
    decision_strategy: decisionStrategy,
    logic,
  },
  imports: authorizationImports,
  ...collection(POLICY, { idIn: 'id' }),
};
