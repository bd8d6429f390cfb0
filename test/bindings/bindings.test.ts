import { TerraformDataSource, TerraformProvider, TerraformResource } from 'cdktf';
import { bindings } from '../../lib';
import { pinnedSchema } from '../support/provider-schema';

describe('The generated bindings', () => {
  const schema = pinnedSchema('keycloak-5.9.0');
  // Each is loaded by a getter that Object.values does not see.
  const modules = Object.getOwnPropertyNames(bindings)
    .map((name) => (bindings as unknown as Record<string, unknown>)[name])
    .filter((value): value is Record<string, unknown> => typeof value === 'object' && value !== null);

  /** The types of all classes with this base class. */
  function typesOf(base: abstract new (...args: never[]) => object): string[] {
    const classes = modules.flatMap((one) => Object.values(one)).filter((value) => typeof value === 'function');
    return classes
      .filter((one) => one.prototype instanceof base)
      .map((one) => (one as unknown as { tfResourceType: string }).tfResourceType)
      .sort();
  }

  test('have a class for every one of the 109 resource types', () => {
    const types = Object.keys(schema.resource_schemas).sort();
    expect(types).toHaveLength(109);
    expect(typesOf(TerraformResource)).toEqual(types);
  });

  test('have a class for every one of the 22 data sources', () => {
    const types = Object.keys(schema.data_source_schemas).sort();
    expect(types).toHaveLength(22);
    expect(typesOf(TerraformDataSource)).toEqual(types);
  });

  test('have the provider', () => {
    expect(typesOf(TerraformProvider)).toEqual(['keycloak']);
  });
});
