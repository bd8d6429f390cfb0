/** The release that everything here was measured on, unless a version is told. */
export const PINNED_VERSION = '26.7.4';

/**
 * The releases on which the simulator was compared with the server and agreed, oldest first: the kept cases and random ones, by `npm
 * run conformance -- --keycloak <version>`.
 */
export const MEASURED_VERSIONS: readonly string[] = ['26.6.4', PINNED_VERSION];

/** Releases on which most of it was compared and agreed, and some of it still differs or was not compared: {@link NOT_AGREED}. */
export const PARTLY_MEASURED_VERSIONS: readonly string[] = ['24.0.5', '25.0.6', '26.0.8', '26.2.5', '26.4.7', '26.5.6'];

/** What that is. */
export const NOT_AGREED = 'a few cases with client policies, deletions of credentials or required actions that are due';

/**
 * Compares releases by their first three numbers; what stands behind them, such as `.redhat-00001`, doesn't count, and a number that
 * is missing is 0.
 *
 * @returns below 0 if `a` is the older one, 0 if they are the same, above 0 if `b` is the older one
 */
export function compareVersions(a: string, b: string): number {
  const [left, right] = [numbers(a), numbers(b)];
  for (let index = 0; index < 3; index++) {
    const difference = (left[index] ?? 0) - (right[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** Whether a text names a release: `26.7.4`, also with something behind it. */
export function isVersion(text: unknown): text is string {
  return typeof text === 'string' && /^\d+\.\d+\.\d+(?:[.-][\w.-]+)?$/.test(text);
}

function numbers(version: string): number[] {
  return version
    .split('.')
    .slice(0, 3)
    .map((part) => Number.parseInt(part, 10) || 0);
}

/** Whether the simulator was compared with this release and agreed. */
export function isMeasured(version: string): boolean {
  return isOneOf(MEASURED_VERSIONS, version);
}

function isOneOf(versions: readonly string[], version: string): boolean {
  return versions.some((measured) => compareVersions(measured, version) === 0);
}

/** What whoever reads an answer about this release must know of it; undefined if it was measured. */
export function versionNote(version: string | undefined): string | undefined {
  if (version === undefined || isMeasured(version)) return undefined;
  if (isOneOf(PARTLY_MEASURED_VERSIONS, version)) {
    return `Keycloak ${version} was measured in part: ${NOT_AGREED} may come out otherwise than is said`;
  }
  return `Keycloak ${version} was not measured: what is said of its logins was seen on ${MEASURED_VERSIONS.join(', ')}`;
}
