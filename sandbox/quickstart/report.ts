import Table from 'cli-table3';
import pc from 'picocolors';
import type { DeployResult } from '../deploy';
import type { LoginResult } from '../login';
import type { Row } from './run-scenarios';
import type { Observation, Scenario } from './scenarios';

/** What the quickstart has seen. */
export interface Report {
  readonly keycloak: { readonly version: string; readonly url: string; readonly origin: string };
  readonly provider: 'official' | 'offline';
  readonly realm: string;
  readonly firstDeploy: DeployResult;
  readonly rows: readonly Row[];
  readonly secondDeploy: DeployResult;
  readonly seconds: number;
}

/** Whether every row, and the second deploy, came out as expected. */
export function asExpected({ rows, secondDeploy }: Report): boolean {
  return rows.every((row) => row.asExpected) && !secondDeploy.changed;
}

/** The report for people. */
export function renderTable(report: Report): string {
  const table = new Table({
    head: ['', 'asked for', 'Keycloak asked the user for', 'came back', 'as expected'].map(pc.bold),
    // Its own colours ignore whether there is a terminal.
    style: { head: [], border: [] },
  });
  for (const row of report.rows) {
    table.push([
      row.scenario.title,
      requestText(row.scenario),
      row.result.asked.join(', ') || 'nothing',
      outcomeText({ ...row.observed, amr: row.result.amr, error: row.result.error }),
      row.asExpected ? pc.green('yes') : pc.red(`no: ${expectationText(row.scenario.expected)}`),
    ]);
  }
  return `${table.toString()}\n${secondDeployText(report.secondDeploy)}`;
}

/** The report for programs. It holds no tokens, passwords or secrets. */
export function renderJson(report: Report): string {
  const { rows, ...rest } = report;
  return JSON.stringify(
    {
      ...rest,
      rows: rows.map(({ scenario, result, observed, asExpected }) => ({
        title: scenario.title,
        request: scenario.request,
        observed: { ...observed, ...(result.error !== undefined && { error: result.error }) },
        expected: scenario.expected,
        asExpected,
      })),
      asExpected: asExpected(report),
    },
    undefined,
    2,
  );
}

function requestText({ request }: Scenario): string {
  if (request.acrValues) return `acr_values=${request.acrValues.join(' ')}`;
  return request.scope ? `scope=${request.scope.join(' ')}` : 'no level';
}

function outcomeText(login: Observation & Partial<Pick<LoginResult, 'amr' | 'error'>>): string {
  const { outcome, acr, amr = [], scope = [], error } = login;
  if (outcome !== 'granted') return error ? `${outcome}: ${error}` : outcome;
  const claims = { acr, amr: amr.join(' '), scope: scope.join(' ') };
  return Object.entries(claims)
    .flatMap(([name, value]) => (value ? [`${name} ${value}`] : []))
    .join(', ');
}

function expectationText(expected: Observation): string {
  return `${expected.asked.join(', ') || 'nothing'} → ${outcomeText(expected)}`;
}

function secondDeployText({ changed, changes }: DeployResult): string {
  if (!changed) return `${pc.green('✔')} A second deploy shows no changes.`;
  return [`${pc.red('✖')} A second deploy shows changes:`, ...changes.map((change) => `  ${change}`)].join('\n');
}
