import { blocks, labelled, type TerraformConfiguration } from '../../model/readers/terraform';

type Body = Record<string, unknown>;

/**
 * A configuration with an override file merged into it: an argument replaces that of the block of the same labels, a nested block
 * replaces all of its type; `locals` and required providers are merged by name.
 *
 * @see https://developer.hashicorp.com/terraform/language/files/override#merging-behavior
 */
export function overridden(base: TerraformConfiguration, override: TerraformConfiguration): TerraformConfiguration {
  return {
    ...base,
    resource: byTwoLabels(base.resource, override.resource),
    data: byTwoLabels(base.data, override.data),
    module: byLabel(base.module, override.module),
    variable: byLabel(base.variable, override.variable),
    output: byLabel(base.output, override.output),
    locals: [...blocks(base.locals), ...blocks(override.locals)],
    terraform: [...blocks(override.terraform), ...blocks(base.terraform)],
  };
}

function byTwoLabels(base: unknown, override: unknown): Body {
  const merged = new Map<string, [string, Body][]>();
  for (const [type, byName] of labelled(base)) merged.set(type, [...(merged.get(type) ?? []), ...labelled(byName)]);
  for (const [type, byName] of labelled(override)) merged.set(type, replaced(merged.get(type) ?? [], labelled(byName)));
  return Object.fromEntries(
    [...merged].map(([type, entries]) => [type, entries.map(([name, body]) => ({ [name]: body }))]),
  );
}

function byLabel(base: unknown, override: unknown): Body[] {
  return replaced(labelled(base), labelled(override)).map(([name, body]) => ({ [name]: body }));
}

function replaced(base: readonly [string, Body][], override: readonly [string, Body][]): [string, Body][] {
  const result = [...base];
  for (const [name, body] of override) {
    const at = result.findIndex(([label]) => label === name);
    const before = result[at];
    if (before) result[at] = [name, mergedBody(before[1], body)];
    else result.push([name, body]);
  }
  return result;
}

/** Blocks that `dynamic` makes count as blocks of their type. */
function mergedBody(base: Body, override: Body): Body {
  const written = labelled(override.dynamic);
  const isReplaced = (label: string) => label in override || written.some(([other]) => other === label);
  const dynamic = [...labelled(base.dynamic).filter(([label]) => !isReplaced(label)), ...written];
  const kept = Object.entries(base).filter(([key]) => key !== 'dynamic' && !isReplaced(key));
  const { dynamic: _, ...given } = override;
  return {
    ...Object.fromEntries(kept),
    ...given,
    ...(dynamic.length > 0 && { dynamic: dynamic.map(([label, block]) => ({ [label]: block })) }),
  };
}
