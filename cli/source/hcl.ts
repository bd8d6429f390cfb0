import { readFileSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from '@cdktf/hcl2json';
import type { TerraformConfiguration } from '../../model/readers';
import { CouldNotRun } from '../could-not-run';

/**
 * Reads the `.tf` and `.tf.json` files of a folder as one configuration in Terraform's JSON shape. Variables get their defaults;
 * for other values read the plan.
 */
export async function readHcl(folder: string): Promise<TerraformConfiguration> {
  const merged: Record<string, unknown[]> = {};
  for (const file of (await readdir(folder)).sort()) {
    if (!/\.tf(\.json)?$/.test(file)) continue;
    const content = readFileSync(join(folder, file), 'utf8');
    for (const [section, body] of Object.entries(await parsed(file, content))) {
      merged[section] = [...(merged[section] ?? []), ...(Array.isArray(body) ? body : [body])];
    }
  }
  return merged;
}

async function parsed(file: string, content: string): Promise<Record<string, unknown>> {
  try {
    return file.endsWith('.json') ? JSON.parse(content) : ((await parse(file, content)) as Record<string, unknown>);
  } catch (error) {
    throw new CouldNotRun(`${file}: ${(error as Error).message.split('\n')[0]}`);
  }
}
