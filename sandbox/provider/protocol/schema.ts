/** A cty type as Terraform writes it in JSON: `"string"`, `["set","string"]`, `["object",{…}]`. */
export type CtyType =
  | 'string'
  | 'number'
  | 'bool'
  | ['list' | 'set' | 'map', CtyType]
  | ['object', Record<string, CtyType>];

export interface SchemaAttribute {
  type: CtyType;
  required?: boolean;
  optional?: boolean;
  computed?: boolean;
  sensitive?: boolean;
  deprecated?: boolean;
  write_only?: boolean;
}

export type Nesting = 'single' | 'list' | 'set' | 'map';

export interface SchemaBlockType {
  nesting_mode: Nesting;
  block: SchemaBlock;
  min_items?: number;
  max_items?: number;
}

export interface SchemaBlock {
  attributes?: Record<string, SchemaAttribute>;
  block_types?: Record<string, SchemaBlockType>;
  deprecated?: boolean;
}

export interface ResourceSchema {
  version: number;
  block: SchemaBlock;
}

/** The part of `terraform providers schema -json` that describes one provider. */
export interface ProviderSchema {
  provider: ResourceSchema;
  resource_schemas: Record<string, ResourceSchema>;
  data_source_schemas: Record<string, ResourceSchema>;
}

/** The object type of a block, in which each nested block is a list, set, map or single object. */
export function typeOfBlock(block: SchemaBlock): ['object', Record<string, CtyType>] {
  const types: Record<string, CtyType> = {};
  for (const [name, attribute] of Object.entries(block.attributes ?? {})) types[name] = attribute.type;
  for (const [name, nested] of Object.entries(block.block_types ?? {})) {
    const element = typeOfBlock(nested.block);
    types[name] = nested.nesting_mode === 'single' ? element : [nested.nesting_mode, element];
  }
  return ['object', types];
}

/** A schema as the protocol carries it. */
export function toWireSchema(schema: ResourceSchema): object {
  return { version: schema.version, block: toWireBlock(schema.block) };
}

function toWireBlock(block: SchemaBlock): object {
  return {
    attributes: Object.entries(block.attributes ?? {}).map(([name, { type, ...flags }]) => ({
      name,
      type: Buffer.from(JSON.stringify(type)),
      ...flags,
    })),
    block_types: Object.entries(block.block_types ?? {}).map(([type_name, nested]) => ({
      type_name,
      block: toWireBlock(nested.block),
      nesting: nested.nesting_mode.toUpperCase(),
      min_items: nested.min_items ?? 0,
      max_items: nested.max_items ?? 0,
    })),
    deprecated: block.deprecated ?? false,
  };
}
