import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { isUnknown } from '../../model';
import { type DeclaredRealm, LEVELS_FILE, REPORT_VARIABLE, type ReportedRealm } from '../../model/levels';
import { CouldNotRun } from '../could-not-run';
import { parseJson } from '../source/json';
import { loadSource } from '../source/load';

/** A file, and the realms whose levels it keeps. */
export interface HistoryFile {
  readonly file: string;
  readonly realms: readonly DeclaredRealm[];
}

/**
 * Runs the app, whose realms say what levels they declare. What it synthesizes is thrown away.
 *
 * @param command that runs the app; by default `app` of the cdktf.json of this folder
 * @throws CouldNotRun if it fails, or makes no realm
 */
export async function levelsOfApp(command?: string): Promise<HistoryFile[]> {
  const settings = existsSync('cdktf.json') ? parseJson(readFileSync('cdktf.json', 'utf8'), 'cdktf.json') : {};
  const { app, context } = Object(settings) as { readonly app?: unknown; readonly context?: unknown };
  const line = command ?? app;
  if (typeof line !== 'string') {
    throw new CouldNotRun('No cdktf.json with an "app" here: run it in the folder of the app, or say --app <command>');
  }
  const folder = mkdtempSync(join(tmpdir(), 'step-up-levels-'));
  try {
    const report = join(folder, 'report');
    await run(line, {
      ...process.env,
      CDKTF_CONTEXT_JSON: JSON.stringify({ ...Object(context), ...inEnvironment() }),
      CDKTF_OUTDIR: join(folder, 'cdktf.out'),
      [REPORT_VARIABLE]: report,
    });
    const lines = existsSync(report) ? readFileSync(report, 'utf8').trimEnd().split('\n') : [];
    const realms = lines.map((each) => JSON.parse(each) as ReportedRealm);
    const files = [...new Set(realms.flatMap(({ file }) => file ?? []))];
    if (files.length === 0)
      throw new CouldNotRun(`${line}: it makes no StepUpRealm that keeps a history of its levels`);
    return files.map((file) => ({ file, realms: realms.filter((realm) => realm.file === file) }));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The levels that a realm's acr map has, of any configuration or server. */
export async function levelsOfSource(source: string, name?: string): Promise<HistoryFile[]> {
  const { realms } = await loadSource(source);
  const declared = realms.map(({ realm, acrLoaMap }): DeclaredRealm => {
    const key = name ?? realm;
    if (isUnknown(key)) throw new CouldNotRun(`The realm's name isn't known (${key.unknown}): say --realm <name>`);
    if (isUnknown(acrLoaMap)) throw new CouldNotRun(`The acr map of ${key} isn't known: ${acrLoaMap.unknown}`);
    return { realm: key, levels: [...acrLoaMap.levels].sort((one, other) => one.loa - other.loa) };
  });
  if (name !== undefined && declared.length > 1) {
    throw new CouldNotRun(`${declared.length} realms in it, so --realm can't name them all`);
  }
  return [{ file: resolve(LEVELS_FILE), realms: declared }];
}

function inEnvironment(): object {
  const { CDKTF_CONTEXT_JSON: given } = process.env;
  return given === undefined ? {} : Object(parseJson(given, 'CDKTF_CONTEXT_JSON'));
}

async function run(command: string, env: NodeJS.ProcessEnv): Promise<void> {
  // The app's own words are of no use here, unless it fails.
  const child = spawn(command, { shell: true, env, stdio: ['ignore', 'pipe', 'pipe'] });
  const [output, errors, code] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    new Promise<number | null>((done, failed) => child.on('error', failed).on('close', done)),
  ]);
  if (code === 0) return;
  const said = `${errors}\n${output}`.trim().split('\n').slice(0, 5).join('\n');
  throw new CouldNotRun(`${command} failed${said ? `: ${said}` : ''}`);
}
