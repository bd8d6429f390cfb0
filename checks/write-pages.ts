import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { indexOf, pageOf } from './page';
import { RULES } from './registry';

/** Writes the documentation pages of all rules: `npx tsx checks/write-pages.ts`. */
const folder = join(__dirname, '..', 'docs', 'checks');
mkdirSync(folder, { recursive: true });
for (const rule of RULES) writeFileSync(join(folder, `${rule.id}.md`), pageOf(rule));
writeFileSync(join(folder, 'README.md'), indexOf(RULES));
