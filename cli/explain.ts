import { Command } from 'commander';
import { explore, isUnknown, type LevelExplanation, type RealmModel } from '../model';
import { CouldNotRun, EXIT } from './could-not-run';
import { explanationText } from './explain-text';
import { loadSource, SOURCE_HELP } from './source/load';

interface Options {
  readonly client?: string;
  readonly acr?: string;
  readonly json?: boolean;
}

/** A realm with the explanation of its levels: what `--json` prints a list of. */
interface ExplainedRealm {
  readonly realm: string | null;
  readonly source: RealmModel['source'];
  readonly complete: boolean;
  readonly unknowns: RealmModel['unknowns'];
  readonly levels: readonly LevelExplanation[];
}

/** `step-up explain`: which proofs reach each level of each client, and how. */
export function explainCommand(): Command {
  return new Command('explain')
    .description('Say which proofs reach each level of each client, with one way to do it each.')
    .argument('<source>', SOURCE_HELP)
    .option('--client <id>', 'only this client (Keycloak’s own, such as account-console, are left out otherwise)')
    .option('--acr <name>', 'only this level')
    .option('--json', 'print JSON')
    .addHelpText('after', '\nExits with 0; with 1 if something can’t be told; with 2 if it could not run.')
    .action(async (source: string, options: Options) => {
      const { realms } = await loadSource(source);
      const explained = realms.map((model) => explainRealm(model, options));
      insistOnSomething(explained, options);
      const output = options.json ? JSON.stringify(explained, undefined, 2) : explained.map(realmText).join('\n');
      process.stdout.write(`${output}\n`);
      const open = explained.some(({ levels }) => levels.some(({ cannotTell }) => cannotTell.length > 0));
      process.exitCode = open ? EXIT.found : EXIT.fine;
    });
}

function explainRealm(model: RealmModel, { client, acr }: Options): ExplainedRealm {
  return {
    realm: isUnknown(model.realm) ? null : model.realm,
    source: model.source,
    complete: model.complete,
    unknowns: model.unknowns,
    levels: explore(model, { ...(client !== undefined && { clientId: client }), ...(acr !== undefined && { acr }) }),
  };
}

function insistOnSomething(explained: readonly ExplainedRealm[], { client, acr }: Options): void {
  if (explained.some(({ levels }) => levels.length > 0)) return;
  const what = [client && `client ${client}`, acr && `acr ${acr}`].filter(Boolean).join(' with ');
  throw new CouldNotRun(
    what
      ? `No ${what} in this source: check the name, or leave the option out to see all`
      : 'No client with an acr map in this source: set the realm attribute acr.loa.map',
  );
}

function realmText({ realm, levels, unknowns }: ExplainedRealm): string {
  const notRead = unknowns.map(({ address, unknown }) => `  not read: ${address ? `${address}: ` : ''}${unknown}`);
  return [`Realm ${realm ?? '(name not known)'}`, ...notRead, explanationText(levels, realm ?? 'REALM')].join('\n');
}
