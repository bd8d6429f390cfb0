import { UserError } from '../protocol/diagnostics';
import type { DynamicValue, ProviderRequest } from '../protocol/messages';
import { decodeJson, decodeValue, encodeValue } from '../protocol/msgpack';
import { type ProviderSchema, type ResourceSchema, toWireSchema, typeOfBlock } from '../protocol/schema';
import type { Handler } from '../protocol/server';
import { isObject, type Obj, Unknown, type Value, withoutUnknown } from '../protocol/values';
import { AdminApi } from './api';
import { Change } from './change';
import { toConnection } from './configuration';
import {
  type Applied,
  createResource,
  deleteResource,
  parseImportId,
  readResource,
  unservedType,
  updateResource,
} from './lifecycle';
import { planResource } from './plan';
import type { ResourceTable } from './table';
import { validateConfig } from './validate';

interface Served {
  schema: ResourceSchema;
  table: ResourceTable;
}

/** The calls of Terraform's provider service, answered by the pinned schema and one table per resource type. */
export function createHandlers(
  schema: ProviderSchema,
  tables: Record<string, ResourceTable>,
  environment: NodeJS.ProcessEnv,
): Record<string, Handler> {
  let connect: () => AdminApi = () => {
    throw new UserError('The provider was not configured');
  };

  /** Answers for a type that is served; for any other type, with a diagnostic that names it. */
  const forType =
    (answer: (served: Served, request: ProviderRequest) => Promise<object> | object): Handler =>
    (request: ProviderRequest) => {
      const { type_name } = request;
      const table = tables[type_name];
      const resourceSchema = schema.resource_schemas[type_name];
      if (!table || !resourceSchema) return { diagnostics: [unservedType('resource', type_name)] };
      return answer({ schema: resourceSchema, table }, request);
    };

  return {
    GetSchema: () => ({
      provider: toWireSchema(relaxProviderSchema(schema.provider, environment)),
      resource_schemas: mapValues(schema.resource_schemas, toWireSchema),
      data_source_schemas: mapValues(schema.data_source_schemas, toWireSchema),
    }),

    PrepareProviderConfig: ({ config }: ProviderRequest) => ({ prepared_config: config }),

    Configure: async ({ config }: ProviderRequest) => {
      const type = typeOfBlock(schema.provider.block);
      const values = decodeValue(config.msgpack, type) as Obj;
      // A plan may come before the server exists: its address is then not known yet, and nothing can be asked of it.
      if (['url', 'client_id', 'client_secret'].some((name) => values[name] instanceof Unknown)) {
        connect = () => {
          throw new UserError(
            'The address of Keycloak is not known before apply: give url and credentials as variables',
          );
        };
        return {};
      }
      const api = new AdminApi(toConnection(withoutUnknown(values) as Obj, environment));
      if (values.initial_login !== false) await api.login();
      connect = () => api;
      return {};
    },

    ValidateResourceTypeConfig: forType(({ schema: resource, table }, { config }) => ({
      diagnostics: validateConfig(table, decodeObject(config, resource) as Obj),
    })),

    ValidateDataSourceConfig: ({ type_name }: ProviderRequest) => ({
      diagnostics: [unservedType('data source', type_name)],
    }),

    ReadDataSource: ({ type_name }: ProviderRequest) => ({ diagnostics: [unservedType('data source', type_name)] }),

    UpgradeResourceState: forType(({ schema: resource }, { raw_state }) => ({
      upgraded_state: encodeObject(decodeJson(raw_state.json.toString(), typeOfBlock(resource.block)), resource),
    })),

    PlanResourceChange: forType(({ schema: resource, table }, { config, prior_state, proposed_new_state }) => {
      const proposed = decodeObject(proposed_new_state, resource);
      if (!proposed) return { planned_state: encodeObject(null, resource), legacy_type_system: true };
      const prior = decodeObject(prior_state, resource);
      const { planned, requiresReplace } = planResource(resource, table, decodeObject(config, resource) as Obj, prior);
      return {
        planned_state: encodeObject(planned, resource),
        requires_replace: requiresReplace,
        // Defaults of attributes that are not computed are, strictly, no valid plan; the official provider plans so too.
        legacy_type_system: true,
      };
    }),

    ApplyResourceChange: forType(async (served, request) => {
      const { schema: resource, table } = served;
      const prior = decodeObject(request.prior_state, resource);
      const planned = decodeObject(request.planned_state, resource);
      const config = decodeObject(request.config, resource);
      const data = withoutUnknown(planned ?? prior) as Obj;
      const applied = await apply(
        new Change({ api: connect(), table, schema: resource, data, prior, config }),
        planned,
      );
      return {
        new_state: encodeObject(applied.state, resource),
        diagnostics: applied.diagnostics,
        legacy_type_system: true,
      };
    }),

    ReadResource: forType(async ({ schema: resource, table }, { current_state }) => {
      const data = decodeObject(current_state, resource) as Obj;
      const state = await readResource(new Change({ api: connect(), table, schema: resource, data }));
      return { new_state: encodeObject(state, resource) };
    }),

    ImportResourceState: forType(async ({ schema: resource, table }, { type_name, id }) => {
      const data: Obj = { id, ...parseImportId(type_name, table, id) };
      const change = new Change({ api: connect(), table, schema: resource, data });
      await table.resolveImport?.(change);
      return { imported_resources: [{ type_name, state: encodeObject(change.data, resource) }] };
    }),

    Stop: () => ({}),
  };
}

function apply(change: Change, planned: Obj | null): Promise<Applied> {
  if (!planned) return deleteResource(change);
  return change.prior ? updateResource(change) : createResource(change);
}

function decodeObject(value: DynamicValue, { block }: ResourceSchema): Obj | null {
  const type = typeOfBlock(block);
  const decoded = value.msgpack.length > 0 ? decodeValue(value.msgpack, type) : decodeJson(value.json.toString(), type);
  return isObject(decoded) ? decoded : null;
}

/** A nested block is never null on the wire: one that is absent has no elements. */
function encodeObject(value: Value, { block }: ResourceSchema): { msgpack: Buffer } {
  const blocks = Object.keys(block.block_types ?? {}).map((name) => [name, []] as const);
  const complete = isObject(value)
    ? { ...value, ...Object.fromEntries(blocks.filter(([name]) => (value[name] ?? null) === null)) }
    : null;
  return { msgpack: encodeValue(complete, typeOfBlock(block)) };
}

/** `url` is required unless the environment has it. */
function relaxProviderSchema(schema: ResourceSchema, environment: NodeJS.ProcessEnv): ResourceSchema {
  if (!environment.KEYCLOAK_URL) return schema;
  const attributes = { ...schema.block.attributes, url: { type: 'string' as const, optional: true } };
  return { ...schema, block: { ...schema.block, attributes } };
}

function mapValues<T, U>(record: Record<string, T>, convert: (value: T) => U): Record<string, U> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, convert(value)]));
}
