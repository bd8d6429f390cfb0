import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { versionsPage } from './versions-page';

/** Writes docs/versions.md: `npx tsx model/keycloak/write-versions.ts`. */
writeFileSync(join(__dirname, '..', '..', 'docs', 'versions.md'), versionsPage());
