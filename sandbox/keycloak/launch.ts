import type { ChildProcess } from 'node:child_process';
import { cp, mkdir, mkdtemp, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import getPort from 'get-port';
import { CannotRun } from '../cannot-run';
import { type Postgres, startPostgres } from '../postgres';
import { during, type Step, silent } from '../progress';
import { spawnWatched, type WatchedProcess } from '../watched-process';
import { type Bootstrap, bootstrap } from './bootstrap';
import { databaseOf } from './database';
import { buildArguments, distribution } from './distribution';
import { awaitReady } from './health';
import type { KeycloakOptions, KeycloakServer } from './options';
import { chosenPort } from './port';
import { serverEnvironment } from './server-environment';
import { startWays, versionOf } from './version';

const LOOPBACK = '127.0.0.1';
const LOG_LINES = 200;
/** A free port can be taken by another process before the JVM has bound it. */
const ATTEMPTS = 3;

/**
 * Starts the cached distribution with `kc.sh start-dev` on free loopback ports, with a database of its own: in memory, or a PostgreSQL
 * that goes with it.
 *
 * @throws CannotRun if the distribution or PostgreSQL can't be had or the server doesn't start
 */
export async function launch(options: KeycloakOptions): Promise<KeycloakServer> {
  const port = await chosenPort(options.env ?? process.env);
  const shared = await distribution(options);
  return during(
    options.progress ?? silent,
    `Starting Keycloak ${versionOf(options)}${databaseOf(options) === 'postgres' ? ' on PostgreSQL' : ''}`,
    async (step) => {
      const database = databaseOf(options) === 'postgres' ? await startPostgres(options.env) : undefined;
      const run: Run = { shared, options, step, database, account: bootstrap(versionOf(options)) };
      try {
        for (let attempt = 1; ; attempt++) {
          try {
            return await serve(run, port ?? (await getPort({ host: LOOPBACK })));
          } catch (error) {
            if (!(error instanceof PortLost) || port !== undefined || attempt === ATTEMPTS) throw error;
          }
        }
      } catch (error) {
        await database?.stop();
        throw error;
      }
    },
    (server) => server.url,
  );
}

class PortLost extends CannotRun {}

/** What all starts of one server have in common. */
interface Run {
  readonly shared: string;
  readonly options: KeycloakOptions;
  readonly step: Step;
  readonly database: Postgres | undefined;
  readonly account: Bootstrap;
}

async function serve(run: Run, port: number): Promise<KeycloakServer> {
  const { options, account, database } = run;
  const httpsPort = options.https && (await getPort({ host: LOOPBACK }));
  let server = await start(run, port, httpsPort);
  await account.finish(`http://${LOOPBACK}:${port}`);
  return {
    url: `http://${LOOPBACK}:${port}`,
    ...(httpsPort && { httpsUrl: `https://localhost:${httpsPort}` }),
    clientId: account.clientId,
    clientSecret: account.clientSecret,
    version: versionOf(options),
    origin: 'distribution',
    ...(database && {
      crash: () => server.kill(),
      restart: async () => {
        server = await start(run, port, httpsPort);
      },
    }),
    stop: async () => {
      await server.stop();
      await database?.stop();
    },
  };
}

async function start(run: Run, port: number, httpsPort: number | undefined): Promise<WatchedProcess> {
  const { options, account } = run;
  const home = await runFolder(run.shared);
  const managementPort = await getPort({ host: LOOPBACK });
  const arguments_ = ['start-dev', ...buildArguments(options), ...(options.runtimeArguments ?? [])];
  const server = spawnWatched([join(home, 'bin', 'kc.sh'), ...arguments_], {
    folder: home,
    title: 'step-up-keycloak',
    env: {
      ...serverEnvironment(options),
      KC_HTTP_HOST: LOOPBACK,
      KC_HTTP_PORT: String(port),
      KC_HTTP_MANAGEMENT_HOST: LOOPBACK,
      KC_HTTP_MANAGEMENT_PORT: String(managementPort),
      KC_HTTP_MANAGEMENT_SCHEME: 'http',
      ...databaseEnvironment(run.database),
      ...account.env,
      ...httpsEnvironment(options, httpsPort),
    },
  });
  const log = collectLog(server.child, run.step);
  try {
    const healthPort = startWays(versionOf(options)).managementPort ? managementPort : port;
    await awaitReady(`http://${LOOPBACK}:${healthPort}/health/ready`, server.child);
    return server;
  } catch (error) {
    await server.stop();
    throw startFailure(error, log, port);
  }
}

function databaseEnvironment(database: Postgres | undefined): NodeJS.ProcessEnv {
  if (!database) return {};
  return { KC_DB_URL: database.jdbcUrl, KC_DB_USERNAME: database.username, KC_DB_PASSWORD: database.password };
}

/** A home of its own for each run, as Keycloak writes below its home; what it only reads is linked. */
async function runFolder(shared: string): Promise<string> {
  const home = await mkdtemp(join(tmpdir(), 'step-up-keycloak-'));
  await mkdir(join(home, 'bin'));
  // kc.sh resolves links to find its home, so it is the one file that must be a copy.
  await cp(join(shared, 'bin', 'kc.sh'), join(home, 'bin', 'kc.sh'));
  await cp(join(shared, 'conf'), join(home, 'conf'), { recursive: true });
  for (const name of ['lib', 'providers', 'themes']) await symlink(join(shared, name), join(home, name), 'dir');
  return home;
}

function httpsEnvironment(options: KeycloakOptions, port: number | undefined): NodeJS.ProcessEnv {
  if (!options.https || port === undefined) return {};
  const { certificateFile, keyFile, trustedCertificates } = options.https;
  return {
    KC_HTTPS_PORT: String(port),
    KC_HTTPS_CERTIFICATE_FILE: certificateFile,
    KC_HTTPS_CERTIFICATE_KEY_FILE: keyFile,
    ...(trustedCertificates?.length && { KC_TRUSTSTORE_PATHS: trustedCertificates.join(',') }),
  };
}

function collectLog(child: ChildProcess, step: Step): string[] {
  const lines: string[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (text: string) => {
      lines.push(...text.split('\n').filter(Boolean));
      lines.splice(0, lines.length - LOG_LINES);
      if (text.includes('Initializing database schema')) step.update('creating the database');
      if (text.includes('Initializing master realm')) step.update('creating the realm master');
    });
  }
  return lines;
}

function startFailure(error: unknown, log: readonly string[], port: number): Error {
  if (log.some((line) => /Port.*already bound|Address already in use/.test(line))) {
    return new PortLost(`Port ${port} was taken while Keycloak started: try again`);
  }
  const cause = log.find((line) => /\bERROR\b/.test(line)) ?? log.at(-1) ?? 'it printed nothing';
  const reason = error instanceof Error ? error.message : String(error);
  return new CannotRun(`Keycloak did not start (${reason}): ${cause.slice(0, 300)}`);
}
