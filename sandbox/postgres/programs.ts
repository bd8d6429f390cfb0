import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/** Debian keeps the server's programs here, a folder for each release, and off the PATH. */
const DEBIAN = '/usr/lib/postgresql';

/**
 * The folder of `initdb` and `postgres`: of the PATH, else the newest release of Debian's packages.
 *
 * @param packages where Debian has its releases
 * @returns undefined if PostgreSQL is not installed
 */
export function postgresPrograms(env: NodeJS.ProcessEnv = process.env, packages = DEBIAN): string | undefined {
  const onPath = (env.PATH ?? '').split(':').filter(Boolean);
  const packaged = existsSync(packages)
    ? readdirSync(packages)
        .sort((a, b) => Number(b) - Number(a))
        .map((release) => join(packages, release, 'bin'))
    : [];
  return [...onPath, ...packaged].find((folder) =>
    ['initdb', 'postgres'].every((program) => existsSync(join(folder, program))),
  );
}

/** PostgreSQL refuses to run as root, so root runs it as one of these. */
const USERS = ['postgres', 'nobody'];

/** The user to run PostgreSQL as; undefined: as who we are. */
export function postgresUser(): { uid: number; gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined;
  for (const name of USERS) {
    const [uid, gid] = ['-u', '-g'].map((flag) =>
      Number(spawnSync('id', [flag, name]).stdout?.toString() || Number.NaN),
    );
    if (uid && gid) return { uid, gid };
  }
  return undefined;
}

/** Says what this machine lacks for a PostgreSQL of the sandbox; undefined if nothing. */
export function missingForPostgres(env: NodeJS.ProcessEnv = process.env, packages = DEBIAN): string | undefined {
  if (!postgresPrograms(env, packages)) return 'PostgreSQL is not installed: install postgresql';
  if (process.getuid?.() === 0 && !postgresUser()) {
    return `PostgreSQL can't run as root, and this machine has no user ${USERS.join(' or ')}: run as another user`;
  }
  return undefined;
}
