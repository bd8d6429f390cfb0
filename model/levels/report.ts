import type { DeclaredRealm } from './record-levels';

/**
 * The environment variable by which the command asks an app what levels it declares: the path of a file to which each realm adds a
 * line of JSON, a {@link ReportedRealm}.
 */
export const REPORT_VARIABLE = 'STEP_UP_LEVELS_REPORT';

export interface ReportedRealm extends DeclaredRealm {
  /** The file that keeps the history of the levels; none if they have no history. */
  readonly file?: string;
  /** The construct's path. */
  readonly path: string;
}
