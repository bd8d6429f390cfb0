import type { PathStep } from '../protocol/diagnostics';
import {
  type CtyType,
  type ResourceSchema,
  type SchemaAttribute,
  type SchemaBlock,
  type SchemaBlockType,
  typeOfBlock,
} from '../protocol/schema';
import { hasUnknown, type Obj, UNKNOWN, Unknown, type Value } from '../protocol/values';
import { isEqual, isZero } from './compare';
import type { Field, Fields, ResourceTable } from './table';

export interface Plan {
  planned: Obj;
  requiresReplace: { steps: PathStep[] }[];
}

/**
 * What an apply of this configuration would leave: the configuration, completed by defaults, by what Keycloak already has
 * for computed values, and by "unknown" for computed values of an object that is yet to be created.
 */
export function planResource(schema: ResourceSchema, table: ResourceTable, config: Obj, prior: Obj | null): Plan {
  const planned = planBlock(schema.block, table.fields, config, prior ?? undefined);
  if (!prior) return { planned, requiresReplace: [] };
  const types = typeOfBlock(schema.block)[1];
  const changed = (name: string) => !isEqual(planned[name], prior[name], types[name] as CtyType);
  for (const name of table.recompute?.(planned, prior, changed) ?? []) planned[name] = UNKNOWN;
  const requiresReplace = Object.entries(table.fields)
    .filter(([name, field]) => (field.forceNew || !table.update) && changed(name))
    .map(([name]) => ({ steps: [{ attribute_name: name }] }));
  return { planned, requiresReplace };
}

function planBlock(block: SchemaBlock, fields: Fields, config: Obj, prior: Obj | undefined): Obj {
  const planned: Obj = {};
  for (const [name, attribute] of Object.entries(block.attributes ?? {})) {
    planned[name] = planAttribute(attribute, fields[name] ?? {}, config[name] ?? null, prior?.[name]);
  }
  for (const [name, nested] of Object.entries(block.block_types ?? {})) {
    planned[name] = planNested(nested, fields[name] ?? {}, config[name] ?? null, prior?.[name]);
  }
  return planned;
}

function planAttribute(attribute: SchemaAttribute, field: Field, config: Value, prior: Value | undefined): Value {
  if (attribute.write_only) return null;
  // The official provider cannot tell "" from an unset value where Keycloak fills the latter.
  const isSilent = config === null || (config === '' && attribute.computed === true);
  if (!isSilent) return settle(config, prior, attribute.type, field);
  if (field.default !== undefined) return settle(field.default, prior, attribute.type, field);
  if (attribute.computed) return prior === undefined ? UNKNOWN : prior;
  if (field.keepUnset || isZero(prior)) return prior ?? null;
  return null;
}

function planNested(nested: SchemaBlockType, field: Field, config: Value, prior: Value | undefined): Value {
  if (config instanceof Unknown) return UNKNOWN;
  const elements = Array.isArray(config) ? config : [];
  const before = Array.isArray(prior) ? prior : undefined;
  if (field.createOnly && before) return before;
  if (elements.length === 0) {
    if (field.computed) return before ?? UNKNOWN;
    return [];
  }
  const ordered = nested.nesting_mode === 'list';
  const planned = elements.map((element, index) =>
    planBlock(
      nested.block,
      field.block ?? {},
      element as Obj,
      ordered ? (before?.[index] as Obj | undefined) : undefined,
    ),
  );
  return settle(planned, prior, [ordered ? 'list' : 'set', typeOfBlock(nested.block)], field);
}

/** Keeps the prior value where the new one means the same, so that no change is shown. */
function settle(value: Value, prior: Value | undefined, type: CtyType, field: Field): Value {
  if (prior === undefined || hasUnknown(value)) return value;
  return isEqual(value, prior, type) || field.same?.(value, prior) ? prior : value;
}
