import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { StepUpClientScope, StepUpFlow } from '../../../lib';
import { readRealmRepresentation } from '../../../model';
import { fetchRealm } from '../../../model/readers/keycloak/live';
import { type Difference, drift } from '../../../review/drift';
import { generationless } from '../../../review/drift/names';
import { stepUp } from '../../cli/step-up';
import { describeWithKeycloak, testKeycloak } from '../support/keycloak';
import { withMailbox } from '../support/mailbox';
import { withSite } from '../support/site';
import { driftPage } from './page';
import { type Hand, passwordOf, ROWS, type Row } from './rows';

// A flow is made one request after the other.
jest.setTimeout(600_000);

const PAGE = join(__dirname, '../../../docs/drift.md');

describeWithKeycloak('What a hand changes in the console', () => {
  const mailbox = withMailbox();
  const site = withSite(
    ({ stack, realm, gold, client }) => {
      realm.resource.putSmtpServer(mailbox.smtpServer());
      const payments = new StepUpClientScope(stack, 'payments', { realm, name: 'payments', requires: gold });
      realm.bindBrowserFlow(new StepUpFlow(stack, 'browser', { realm, scopes: [payments] }));
      client('plain', { optionalScopes: [payments] });
      client('minimum', { minimumLevel: gold });
    },
    { passwordReset: true },
  );

  const handOf = async (): Promise<Hand> => {
    const bob = await site.user();
    return {
      ...(await testKeycloak()),
      site,
      mailbox,
      bob,
      byPassword: (clientId, request = {}) => site.signIn(clientId, passwordOf(bob), request),
    };
  };
  const differences = async (): Promise<readonly Difference[]> => {
    const { admin } = await testKeycloak();
    const live = readRealmRepresentation(await fetchRealm(admin, site.realm), 'live');
    return drift(live, await site.folder.declared()).differences;
  };

  test('untouched: nothing, and the plan is empty', async () => {
    const { url, clientId, clientSecret } = await testKeycloak();
    const env = { KEYCLOAK_CLIENT_ID: clientId, KEYCLOAK_CLIENT_SECRET: clientSecret };
    const live = `${url}/realms/${site.realm}`;
    const { exitCode, stdout } = await stepUp(['check', live, '--against', site.folder.path()], { env });
    expect(stdout).toBe(`Realm ${site.realm}: nothing differs from what the stack declares.`);
    expect(exitCode).toBe(0);
    expect(await site.folder.plan()).toEqual([]);
    const json = await stepUp(['check', live, '--against', site.folder.path(), '--json'], { env });
    expect(JSON.parse(json.stdout)).toMatchObject([{ realm: site.realm, differences: [], open: [] }]);
  });

  test.each(ROWS)('$changed', async (row: Row) => {
    const hand = await handOf();
    await row.change(hand);
    if (row.hostile) expect(await row.hostile.login(hand)).toBe(row.hostile.gets);
    const found = await differences();
    const said = found.map(({ path, what }) => generationless(`${path}: ${what}`));
    expect(said).toHaveLength(row.says.length);
    expect(said).toEqual(row.says.map((text) => expect.stringContaining(text)));
    expect(await planned()).toBe(row.plan);
    await mended(hand, row, found);
    expect(await differences()).toEqual([]);
    const text = rowText(row, found);
    if (process.env.STEP_UP_WRITE_DRIFT) writeRow(row, text);
    expect(pageRows()).toContain(text);
  });

  // A row that failed leaves the others alone.
  afterEach(async () => {
    if ((await differences()).length === 0) return;
    const flow = (await site.folder.declared()).flows.find(({ alias }) => alias.startsWith('step-up-'));
    await site.folder.again(`-replace=${flow?.madeAnewBy}`);
  });

  const planned = async (): Promise<Row['plan']> => {
    try {
      return (await site.folder.plan()).length > 0 ? 'shown' : 'EMPTY';
    } catch (error) {
      if (!String(error).includes('is not as one apply made it')) throw error;
      return 'stopped: flow not as one apply made it';
    }
  };

  /** By the commands that were said, in one apply; by hand where none is. */
  const mended = async (hand: Hand, row: Row, found: readonly Difference[]) => {
    if (row.mend) return row.mend(hand);
    for (const { mend } of found) {
      const [, forgotten] = /^terraform state rm '(.*)' &&/.exec(mend) ?? [];
      if (forgotten !== undefined) await site.folder.forget(forgotten);
    }
    const replaced = found.flatMap(({ mend }) => /-replace=\S+/.exec(mend)?.[0] ?? []);
    await site.folder.again(...new Set(replaced));
  };
});

function pageRows(): string[] {
  return existsSync(PAGE) ? readFileSync(PAGE, 'utf8').split('\n') : [];
}

/** Writes one row and keeps the others. */
function writeRow(seen: Row, text: string): void {
  const before = pageRows();
  const rows = ROWS.map((row) => (row === seen ? text : before.find((line) => line.startsWith(`| ${row.changed} |`))));
  writeFileSync(PAGE, driftPage(rows.filter((row) => row !== undefined)));
}

/** Without what differs from run to run. */
function rowText({ changed, hostile, plan }: Row, found: readonly Difference[]): string {
  const said = found.map(({ path, what, mend }) => {
    const how = mend
      .replace(/-replace=\S+/, '-replace=…')
      .replace(/rm '\S+'/, 'rm …')
      .replace(/flows\/\S+/, 'flows/…');
    return generationless(`${path}: ${what}. ${how}`).replaceAll(/-[0-9a-f]{8}-\d{14}/g, '-…');
  });
  const cells = [changed, hostile?.gets ?? '', plan, said.join('<br>') || 'nothing: Keycloak hides the value'];
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
}
