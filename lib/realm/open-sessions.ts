import { Annotations } from 'cdktf';
import { LEVELS_FILE, RECORD, type RecordedLevel } from '../../model/levels';
import { contentOf } from '../support/content';
import type { StepUpRealm } from './step-up-realm';

/**
 * Warns at synth as long as the history says that sessions from before a change stand for more than was proved in them, and tells how
 * to end them and how long they last otherwise.
 */
export function warnOfOpenSessions(realm: StepUpRealm, history: readonly RecordedLevel[]): void {
  const open = history.filter(({ sessions }) => sessions !== undefined);
  if (open.length === 0) return;
  let told = false;
  realm.node.addValidation({
    validate: () => {
      if (told) return [];
      told = true;
      // The lifespans may be set on the resource after the realm was made.
      const rest = howSessionsEnd(realm);
      for (const { acr, loa } of open) {
        Annotations.of(realm).addWarning(
          `Sessions and refresh tokens from before "${acr}" (${loa}) of ${LEVELS_FILE} count for it without its proof. ${rest} Then run "${RECORD} --settled ${acr}".`,
        );
      }
      return [];
    },
  });
}

/** What ends the sessions of the realm, and when they have ended by themselves. */
export function howSessionsEnd(realm: StepUpRealm): string {
  const content = contentOf(realm.resource);
  const longest = Math.max(
    ...['sso_session_max_lifespan', 'sso_session_max_lifespan_remember_me'].map(
      (name) => secondsOf(content[name]) ?? 0,
    ),
  );
  const offline = content.offline_session_max_lifespan_enabled === true;
  const offlineMax = offline ? secondsOf(content.offline_session_max_lifespan) : undefined;
  return [
    'After the deploy end them by POST /admin/realms/REALM/logout-all, which refuses older refresh and offline tokens too (docs/levels.md).',
    `Or wait: a session ends ${longest > 0 ? `${inWords(longest)} after its login at the latest` : 'at a time that the stack does not say'},`,
    `an offline session ${offlineMax === undefined ? 'never, as long as it is used' : `after ${inWords(offlineMax)}`}.`,
  ].join(' ');
}

const UNITS: Readonly<Record<string, number>> = { h: 3600, m: 60, s: 1 };

/** The seconds of a duration as the provider writes it, `10h0m0s`. */
function secondsOf(text: unknown): number | undefined {
  if (typeof text !== 'string' || !/^(\d+[hms])+$/.test(text)) return undefined;
  return [...text.matchAll(/(\d+)([hms])/g)].reduce(
    (sum, [, amount, unit]) => sum + Number(amount) * (UNITS[unit as string] as number),
    0,
  );
}

function inWords(seconds: number): string {
  return `${seconds} seconds (${Math.round(seconds / 360) / 10} hours)`;
}
