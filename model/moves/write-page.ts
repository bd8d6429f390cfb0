import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { movesPage } from './page';

/** Writes the page of moves: `npx tsx model/moves/write-page.ts`. */
writeFileSync(join(__dirname, '..', '..', 'docs', 'moves.md'), movesPage());
