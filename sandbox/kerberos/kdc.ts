import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { rmSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import getPort from 'get-port';
import { CannotRun } from '../cannot-run';
import { onProcessEnd } from '../cleanup';

const REALM = 'STEP-UP.TEST';
const LOOPBACK = '127.0.0.1';
const START_ATTEMPTS = 50;
const START_INTERVAL_MS = 100;

/** Debian puts daemons where the PATH of a user does not look. */
const PATH = `${process.env.PATH}:/usr/sbin:/sbin`;

const COMMANDS = {
  krb5kdc: 'krb5-kdc',
  kdb5_util: 'krb5-kdc',
  'kadmin.local': 'krb5-admin-server',
  kinit: 'krb5-user',
};

/** Says which programs of MIT Kerberos this machine lacks; undefined if none. */
export function missingForKerberos(): string | undefined {
  const lacking = Object.entries(COMMANDS).filter(
    ([command]) => spawnSync('sh', ['-c', `command -v ${command}`], { env: { PATH } }).status !== 0,
  );
  const packages = new Set(lacking.map(([, name]) => name));
  return packages.size > 0 ? `MIT Kerberos is not installed: install ${[...packages].join(', ')}` : undefined;
}

/** A Kerberos realm of its own: a KDC of MIT Kerberos on a free loopback port, with its files in a temporary folder. */
export interface Kdc {
  readonly realm: string;
  /** Path of the krb5.conf that clients and Keycloak's JVM (`-Djava.security.krb5.conf`) need. */
  readonly configFile: string;
  /** Makes a service with a random key. @returns the path of its keytab */
  addService(principal: string): Promise<string>;
  /** Makes a user, and says their password. */
  addUser(name: string): Promise<string>;
  /** Gets a ticket by `kinit`. @returns the environment in which GSS-API clients such as curl use it */
  ticketOf(name: string, password: string): Promise<NodeJS.ProcessEnv>;
  /** The environment of a client of the realm who has no ticket. */
  withoutTicket(): NodeJS.ProcessEnv;
  stop(): Promise<void>;
}

/** @throws CannotRun if a program is missing or the KDC does not start */
export async function startKdc(): Promise<Kdc> {
  const missing = missingForKerberos();
  if (missing) throw new CannotRun(missing);
  const directory = await mkdtemp(join(tmpdir(), 'step-up-kdc-'));
  const withdraw = onProcessEnd(() => rmSync(directory, { recursive: true, force: true }));
  const port = await getPort({ host: LOOPBACK });
  const configFile = join(directory, 'krb5.conf');
  const profile = join(directory, 'kdc.conf');
  await writeFile(configFile, clientConfig(port));
  await writeFile(profile, kdcConfig(directory, port));

  const env = { PATH, LANG: 'C', KRB5_CONFIG: configFile, KRB5_KDC_PROFILE: profile };
  const must = async (command: string, args: string[], input?: string, more: NodeJS.ProcessEnv = {}) => {
    const { failure, stderr } = await runWithInput(command, args, { ...env, ...more }, input);
    if (failure) throw new CannotRun(`${failure}: ${stderr.slice(0, 300)}`);
  };
  const masterKey = randomBytes(18).toString('base64url');
  await must('kdb5_util', ['create', '-s', '-r', REALM], `${masterKey}\n${masterKey}\n`);
  const daemon = spawn('krb5kdc', ['-n', '-r', REALM, '-P', join(directory, 'pid')], { env, stdio: 'ignore' });
  const withdrawDaemon = onProcessEnd(() => daemon.kill('SIGKILL'));
  await listening(port, daemon);

  let tickets = 0;
  const cache = () => {
    tickets += 1;
    return { ...env, KRB5CCNAME: `FILE:${join(directory, `ticket-${tickets}`)}` };
  };
  return {
    realm: REALM,
    configFile,
    addService: async (principal) => {
      const keyTab = join(directory, `${principal.replaceAll(/[^A-Za-z0-9]/g, '-')}.keytab`);
      await must('kadmin.local', ['-r', REALM], `addprinc -randkey ${principal}\nktadd -k ${keyTab} ${principal}\n`);
      return keyTab;
    },
    addUser: async (name) => {
      const password = randomBytes(18).toString('base64url');
      await must('kadmin.local', ['-r', REALM], `addprinc ${name}\n${password}\n${password}\n`);
      return password;
    },
    ticketOf: async (name, password) => {
      const own = cache();
      await must('kinit', [`${name}@${REALM}`], `${password}\n`, own);
      return own;
    },
    withoutTicket: cache,
    stop: async () => {
      daemon.kill('SIGTERM');
      if (daemon.exitCode === null && daemon.signalCode === null) {
        await Promise.race([
          new Promise((resolve) => daemon.once('exit', resolve)),
          sleep(3_000, undefined, { ref: false }),
        ]);
      }
      daemon.kill('SIGKILL');
      await rm(directory, { recursive: true, force: true });
      withdrawDaemon();
      withdraw();
    },
  };
}

/** Names are never looked up in the DNS, and messages go by TCP, which one port check can await. */
function clientConfig(port: number): string {
  return `[libdefaults]
  default_realm = ${REALM}
  dns_lookup_kdc = false
  dns_lookup_realm = false
  dns_canonicalize_hostname = false
  rdns = false
  udp_preference_limit = 1
[realms]
  ${REALM} = {
    kdc = ${LOOPBACK}:${port}
  }
[domain_realm]
  localhost = ${REALM}
`;
}

function kdcConfig(directory: string, port: number): string {
  return `[kdcdefaults]
  kdc_listen = ${LOOPBACK}:${port}
  kdc_tcp_listen = ${LOOPBACK}:${port}
[realms]
  ${REALM} = {
    database_name = ${join(directory, 'principal')}
    key_stash_file = ${join(directory, 'stash')}
    acl_file = ${join(directory, 'kadm5.acl')}
    max_life = 1h
  }
[logging]
  kdc = FILE:${join(directory, 'kdc.log')}
`;
}

async function listening(port: number, daemon: ChildProcess): Promise<void> {
  for (let attempt = 1; attempt <= START_ATTEMPTS && daemon.exitCode === null; attempt++) {
    const open = await new Promise<boolean>((resolve) => {
      const socket = connect(port, LOOPBACK, () => socket.end(() => resolve(true)));
      socket.once('error', () => resolve(false));
    });
    if (open) return;
    await sleep(START_INTERVAL_MS);
  }
  daemon.kill('SIGKILL');
  throw new CannotRun('krb5kdc did not start');
}

/** Passwords go by standard input: arguments can be seen in the process list. */
function runWithInput(command: string, args: string[], env: NodeJS.ProcessEnv, input = '') {
  return new Promise<{ failure?: string; stderr: string }>((resolve) => {
    const child = spawn(command, args, { env, stdio: ['pipe', 'ignore', 'pipe'] });
    let stderr = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
    });
    child.stdin.on('error', () => {
      // It ended before it read all; its exit code says why.
    });
    child.stdin.end(input);
    child.once('error', (error) => resolve({ failure: error.message, stderr }));
    child.once('close', (code) => {
      resolve({ stderr, ...(code !== 0 && { failure: `${command} ended with exit code ${code}` }) });
    });
  });
}
