import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { failClosedPage } from './page';

/** Writes the page of damaged flows: `npx tsx test/flow/fail-closed/write-page.ts`. */
writeFileSync(join(__dirname, '..', '..', '..', 'docs', 'fail-closed.md'), failClosedPage());
