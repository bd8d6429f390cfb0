import pinned from '../../../lib/bindings/schema/keycloak-5.9.0.json';
import type { Field, Fields } from '../../../sandbox/provider/engine/table';
import type { ProviderSchema, SchemaBlock } from '../../../sandbox/provider/protocol/schema';
import { tables } from '../../../sandbox/provider/resources';

const [schema] = Object.values(pinned.provider_schemas) as unknown as ProviderSchema[];

/** Names of a table that the schema lacks, and the other way round, at every depth. */
function differences(block: SchemaBlock, fields: Fields, path: string): string[] {
  const attributes = Object.keys(block.attributes ?? {}).filter((name) => path !== '' || name !== 'id');
  const nested = Object.entries(block.block_types ?? {});
  const known = new Set([...attributes, ...nested.map(([name]) => name)]);
  return [
    ...[...known].filter((name) => !(name in fields)).map((name) => `${path}${name} is in no table`),
    ...Object.keys(fields).flatMap((name) => (known.has(name) ? [] : [`${path}${name} is in no schema`])),
    ...nested.flatMap(([name, { block: inner }]) => differences(inner, fields[name]?.block ?? {}, `${path}${name}.`)),
  ];
}

const isTopLevelOption = (option: keyof Field) => (fields: Fields) =>
  Object.values(fields).some((field) => Object.values(field.block ?? {}).some((inner) => option in inner));

describe.each(Object.entries(tables))('The table of %s', (type, table) => {
  const block: SchemaBlock = schema?.resource_schemas[type]?.block ?? {};

  it('names every attribute of the pinned schema and no other', () => {
    expect(differences(block, table.fields, '')).toEqual([]);
  });

  it('gives no default to an attribute that must be set or that Keycloak fills', () => {
    const wrong = Object.entries(table.fields).filter(([name, field]) => {
      const attribute = block.attributes?.[name];
      return field.default !== undefined && (attribute?.required || attribute?.computed);
    });

    expect(wrong).toEqual([]);
  });

  it('asks for a replacement at its top level alone, where the plan looks for it', () => {
    expect(isTopLevelOption('forceNew')(table.fields)).toBe(false);
  });
});
