import { setTimeout as sleep } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import type KeycloakAdminClient from '@keycloak/keycloak-admin-client';
import { Browser, createUser, type LoginRequest, type LoginResult, signIn } from '../login';
import { answersOf, type Observation, observe, type Scenario } from './scenarios';

/** A deployed realm to sign in to. */
export interface Stage {
  /** Base URL of Keycloak. */
  readonly url: string;
  readonly realm: string;
  readonly clientId: string;
  readonly redirectUri: string;
  /** How long the level gold counts, in seconds. */
  readonly goldMaxAgeSeconds: number;
  /** May create users in the realm. */
  readonly admin: KeycloakAdminClient;
  readonly log?: (detail: string) => void;
}

/** A scenario and what became of it. */
export interface Row {
  readonly scenario: Scenario;
  readonly result: LoginResult;
  readonly observed: Observation;
  readonly asExpected: boolean;
}

/**
 * Plays scenarios by real logins with fresh users. Sessions run side by side, the rows of one session in their order.
 *
 * @returns a row for each scenario, in their order
 */
export async function runScenarios(stage: Stage, scenarios: readonly Scenario[]): Promise<Row[]> {
  const rows = new Map<Scenario, Row>();
  const users = [...new Set(scenarios.map(({ user }) => user))];
  await Promise.all(
    users.map(async (user) => {
      const own = scenarios.filter((scenario) => scenario.user === user);
      for (const row of await runSession(stage, user, own)) rows.set(row.scenario, row);
    }),
  );
  return scenarios.map((scenario) => rows.get(scenario) as Row);
}

async function runSession(stage: Stage, username: string, scenarios: readonly Scenario[]): Promise<Row[]> {
  const browser = new Browser();
  const user = await createUser(stage.admin, stage.realm, { username, totp: true });
  const request = (more: Scenario['request']): LoginRequest => ({
    client: { issuer: `${stage.url}/realms/${stage.realm}`, clientId: stage.clientId },
    redirectUri: stage.redirectUri,
    ...more,
  });
  const rows: Row[] = [];
  for (const scenario of scenarios) {
    if (scenario.signedIn) await signIn(browser, request({}), answersOf(user));
    if (scenario.afterMaxAge) {
      const seconds = stage.goldMaxAgeSeconds + 1;
      stage.log?.(`waiting ${seconds} s for gold to expire`);
      await sleep(seconds * 1000);
    }
    stage.log?.(scenario.title);
    const result = await signIn(browser, request(scenario.request), answersOf(user, scenario.mistake));
    const observed = observe(scenario, result);
    rows.push({ scenario, result, observed, asExpected: isDeepStrictEqual(observed, scenario.expected) });
  }
  return rows;
}
