import { randomBytes } from 'node:crypto';
import { rmSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type KeycloakAdminClient from '@keycloak/keycloak-admin-client';
import { dev } from '../../stacks/dev';
import { onProcessEnd } from '../cleanup';
import { deploy } from '../deploy';
import { adminClient, chooseKeycloak, type KeycloakServer } from '../keycloak';
import { during, type Progress } from '../progress';
import { chosenProvider, installProvider } from '../provider/install';
import { requireTerraform } from '../terraform';
import type { Report } from './report';
import { runScenarios, type Stage } from './run-scenarios';
import { SCENARIOS } from './scenarios';

/** A deployed realm with its report, until `close()`. */
export interface Play {
  readonly report: Report;
  readonly server: KeycloakServer;
  readonly stage: Stage;
  /** Stops what was started and removes what was made, on a server of the user's too. */
  close(): Promise<void>;
}

/**
 * The whole quickstart: a Keycloak, the real `cdktf deploy dev`, the logins of {@link SCENARIOS}, and the same deploy again.
 *
 * @throws CannotRun if a part is missing or the deploy fails; what was started is stopped then
 */
export async function play(progress: Progress): Promise<Play> {
  const since = Date.now();
  // What is missing is told before anything slow begins: a registry may take a minute not to answer.
  await requireTerraform();
  chosenProvider();
  const startKeycloak = await chooseKeycloak({ progress });
  const directory = await mkdtemp(join(tmpdir(), 'step-up-quickstart-'));
  const removeDirectory = () => rmSync(directory, { recursive: true, force: true });
  const withdraw = onProcessEnd(removeDirectory);
  const undo: (() => unknown)[] = [withdraw, removeDirectory];
  const close = async () => {
    for (const step of undo.splice(0).reverse()) await step();
  };
  try {
    // Both before either's failure is reported, so that a Keycloak that starts meanwhile is stopped.
    const [server, provider] = await settled(
      startKeycloak().then((started) => {
        undo.push(() => started.stop());
        return started;
      }),
      during(
        progress,
        'Finding the Keycloak provider for Terraform',
        () => installProvider({ directory: join(directory, 'provider'), log: progress.note }),
        ({ kind }) => kind,
      ),
    );
    const admin = await adminClient(server);
    const realmName = ownRealm(server);
    if (server.origin === 'existing') {
      undo.push(() => removeRealm(admin, realmName));
      progress.note(`The stack gets a realm of its own, ${realmName}, which is removed in the end.`);
    }

    const apply = (label: string) =>
      during(
        progress,
        label,
        (step) =>
          deploy({ keycloak: server, provider, directory: join(directory, 'out'), realmName, log: step.update }),
        ({ changed, added }) => (changed ? `${added} resources added` : 'no changes'),
      );
    const firstDeploy = await apply('cdktf deploy dev');
    const stage: Stage = {
      url: server.url,
      realm: realmName,
      clientId: String(firstDeploy.outputs.client_id),
      redirectUri: dev.shopRedirectUris[0] as string,
      goldMaxAgeSeconds: dev.goldMaxAge.toSeconds(),
      admin,
    };
    const rows = await during(progress, 'Signing in', (step) =>
      runScenarios({ ...stage, log: step.update }, SCENARIOS),
    );
    const secondDeploy = await apply('cdktf deploy dev, again');
    const report: Report = {
      keycloak: { version: server.version, url: server.url, origin: server.origin },
      provider: provider.kind,
      realm: realmName,
      firstDeploy,
      rows,
      secondDeploy,
      seconds: Math.round((Date.now() - since) / 1000),
    };
    return { report, server, stage, close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function settled<A, B>(first: Promise<A>, second: Promise<B>): Promise<[A, B]> {
  await Promise.allSettled([first, second]);
  return Promise.all([first, second]);
}

/** On a server of the user's the realm has a name that no other has, so that nothing of theirs is touched. */
function ownRealm(server: KeycloakServer): string {
  return server.origin === 'existing' ? `${dev.realmName}-${randomBytes(5).toString('hex')}` : dev.realmName;
}

async function removeRealm(admin: KeycloakAdminClient, realm: string): Promise<void> {
  if (await admin.realms.findOne({ realm })) await admin.realms.del({ realm });
}
