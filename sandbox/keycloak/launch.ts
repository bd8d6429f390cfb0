import { type ChildProcess, spawn } from 'node:child_process';
import { rmSync } from 'node:fs';
import { cp, mkdir, mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import getPort from 'get-port';
import { CannotRun } from '../cannot-run';
import { onProcessEnd } from '../cleanup';
import { during, type Step, silent } from '../progress';
import { bootstrap } from './bootstrap';
import { buildArguments, distribution } from './distribution';
import { awaitReady } from './health';
import type { KeycloakOptions, KeycloakServer } from './options';
import { chosenPort } from './port';
import { serverEnvironment } from './server-environment';
import { startWays, versionOf } from './version';

const LOOPBACK = '127.0.0.1';
const STOP_TIMEOUT_MS = 15_000;
const LOG_LINES = 200;
/** A free port can be taken by another process before the JVM has bound it. */
const ATTEMPTS = 3;

/**
 * kc.sh and, beside it, a watchdog that reads a pipe from us. When the pipe ends, because we close it or because this process
 * dies in whatever way, even by SIGKILL, the watchdog stops the JVM, removes the run's folder and ends the process group.
 */
const LAUNCHER = `
exec 3<&0 </dev/null
home=$1; shift
"$home/bin/kc.sh" "$@" 3<&- &
kc=$!
(
  trap '' TERM INT HUP
  cat <&3 >/dev/null
  kill -TERM $kc 2>/dev/null
  for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do kill -0 $kc 2>/dev/null || break; sleep 0.2; done
  rm -rf "$home"
  kill -KILL 0
) >/dev/null 2>&1 &
exec 3<&-
wait $kc
`;

/**
 * Starts the cached distribution with `kc.sh start-dev` on free loopback ports, with an in-memory database of its own.
 *
 * @throws CannotRun if the distribution can't be had or the server doesn't start
 */
export async function launch(options: KeycloakOptions): Promise<KeycloakServer> {
  const port = await chosenPort(options.env ?? process.env);
  const shared = await distribution(options);
  return during(
    options.progress ?? silent,
    `Starting Keycloak ${versionOf(options)}`,
    async (step) => {
      for (let attempt = 1; ; attempt++) {
        try {
          return await start(shared, port ?? (await getPort({ host: LOOPBACK })), options, step);
        } catch (error) {
          if (!(error instanceof PortLost) || port !== undefined || attempt === ATTEMPTS) throw error;
        }
      }
    },
    (server) => server.url,
  );
}

class PortLost extends CannotRun {}

async function start(shared: string, port: number, options: KeycloakOptions, step: Step): Promise<KeycloakServer> {
  const home = await runFolder(shared);
  const managementPort = await getPort({ host: LOOPBACK });
  const httpsPort = options.https && (await getPort({ host: LOOPBACK }));
  const version = versionOf(options);
  const account = bootstrap(version);
  const arguments_ = ['start-dev', ...buildArguments(options), ...(options.runtimeArguments ?? [])];
  const child = spawn('sh', ['-c', LAUNCHER, 'step-up-keycloak', home, ...arguments_], {
    detached: true,
    stdio: ['pipe', 'pipe', 'pipe'],
    env: {
      ...serverEnvironment(options),
      KC_HTTP_HOST: LOOPBACK,
      KC_HTTP_PORT: String(port),
      KC_HTTP_MANAGEMENT_HOST: LOOPBACK,
      KC_HTTP_MANAGEMENT_PORT: String(managementPort),
      KC_HTTP_MANAGEMENT_SCHEME: 'http',
      ...account.env,
      ...httpsEnvironment(options, httpsPort),
    },
  });
  const stop = stopper(child, home);
  const log = collectLog(child, step);
  try {
    const healthPort = startWays(version).managementPort ? managementPort : port;
    await awaitReady(`http://${LOOPBACK}:${healthPort}/health/ready`, child);
    await account.finish(`http://${LOOPBACK}:${port}`);
  } catch (error) {
    await stop();
    throw startFailure(error, log, port);
  }
  return {
    url: `http://${LOOPBACK}:${port}`,
    ...(httpsPort && { httpsUrl: `https://localhost:${httpsPort}` }),
    clientId: account.clientId,
    clientSecret: account.clientSecret,
    version,
    origin: 'distribution',
    stop,
  };
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

function stopper(child: ChildProcess, home: string): () => Promise<void> {
  const group = child.pid;
  const kill = () => {
    try {
      if (group !== undefined) process.kill(-group, 'SIGKILL');
    } catch {
      // The group is gone, which is what was wanted.
    }
  };
  const withdraw = onProcessEnd(() => {
    kill();
    rmSync(home, { recursive: true, force: true });
  });
  const gone = new Promise<void>((resolve) => child.once('close', () => resolve()));
  return async () => {
    child.stdin?.end();
    await Promise.race([gone, sleep(STOP_TIMEOUT_MS, undefined, { ref: false })]);
    kill();
    await rm(home, { recursive: true, force: true });
    withdraw();
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
  child.stdin?.on('error', () => {
    // The launcher is gone; the exit of the child tells the rest.
  });
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
