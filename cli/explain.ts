import { Command } from 'commander';
import {
  explore,
  exploreGoals,
  type Goal,
  type GoalExplanation,
  isUnknown,
  type LevelExplanation,
  type RealmModel,
} from '../model';
import { versionNote } from '../model/keycloak/versions';
import { CouldNotRun, EXIT } from './could-not-run';
import { explanationText } from './explain-text';
import { VERSION_OPTION, withVersion } from './keycloak-version';
import { CONFIG_OPTION, readSettings } from './settings';
import { loadSource, SOURCE_HELP } from './source/load';

interface Options {
  readonly client?: string;
  readonly acr?: string;
  readonly scope?: string;
  readonly role?: string;
  readonly action?: string;
  readonly json?: boolean;
  readonly keycloakVersion?: string;
  readonly config?: string;
}

/** A realm with the explanation of what is had in it: what `--json` prints a list of. */
interface ExplainedRealm {
  readonly realm: string | null;
  readonly source: RealmModel['source'];
  readonly complete: boolean;
  readonly unknowns: RealmModel['unknowns'];
  /** What is to be known of an answer about this release of Keycloak. */
  readonly versionNote?: string;
  readonly levels: readonly LevelExplanation[];
  /** What is had beside levels: tokens at all, client scopes, roles; changes of the account. */
  readonly goals: readonly GoalExplanation[];
}

/** `step-up explain`: which proofs reach each level of each client and whatever else may be guarded, and how. */
export function explainCommand(): Command {
  return new Command('explain')
    .description('Say which proofs reach each level, scope, role and token of each client, with one way to do it each.')
    .argument('<source>', SOURCE_HELP)
    .option('--client <id>', 'only this client (Keycloak’s own, such as account-console, are left out otherwise)')
    .option('--acr <name>', 'only this level')
    .option('--scope <name>', 'only this client scope in the token')
    .option('--role <name>', 'only this role in the token: ROLE of the realm, CLIENT.ROLE of a client')
    .option('--action <alias>', 'only this change of the account, by its required action, for example CONFIGURE_TOTP')
    .option('--json', 'print JSON')
    .option(...VERSION_OPTION)
    .option(...CONFIG_OPTION)
    .addHelpText('after', '\nExits with 0; with 1 if something can’t be told; with 2 if it could not run.')
    .action(async (source: string, options: Options) => {
      const version = options.keycloakVersion ?? readSettings(options.config).keycloakVersion;
      const { realms } = await loadSource(source);
      const explained = realms.map((model) => explainRealm(withVersion(model, version), options));
      insistOnSomething(explained, options);
      const output = options.json ? JSON.stringify(explained, undefined, 2) : explained.map(realmText).join('\n');
      process.stdout.write(`${output}\n`);
      const open = explained.some(({ levels, goals }) =>
        [...levels, ...goals].some(({ cannotTell }) => cannotTell.length > 0),
      );
      process.exitCode = open ? EXIT.found : EXIT.fine;
    });
}

function explainRealm(model: RealmModel, options: Options): ExplainedRealm {
  const { client, acr } = options;
  const note = versionNote(model.keycloakVersion);
  const ofClient = client === undefined ? {} : { clientId: client };
  const wanted = wantedGoals(options);
  const levels = wanted && acr === undefined ? [] : explore(model, { ...ofClient, ...(acr !== undefined && { acr }) });
  const others = wanted?.length === 0 ? [] : exploreGoals(model, { ...ofClient, ...(wanted && { goals: wanted }) });
  return {
    realm: isUnknown(model.realm) ? null : model.realm,
    source: model.source,
    complete: model.complete,
    unknowns: model.unknowns,
    ...(note !== undefined && { versionNote: note }),
    levels,
    goals: others.filter(({ goal }) => goal.kind !== 'acr'),
  };
}

/** What is asked for beside levels; undefined if all is. */
function wantedGoals({ acr, scope, role, action }: Options): Goal[] | undefined {
  if ([acr, scope, role, action].every((each) => each === undefined)) return undefined;
  return [
    ...(scope === undefined ? [] : [{ kind: 'scope', name: scope } as const]),
    ...(role === undefined ? [] : [{ kind: 'role', name: role } as const]),
    ...(action === undefined ? [] : [{ kind: 'action', name: action } as const]),
  ];
}

function insistOnSomething(explained: readonly ExplainedRealm[], { client, acr, scope, role }: Options): void {
  if (explained.some(({ levels, goals }) => levels.length > 0 || goals.length > 0)) return;
  const what = [client && `client ${client}`, acr && `acr ${acr}`, scope && `scope ${scope}`, role && `role ${role}`]
    .filter(Boolean)
    .join(' with ');
  throw new CouldNotRun(
    what
      ? `No ${what} in this source: check the name, or leave the option out to see all`
      : 'No client in this source that users log in to',
  );
}

function realmText({ realm, levels, goals, unknowns, versionNote: note }: ExplainedRealm): string {
  const notRead = unknowns.map(({ address, unknown }) => `  not read: ${address ? `${address}: ` : ''}${unknown}`);
  return [
    `Realm ${realm ?? '(name not known)'}`,
    ...(note === undefined ? [] : [`  ${note}`]),
    ...notRead,
    explanationText(levels, goals, realm ?? 'REALM'),
  ].join('\n');
}
