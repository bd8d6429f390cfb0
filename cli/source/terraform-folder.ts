import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { ConfigurationOptions, Modules, TerraformConfiguration } from '../../model/readers';
import { blocks, evaluateTemplate, labelled, type Value } from '../../model/readers/terraform';
import { CouldNotRun } from '../could-not-run';
import { parseJson } from './json';
import { overridden } from './terraform-overrides';

export interface TerraformFolder {
  readonly configuration: TerraformConfiguration;
  readonly options: ConfigurationOptions;
}

const CONFIGURATION = /\.tf(\.json)?$/;
const OVERRIDE = /(^|_)override\.tf(\.json)?$/;
const VALUES = /^terraform\.tfvars$/;
const JSON_VALUES = /^terraform\.tfvars\.json$/;
const AUTO_VALUES = /\.auto\.tfvars(\.json)?$/;

/**
 * Reads a folder as Terraform does: its `.tf` and `.tf.json` files, then overrides; values of variables from `terraform.tfvars` and
 * `*.auto.tfvars`, the later the stronger; and modules that lie in folders, with what they are given. Subfolders that no module call
 * names are not read.
 *
 * What Terraform is told at its start is not known here: `TF_VAR_…`, `-var` and `-var-file`. For those, read the plan.
 *
 * @see https://developer.hashicorp.com/terraform/language/files/override
 * @see https://developer.hashicorp.com/terraform/language/values/variables#variable-definition-precedence
 */
export async function readFolder(folder: string): Promise<TerraformFolder> {
  const { configuration, modules } = await readModule(folder, []);
  const files = readdirSync(folder).sort();
  const variables: Record<string, Value> = {};
  for (const pattern of [VALUES, JSON_VALUES, AUTO_VALUES]) {
    for (const file of files.filter((name) => pattern.test(name) && !isIgnored(name))) {
      Object.assign(variables, await valuesOf(join(folder, file)));
    }
  }
  return { configuration, options: { variables, modules } };
}

async function readModule(
  folder: string,
  above: readonly string[],
): Promise<{ readonly configuration: TerraformConfiguration; readonly modules: Modules }> {
  const files = readdirSync(folder)
    .filter((file) => CONFIGURATION.test(file) && !isIgnored(file))
    .sort();
  const merged: Record<string, unknown[]> = {};
  for (const file of files.filter((name) => !OVERRIDE.test(name))) {
    for (const [section, body] of Object.entries(await contentOf(join(folder, file)))) {
      merged[section] = [...(merged[section] ?? []), ...(Array.isArray(body) ? body : [body])];
    }
  }
  let configuration: TerraformConfiguration = merged;
  for (const file of files.filter((name) => OVERRIDE.test(name))) {
    configuration = overridden(configuration, await contentOf(join(folder, file)));
  }
  const modules: Record<string, Modules[string]> = {};
  for (const [name, { source }] of labelled(configuration.module)) {
    if (typeof source !== 'string' || !/^\.\.?\//.test(source)) continue;
    const path = resolve(folder, source);
    if (existsSync(path) && ![...above, resolve(folder)].includes(path)) {
      modules[name] = await readModule(path, [...above, resolve(folder)]);
    }
  }
  return { configuration, modules };
}

/** Terraform passes over what editors leave behind. */
function isIgnored(file: string): boolean {
  return file.startsWith('.') || file.endsWith('~') || (file.startsWith('#') && file.endsWith('#'));
}

async function contentOf(path: string): Promise<Record<string, unknown>> {
  const content = readFileSync(path, 'utf8');
  if (path.endsWith('.json')) return blocks(parseJson(content, path))[0] ?? {};
  // Loading the parser of HCL takes longer than reading JSON.
  const { parse } = await import('@cdktf/hcl2json');
  try {
    return (await parse(path, content)) as Record<string, unknown>;
  } catch (error) {
    const [first = ''] = String((error as Error).message).split('\n');
    throw new CouldNotRun(first.replace(/^parse config: \[(.*)\]$/, '$1'));
  }
}

async function valuesOf(path: string): Promise<Record<string, Value>> {
  const content = await contentOf(path);
  if (path.endsWith('.json')) return content as Record<string, Value>;
  const literal = (value: unknown): Value => {
    if (typeof value === 'string') {
      return evaluateTemplate(value, (name) => ({ unknown: `${name.join('.')} is no literal in ${path}` }));
    }
    if (Array.isArray(value)) return value.map(literal);
    if (typeof value !== 'object' || value === null) return value as Value;
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, literal(inner)]));
  };
  return Object.fromEntries(Object.entries(content).map(([key, value]) => [key, literal(value)]));
}
