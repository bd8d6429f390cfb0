import { compareVersions } from '../model/keycloak/versions';
import type { Level } from './rule';

/** A defect of Keycloak that touches step-up. */
export interface KnownDefect {
  /** CVE id, or the issue. */
  readonly id: string;
  readonly title: string;
  /** First release that has it. @default all before {@link fixed} */
  readonly since?: string;
  /** First release without it; undefined if none is known. */
  readonly fixed?: string;
  /** What an attacker gains. */
  readonly gain: string;
  readonly level: Level;
}

/** Kept by hand; newest first. */
export const KNOWN_DEFECTS: readonly KnownDefect[] = [
  {
    id: 'CVE-2026-97176',
    title: 'An essential level that the flow can not reach, asked from a lower session',
    gain: 'Keycloak may issue a token of the lower level where an error is due; the resource must check acr itself.',
    level: 'note',
  },
  {
    id: 'CVE-2026-94218',
    title: 'The set-up of a second factor can be bypassed',
    fixed: '26.8.1',
    gain: 'A user, or whoever has the password, goes on without the second factor that had to be set up.',
    level: 'warning',
  },
  {
    id: 'CVE-2026-18963',
    title: 'Reset of credentials',
    fixed: '26.7.2',
    gain: 'The flow "reset credentials" lets in whom it should not.',
    level: 'warning',
  },
  {
    id: 'CVE-2026-3429',
    title: 'A second factor can be deleted at a low level through a client with a flow override',
    fixed: '26.5.7',
    gain: 'Whoever has the password deletes the second factor, and enrols another.',
    level: 'warning',
  },
  {
    id: 'keycloak/keycloak issue 47908',
    title: 'The upgrade to 26.6.0 rewrites custom browser flows; the rows stay after a further upgrade',
    since: '26.6.0',
    fixed: '26.6.1',
    gain: 'Logins use a flow that nobody wrote; compare it with the configuration.',
    level: 'warning',
  },
];

/** Whether a release has the defect. A suffix such as `.redhat-00001` doesn't count. */
export function hasDefect(version: string, { since, fixed }: KnownDefect): boolean {
  if (since !== undefined && compareVersions(version, since) < 0) return false;
  return fixed === undefined || compareVersions(version, fixed) < 0;
}
