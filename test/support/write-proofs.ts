import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve, sep } from 'node:path';

const PROJECT = resolve(__dirname, '../..');
const README = join(PROJECT, 'README.md');
const BEGIN = '<!-- proofs: written by npm run proofs -->';
const END = '<!-- end of proofs -->';

/** Folders of test/live whose tests each prove a row of what the library offers. */
const FOLDERS = ['factors', 'enrolment', 'triggers', 'protection', 'doors', 'attacks', 'moves'];

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

/** Writes the tables of the README from the results of the live tests, as `jest --json` gives them. */
function writeProofs(results: TestResults): void {
  const sections = FOLDERS.flatMap((folder) => {
    const rows = rowsOf(results, folder);
    return rows.length > 0 ? [`| ${folder} | seen in logins |`, '|---|---|', ...rows, ''] : [];
  });
  const readme = readFileSync(README, 'utf8');
  const [before, after] = [readme.indexOf(BEGIN), readme.indexOf(END)];
  if (before < 0 || after < before) throw new Error(`README.md lacks the lines "${BEGIN}" and "${END}"`);
  writeFileSync(README, `${readme.slice(0, before)}${BEGIN}\n\n${sections.join('\n')}\n${readme.slice(after)}`);
}

/** One row for each block of tests, with a link to its file. */
function rowsOf({ testResults }: TestResults, folder: string): string[] {
  return testResults
    .map(({ name, assertionResults }) => ({ file: inProject(name), assertionResults }))
    .filter(({ file }) => file.startsWith(`test/live/${folder}/`))
    .sort((a, b) => (a.file < b.file ? -1 : 1))
    .flatMap(({ file, assertionResults }) => {
      const rows = new Map<string, string[]>();
      for (const { ancestorTitles, status } of assertionResults) {
        const row = ancestorTitles.join(': ');
        rows.set(row, [...(rows.get(row) ?? []), status]);
      }
      return [...rows].map(([row, statuses]) => `| [${cell(row)}](${file}) | ${outcomes(statuses)} |`);
    });
}

/** The results may come from another clone. */
function inProject(file: string): string {
  const path = file.split(sep).join('/');
  return path.slice(Math.max(0, path.lastIndexOf('/test/live/') + 1));
}

/** For example `5 passed, 1 skipped`. */
function outcomes(statuses: readonly string[]): string {
  const named = statuses.map((status) => (status === 'pending' ? 'skipped' : status));
  return [...new Set(named)].map((name) => `${named.filter((each) => each === name).length} ${name}`).join(', ');
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('<', '&lt;');
}

/** Runs the live tests of the folders, unless their results are given. */
function resultsOf(given: string | undefined): TestResults {
  const folder = mkdtempSync(join(tmpdir(), 'step-up-proofs-'));
  try {
    const file = given ?? join(folder, 'live.json');
    if (given === undefined) {
      const folders = FOLDERS.map((name) => `test/live/${name}/`);
      const jest = [
        'jest',
        '--selectProjects',
        'live',
        '--json',
        '--outputFile',
        file,
        '--testPathPatterns',
        ...folders,
      ];
      spawnSync('npx', jest, { cwd: PROJECT, stdio: ['ignore', 'ignore', 'inherit'] });
    }
    return JSON.parse(readFileSync(file, 'utf8'));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

writeProofs(resultsOf(process.argv[2]));
