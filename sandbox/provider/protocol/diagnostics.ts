/** One step into a value: an attribute or map key by name, a list element by index. */
export type PathStep = { attribute_name: string } | { element_key_string: string } | { element_key_int: number };

/** What Terraform shows to the user, with the attribute that it points at. */
export interface Diagnostic {
  severity: 'ERROR' | 'WARNING';
  summary: string;
  detail: string;
  attribute?: { steps: PathStep[] };
}

/** An error whose text is meant for the user as it stands. */
export class UserError extends Error {
  override name = 'UserError';
}

export function errorDiagnostic(summary: string, detail = '', steps?: PathStep[]): Diagnostic {
  return { severity: 'ERROR', summary, detail, ...(steps && { attribute: { steps } }) };
}

/** Turns whatever was thrown into a diagnostic: a thrown error that nobody catches reads "Plugin did not respond". */
export function toDiagnostic(thrown: unknown): Diagnostic {
  if (thrown instanceof UserError) return errorDiagnostic(thrown.message);
  if (!(thrown instanceof Error)) return errorDiagnostic(String(thrown));
  return errorDiagnostic(describe(thrown), thrown.name === 'Error' ? '' : (thrown.stack ?? ''));
}

/** What failed, in words: Node's "fetch failed" hides it in `cause`, and the error of several addresses in its code. */
export function describe(error: Error): string {
  const text = error.message || (error as NodeJS.ErrnoException).code || error.name;
  return error.cause instanceof Error ? `${text}: ${describe(error.cause)}` : text;
}
