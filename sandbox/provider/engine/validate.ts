import { type Diagnostic, errorDiagnostic, type PathStep } from '../protocol/diagnostics';
import { type Obj, Unknown, type Value } from '../protocol/values';
import type { Fields, ResourceTable } from './table';

/** The rules of a resource type that need the configuration alone. Unknown values pass: they are checked at apply. */
export function validateConfig(table: ResourceTable, config: Obj): Diagnostic[] {
  const diagnostics = validateFields(table.fields, config, []);
  const wrong = table.validate?.(config);
  return wrong ? [...diagnostics, errorDiagnostic(wrong)] : diagnostics;
}

function validateFields(fields: Fields, config: Obj, path: PathStep[]): Diagnostic[] {
  const isSet = (name: string) => !isAbsent(config[name]);
  return Object.entries(fields).flatMap(([name, field]) => {
    const value = config[name];
    if (isAbsent(value)) return [];
    const steps = [...path, { attribute_name: name }];
    const found: Diagnostic[] = [];
    if (field.oneOf && typeof value === 'string' && !field.oneOf.includes(value)) {
      found.push(errorDiagnostic(`${name} is "${value}"; it must be one of: ${field.oneOf.join(', ')}`, '', steps));
    }
    for (const other of field.conflictsWith?.filter(isSet) ?? []) {
      found.push(errorDiagnostic(`${name} and ${other} cannot both be set`, '', steps));
    }
    for (const other of field.requires?.filter((needed) => !isSet(needed)) ?? []) {
      found.push(errorDiagnostic(`${name} needs ${other} to be set too`, '', steps));
    }
    if (field.block && Array.isArray(value)) {
      const nested = field.block;
      const at = (index: number) => [...steps, { element_key_int: index }];
      found.push(...value.flatMap((element, index) => validateFields(nested, (element ?? {}) as Obj, at(index))));
    }
    return found;
  });
}

function isAbsent(value: Value | undefined): boolean {
  return (
    value === null || value === undefined || value instanceof Unknown || (Array.isArray(value) && value.length === 0)
  );
}
