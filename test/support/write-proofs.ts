import { readFileSync, writeFileSync } from 'node:fs';
import { join, relative, resolve, sep } from 'node:path';

const PROJECT = resolve(__dirname, '../..');
const README = join(PROJECT, 'README.md');
const BEGIN = '<!-- proofs: written by npm run proofs -->';
const END = '<!-- end of proofs -->';

/** Folders of test/live whose tests each prove a row of what the library offers. */
const FOLDERS = ['factors', 'enrolment', 'triggers', 'protection', 'doors'];

interface TestResults {
  readonly testResults: readonly {
    readonly name: string;
    readonly assertionResults: readonly {
      readonly ancestorTitles: readonly string[];
      readonly title: string;
      readonly status: string;
    }[];
  }[];
}

/** Writes the table of the README from the results of the live tests, as `jest --json` gave them. */
function writeProofs(resultsFile: string): void {
  const results: TestResults = JSON.parse(readFileSync(resultsFile, 'utf8'));
  const sections = FOLDERS.flatMap((folder) => {
    const rows = rowsOf(results, folder);
    return rows.length > 0 ? [`| ${folder} | seen in a login |`, '|---|---|', ...rows, ''] : [];
  });
  const readme = readFileSync(README, 'utf8');
  const [before, after] = [readme.indexOf(BEGIN), readme.indexOf(END)];
  if (before < 0 || after < before) throw new Error(`README.md lacks the lines "${BEGIN}" and "${END}"`);
  writeFileSync(README, `${readme.slice(0, before)}${BEGIN}\n\n${sections.join('\n')}\n${readme.slice(after)}`);
}

function rowsOf({ testResults }: TestResults, folder: string): string[] {
  const inFolder = testResults
    .filter(({ name }) => relative(join(PROJECT, 'test', 'live'), name).startsWith(`${folder}${sep}`))
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap(({ assertionResults }) => assertionResults);
  const rows = new Map<string, string[]>();
  for (const { ancestorTitles, title, status } of inFolder) {
    const row = ancestorTitles.join(', ');
    const outcome = { passed: '', pending: ' (skipped)' }[status] ?? ` (${status})`;
    rows.set(row, [...(rows.get(row) ?? []), `${title}${outcome}`]);
  }
  return [...rows].map(([row, titles]) => `| ${cell(row)} | ${titles.map(cell).join('<br>')} |`);
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('<', '&lt;');
}

writeProofs(process.argv[2] ?? join(PROJECT, 'test-results', 'live.json'));
