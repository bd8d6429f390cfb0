import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createGenerator, type Schema } from 'ts-json-schema-generator';

/** Where the published JSON Schema of the realm model is. */
export const SCHEMA_FILE = join(__dirname, 'realm-model.schema.json');

/** The JSON Schema of `RealmModel`, made from its type and comments. */
export function generateSchema(): Schema {
  const generator = createGenerator({
    path: join(__dirname, 'realm-model.ts'),
    tsconfig: join(__dirname, '..', 'tsconfig.json'),
    type: 'RealmModel',
    skipTypeCheck: true,
    encodeRefs: false,
    schemaId: 'realm-model-1',
  });
  return generator.createSchema('RealmModel');
}

/** `npm run model:schema` writes it anew. */
if (require.main === module) writeFileSync(SCHEMA_FILE, `${JSON.stringify(generateSchema(), undefined, 2)}\n`);
