import { writeFileSync } from 'node:fs';
import { Command } from 'commander';
import { type CheckedRealm, check, GuardError, parseGuard, RULES, SuppressionError } from '../checks';
import type { RealmModel } from '../model';
import { versionNote } from '../model/keycloak/versions';
import { compareAgainst, comparedText } from './check-against';
import { sarifLog } from './check-sarif';
import { readSuppressions } from './check-suppressions';
import { checkText } from './check-text';
import { CouldNotRun, EXIT } from './could-not-run';
import { VERSION_OPTION, withVersion } from './keycloak-version';
import { CONFIG_OPTION, readSettings, type Settings } from './settings';
import { loadSource, SOURCE_HELP } from './source/load';
import { shownSource } from './source/shown';

interface Options {
  readonly json?: boolean;
  readonly sarif?: string;
  readonly suppressions?: string;
  readonly keycloakVersion?: string;
  readonly guard: readonly string[];
  readonly config?: string;
  readonly against?: string;
}

/** A realm as `--json` prints it. */
interface PrintedRealm extends Omit<CheckedRealm, 'model'> {
  readonly source: RealmModel['source'];
  readonly complete: boolean;
  /** What is to be known of an answer about this release of Keycloak. */
  readonly versionNote?: string;
}

/** `step-up check`: what Keycloak accepts and an attacker can use. */
export function checkCommand(): Command {
  return new Command('check')
    .description('Find what lets an attacker around a level, or locks users out.')
    .argument('<source>', SOURCE_HELP)
    .option('--json', 'print JSON')
    .option(
      '--against <stack>',
      'instead: what of the source, a live realm or an export, is not as this stack declares it (any source of Terraform)',
    )
    .option('--sarif <file>', 'write SARIF 2.1.0 to a file too, for code scanning')
    .option('--suppressions <file>', 'accepted findings: a JSON list of { "id", "reason", "at"? }')
    .option(
      '--guard <guard>',
      'what must not be had for less than a level, for example scope:payments=gold (client:, role:, action: too); more than once',
      (text: string, all: string[]) => [...all, text],
      [] as string[],
    )
    .option(...VERSION_OPTION)
    .option(...CONFIG_OPTION)
    .addHelpText(
      'after',
      '\nExits with 0 if no error is found, or no difference; with 1 if one is; with 2 if it could not run.',
    )
    .action(async (source: string, options: Options) => {
      const { against } = options;
      if (against !== undefined) return checkAgainst(source, against, options);
      const settings = readSettings(options.config);
      const { realms } = await loadSource(source);
      const version = options.keycloakVersion ?? settings.keycloakVersion;
      const checked = checkAll(
        realms.map((model) => withVersion(model, version)),
        options,
        settings,
      );
      if (options.sarif !== undefined) writeSarif(options.sarif, checked, shownSource(source));
      const output = options.json ? JSON.stringify(checked.map(printed), undefined, 2) : checkText(checked);
      process.stdout.write(`${output}\n`);
      const errors = checked.some(({ findings }) => findings.some(({ level }) => level === 'error'));
      process.exitCode = errors ? EXIT.found : EXIT.fine;
    });
}

async function checkAgainst(
  source: string,
  against: string,
  { json, sarif, suppressions, guard }: Options,
): Promise<void> {
  if (sarif !== undefined || suppressions !== undefined || guard.length > 0) {
    throw new CouldNotRun(
      '--against compares and looks for no findings: leave --sarif, --suppressions and --guard out',
    );
  }
  const { realms } = await loadSource(source);
  const compared = await compareAgainst(realms, against);
  process.stdout.write(`${json ? JSON.stringify(compared, undefined, 2) : comparedText(compared)}\n`);
  process.exitCode = compared.some(({ differences }) => differences.length > 0) ? EXIT.found : EXIT.fine;
}

function checkAll(realms: readonly RealmModel[], { suppressions, guard }: Options, settings: Settings): CheckedRealm[] {
  const ofFile = suppressions === undefined ? [] : readSuppressions(suppressions);
  const accepted = [...ofFile, ...(settings.suppressions ?? [])];
  try {
    const guards = [...(settings.guards ?? []), ...guard].map(parseGuard);
    return realms.map((model) => check(model, accepted, RULES, guards));
  } catch (error) {
    if (error instanceof SuppressionError || error instanceof GuardError) throw new CouldNotRun(error.message);
    throw error;
  }
}

function printed({ model, ...rest }: CheckedRealm): PrintedRealm {
  const note = versionNote(model.keycloakVersion);
  return { ...rest, source: model.source, complete: model.complete, ...(note !== undefined && { versionNote: note }) };
}

function writeSarif(file: string, checked: readonly CheckedRealm[], source: string): void {
  try {
    writeFileSync(file, `${JSON.stringify(sarifLog(checked, source), undefined, 2)}\n`);
  } catch (error) {
    throw new CouldNotRun(`${file} can't be written: ${(error as Error).message}`);
  }
}
