import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A block of a provider's schema, as far as the tests read it. */
export interface SchemaBlock {
  readonly attributes?: Readonly<Record<string, SchemaAttribute>>;
  readonly block_types?: Readonly<Record<string, { readonly block: SchemaBlock }>>;
}

interface SchemaAttribute {
  readonly required?: boolean;
  readonly optional?: boolean;
}

export interface ProviderSchema {
  readonly provider: { readonly block: SchemaBlock };
  readonly resource_schemas: Readonly<Record<string, { readonly block: SchemaBlock }>>;
  readonly data_source_schemas: Readonly<Record<string, { readonly block: SchemaBlock }>>;
}

/** A pinned schema: `keycloak-5.9.0` or `mrparkers-keycloak-4.4.0`. */
export function pinnedSchema(name: string): ProviderSchema {
  const file = join(__dirname, '../../lib/bindings/schema', `${name}.json`);
  const [schema] = Object.values(JSON.parse(readFileSync(file, 'utf8')).provider_schemas);
  return schema as ProviderSchema;
}

const BUILT_INTO_TERRAFORM = 'terraform_data';

/** Terraform's own arguments, which every resource has. */
const META_ARGUMENTS = ['depends_on', 'lifecycle', 'provider', 'count', 'for_each', '//'];

/** What of a synthesized stack the provider would not take: unknown types, attributes and blocks, and missing ones. */
export function breachesOf(schema: ProviderSchema, json: { provider?: object; resource?: object }): string[] {
  const breaches: string[] = [];
  const visit = (content: object, block: SchemaBlock, path: string): void => {
    for (const [key, value] of Object.entries(content)) {
      const nested = block.block_types?.[key];
      if (nested) {
        for (const one of [value].flat()) visit(one, nested.block, `${path}.${key}`);
      } else if (!META_ARGUMENTS.includes(key)) {
        const attribute = block.attributes?.[key];
        if (!attribute?.required && !attribute?.optional) breaches.push(`${path}.${key}`);
      }
    }
    for (const [key, { required }] of Object.entries(block.attributes ?? {})) {
      if (required && !(key in content)) breaches.push(`${path}.${key} is missing`);
    }
  };
  for (const one of Object.values(json.provider ?? {}).flat()) visit(one, schema.provider.block, 'provider');
  for (const [type, resources] of Object.entries(json.resource ?? {})) {
    if (type === BUILT_INTO_TERRAFORM) continue;
    const known = schema.resource_schemas[type];
    if (!known) breaches.push(type);
    else for (const [id, one] of Object.entries(resources)) visit(one as object, known.block, `${type}.${id}`);
  }
  return breaches;
}
