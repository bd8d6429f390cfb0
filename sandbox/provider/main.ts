import pinned from '../../lib/bindings/schema/keycloak-5.9.0.json';
import { createHandlers } from './engine/provider';
import type { ProviderSchema } from './protocol/schema';
import { serve } from './protocol/server';
import { tables } from './resources';

const schemas = pinned.provider_schemas as unknown as Record<string, ProviderSchema>;
const [schema] = Object.values(schemas);

serve(createHandlers(schema as ProviderSchema, tables, process.env), __dirname).catch((error: Error) => {
  process.stderr.write(`The offline Keycloak provider could not start: ${error.message}\n`);
  process.exit(1);
});
