import { builtInFlows } from '../../keycloak/built-in-flows';
import type {
  AuthenticatorConfig,
  Execution,
  Flow,
  FlowProvider,
  Known,
  Requirement,
  UnknownPart,
} from '../../realm-model';
import type {
  ConfigRepresentation,
  ExecutionRepresentation,
  FlowRepresentation,
  RealmRepresentation,
} from './representation';

const REQUIREMENTS: readonly string[] = ['REQUIRED', 'ALTERNATIVE', 'CONDITIONAL', 'DISABLED'];

/**
 * The top-level flows of a representation.
 *
 * @param imported whether Keycloak makes its own flows where the representation has none of their names (`migrateFlows`)
 */
export function flowsOf(realm: RealmRepresentation, imported: boolean, unknowns: UnknownPart[]): Flow[] {
  const all = realm.authenticationFlows ?? [];
  const aliases = new Set(all.map(({ alias }) => alias));
  const configs = realm.authenticatorConfig ?? [];

  const flow = (representation: FlowRepresentation, path: string, above: readonly string[]): Flow => {
    const given = representation.authenticationExecutions ?? [];
    // Sorting keeps the order of the file where priorities are left out.
    const executions = [...given].sort((a, b) => (a.priority ?? 0) - (b.priority ?? 0));
    const alias = representation.alias ?? '';
    return {
      alias,
      ...(representation.id && { id: representation.id }),
      ...(representation.description && { description: representation.description }),
      provider: (representation.providerId ?? 'basic-flow') as FlowProvider,
      builtIn: representation.builtIn ?? false,
      executions: executions.map((each, index) =>
        execution(each, `${path}/${index + 1}`, representation, [...above, representation.id ?? alias]),
      ),
      ...(sharePriority(executions) && { orderUnknown: 'executions of it have the same priority' }),
    };
  };

  const execution = (
    each: ExecutionRepresentation,
    path: string,
    parent: FlowRepresentation,
    above: readonly string[],
  ): Execution => {
    const id = `${path}:${each.flowAlias ?? each.authenticator}`;
    const requirement = each.requirement ?? '';
    const base = {
      id,
      priority: each.priority ?? 0,
      requirement: REQUIREMENTS.includes(requirement)
        ? (requirement as Requirement)
        : { unknown: `${id} has the requirement ${requirement}` },
    };
    if (each.authenticatorFlow || each.flowAlias !== undefined) {
      return { ...base, kind: 'subflow', flow: subflow(each, path, parent, above) };
    }
    const config = configOf(each, configs);
    return {
      ...base,
      kind: 'authenticator',
      authenticator: each.authenticator ?? { unknown: `${path} names no authenticator` },
      ...(config && { config }),
    };
  };

  const subflow = (
    each: ExecutionRepresentation,
    path: string,
    parent: FlowRepresentation,
    above: readonly string[],
  ): Flow => {
    const alias = each.flowAlias ?? '';
    const { found, why } = subflowOf(each, parent, all);
    if (found && !above.includes(found.id ?? alias)) return flow(found, path, above);
    const reason = found ? 'holds itself' : why;
    unknowns.push({ unknown: `the flow ${alias}, which ${path} names, ${reason}` });
    return { ...flow({ alias }, path, above), orderUnknown: `it ${reason} in what was read` };
  };

  const own = all
    .filter(({ topLevel }) => topLevel)
    .map((representation) => flow(representation, representation.alias ?? '', []));
  return imported ? [...own, ...builtInFlows().filter(({ alias }) => !aliases.has(alias))] : own;
}

/** Whether priorities that were written are equal: what the database then says is not in the file. */
function sharePriority(executions: readonly ExecutionRepresentation[]): boolean {
  return executions.some(({ priority }, index) => {
    const before = executions[index - 1];
    return (
      before !== undefined && (priority ?? 0) === (before.priority ?? 0) && (priority ?? before.priority) !== undefined
    );
  });
}

/**
 * The config of an execution. Exports name configs by alias, which several may share: what they agree on is known, the rest isn't
 * unless a live server told the id.
 */
function configOf(
  { authenticatorConfig: alias, authenticatorConfigId: id }: ExecutionRepresentation,
  configs: readonly ConfigRepresentation[],
): AuthenticatorConfig | undefined {
  if (alias === undefined) return undefined;
  const named = configs.filter((config) => config.alias === alias);
  const exact = id === undefined ? undefined : named.find((config) => config.id === id);
  const candidates = (exact ? [exact] : named).map(({ config }) => config ?? {});
  if (candidates.length === 0) return undefined;
  const keys = new Set(candidates.flatMap((values) => Object.keys(values)));
  const values = [...keys].map((key): [string, Known<string>] => {
    const [first, ...others] = candidates.map((config) => config[key]);
    return first !== undefined && others.every((value) => value === first)
      ? [key, first]
      : [key, { unknown: `${candidates.length} configs are called ${alias}, and their ${key} differs` }];
  });
  return { alias, values: Object.fromEntries(values) };
}

/**
 * The subflow of an execution. Exports name it by alias, which two may have: an import file's and Keycloak's own. An execution of a
 * flow of Keycloak's has Keycloak's.
 */
function subflowOf(
  { flowAlias, flowId }: ExecutionRepresentation,
  parent: FlowRepresentation,
  all: readonly FlowRepresentation[],
): { readonly found?: FlowRepresentation; readonly why: string } {
  const named = all.filter(({ alias }) => alias === flowAlias);
  const exact = flowId === undefined ? undefined : named.find(({ id }) => id === flowId);
  const alike = named.filter(({ builtIn = false }) => builtIn === (parent.builtIn ?? false));
  const [found, ...others] = exact ? [exact] : named.length > 1 && alike.length > 0 ? alike : named;
  if (!found) return { why: 'is missing' };
  return others.length > 0 ? { why: `is one of ${named.length} of that name` } : { found, why: '' };
}
