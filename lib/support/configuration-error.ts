import type { IConstruct } from 'constructs';

/** What is wrong with a construct's props, in the parts that every message must have. */
export interface Problem {
  /** What was set, as the user wrote it: `maxAge -5`. */
  readonly value: string;
  /** Why Keycloak, Terraform or this library can't take it. */
  readonly why: string;
  /** What to write instead. */
  readonly instead: string;
}

/**
 * Bad input, found while the constructs are made or validated: names the construct's path, the value, why it is wrong
 * and what to write instead. Thrown before anything is written.
 */
export class ConfigurationError extends Error {
  override readonly name = 'ConfigurationError';

  constructor(
    readonly path: string,
    readonly problem: Problem,
  ) {
    super(`${path}: ${describe(problem)}`);
  }
}

/** The sentence that a construct's validation returns; Terraform CDK puts the path before it. */
export function describe({ value, why, instead }: Problem): string {
  return `${value}: ${why}. ${instead}.`;
}

/** Throws a {@link ConfigurationError} at `scope` unless `condition` holds. */
export function insist(scope: IConstruct, condition: boolean, problem: () => Problem): asserts condition {
  if (!condition) throw new ConfigurationError(scope.node.path, problem());
}
