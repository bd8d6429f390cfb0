import { PINNED_SCHEMA, PROVIDER_SOURCE, PROVIDER_VERSION } from './pinned';
import { SchemaUnavailable, takeSchema } from './take-schema';

/** `npm run bindings:update` pins the provider's schema anew. */
try {
  takeSchema(PINNED_SCHEMA);
  console.log(`schema of ${PROVIDER_SOURCE} ${PROVIDER_VERSION} written; now run: npm run bindings`);
} catch (error) {
  console.error(error instanceof SchemaUnavailable ? error.message : error);
  process.exitCode = 2;
}
