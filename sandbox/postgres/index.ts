import { randomBytes } from 'node:crypto';
import { chown, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import getPort from 'get-port';
import { CannotRun } from '../cannot-run';
import { run } from '../run';
import { spawnWatched } from '../watched-process';
import { missingForPostgres, postgresPrograms, postgresUser } from './programs';

export { missingForPostgres } from './programs';

const LOOPBACK = '127.0.0.1';
const USER = 'keycloak';
const START_ATTEMPTS = 150;
const START_INTERVAL_MS = 100;

/** What is lost by these is lost in a crash of the machine alone, which a database of a test need not outlive. */
const THROW_AWAY = ['fsync', 'synchronous_commit', 'full_page_writes'];

/** A PostgreSQL of its own on a free loopback port, with one empty database and its files in a temporary folder. */
export interface Postgres {
  /** For JDBC, without credentials. */
  readonly jdbcUrl: string;
  readonly username: string;
  /** Random; kept in memory only. */
  readonly password: string;
  /** Stops it and removes its data. Never throws; may be called twice. */
  stop(): Promise<void>;
}

/** @throws CannotRun if PostgreSQL is not installed or does not start */
export async function startPostgres(env: NodeJS.ProcessEnv = process.env): Promise<Postgres> {
  const missing = missingForPostgres(env);
  const programs = postgresPrograms(env);
  if (missing !== undefined || programs === undefined) throw new CannotRun(String(missing));
  const user = postgresUser();
  const folder = await mkdtemp(join(tmpdir(), 'step-up-postgres-'));
  if (user) await chown(folder, user.uid, user.gid);
  const password = randomBytes(18).toString('base64url');
  const environment = { PATH: env.PATH, LANG: 'C', TZ: 'UTC' };
  const data = join(folder, 'data');
  try {
    await initialise(programs, folder, data, password, environment, user);
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
  const port = await getPort({ host: LOOPBACK });
  const settings = ['unix_socket_directories=', 'max_connections=200', ...THROW_AWAY.map((name) => `${name}=off`)];
  const server = spawnWatched(
    [
      join(programs, 'postgres'),
      ...['-D', data, '-h', LOOPBACK, '-p', String(port)],
      ...settings.flatMap((setting) => ['-c', setting]),
    ],
    { folder, title: 'step-up-postgres', env: environment, signal: 'QUIT', user },
  );
  let said = '';
  for (const stream of [server.child.stdout, server.child.stderr]) {
    stream?.setEncoding('utf8').on('data', (text: string) => {
      said = (said + text).slice(-2_000);
    });
  }
  if (!(await answers(port, () => server.child.exitCode !== null || !said.includes('ready to accept connections')))) {
    await server.stop();
    throw new CannotRun(`PostgreSQL did not start: ${said.trim().split('\n').at(-1) ?? 'it said nothing'}`);
  }
  return {
    jdbcUrl: `jdbc:postgresql://${LOOPBACK}:${port}/postgres`,
    username: USER,
    password,
    stop: server.stop,
  };
}

async function initialise(
  programs: string,
  folder: string,
  data: string,
  password: string,
  env: NodeJS.ProcessEnv,
  user: { uid: number; gid: number } | undefined,
): Promise<void> {
  const passwordFile = join(folder, 'password');
  await writeFile(passwordFile, password, { mode: 0o600 });
  if (user) await chown(passwordFile, user.uid, user.gid);
  const { failure, stderr } = await run(
    join(programs, 'initdb'),
    [
      '-D',
      data,
      '-U',
      USER,
      '--auth=scram-sha-256',
      `--pwfile=${passwordFile}`,
      '-E',
      'UTF8',
      '--no-locale',
      '--no-sync',
    ],
    { env, cwd: folder, user },
  );
  await rm(passwordFile, { force: true });
  if (failure) throw new CannotRun(`PostgreSQL's initdb failed: ${stderr.trim().split('\n').at(-1) || failure}`);
}

async function answers(port: number, isStarting: () => boolean): Promise<boolean> {
  for (let attempt = 1; attempt <= START_ATTEMPTS; attempt++) {
    const open = await new Promise<boolean>((resolve) => {
      const socket = connect(port, LOOPBACK, () => socket.end(() => resolve(true)));
      socket.once('error', () => resolve(false));
    });
    if (open && !isStarting()) return true;
    await sleep(START_INTERVAL_MS);
  }
  return false;
}
