import { createHash, randomUUID } from 'node:crypto';
import { createReadStream, existsSync } from 'node:fs';
import { copyFile, mkdir, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { cacheDirectory } from '../cache';
import { CannotRun } from '../cannot-run';
import { during, type Progress, silent } from '../progress';
import { run } from '../run';
import { databaseOf } from './database';
import { KEYCLOAK_VERSION, type KeycloakOptions } from './options';
import { serverEnvironment } from './server-environment';
import { javaCommand, missingMaven } from './tools';
import { versionOf } from './version';

const archiveOf = (version: string) => `keycloak-quarkus-dist-${version}.tar.gz`;

/** Of the file whose SHA-1 is the one that Maven Central publishes (d07b35dac25ca9d200882e2456ec58148b32fabf). */
const SHA256: Readonly<Record<string, string>> = {
  [KEYCLOAK_VERSION]: '04823c336b797a7e18889a44262a7a64e6bf624cbbcc518c85e2622176ff2eee',
};

const DEPENDENCY_PLUGIN = 'org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy';

/** A day: longer than any start takes, so that what is older was left by a process that died. */
const STALE_MS = 24 * 60 * 60 * 1000;

/**
 * The unpacked and built Keycloak distribution, from the cache if it is there.
 *
 * Augmentation (what `kc.sh` calls a build) takes longer than the start of the server, so it is done once for each set of
 * build options and provider jars. The returned folder is shared by all runs and must not be written to.
 *
 * @returns the distribution's folder
 * @throws CannotRun if it isn't cached and can't be had, or isn't what it should be
 */
export async function distribution(options: KeycloakOptions): Promise<string> {
  const env = options.env ?? process.env;
  const progress = options.progress ?? silent;
  const version = versionOf(options);
  const cache = cacheDirectory('keycloak', env);
  const built = join(cache, `keycloak-${version}-${await buildKey(options)}`);
  if (existsSync(built)) return built;

  await removeStale(cache);
  const staging = join(cache, `.staging-${randomUUID()}`);
  try {
    const archive = await cachedArchive(version, cache, staging, env, progress);
    await during(progress, `Preparing Keycloak ${version}`, async (step) => {
      const home = join(staging, 'home');
      await mkdir(home, { recursive: true });
      step.update('unpacking');
      const unpacked = await run('tar', ['-xzf', archive, '-C', home, '--strip-components=1']);
      if (unpacked.failure) throw new CannotRun(`Keycloak can't be unpacked: ${unpacked.stderr || unpacked.failure}`);
      for (const jar of options.providers ?? []) await copyFile(jar, join(home, 'providers', basename(jar)));
      step.update('building, once');
      await build(home, staging, options);
      await publish(home, built);
    });
  } finally {
    await rm(staging, { recursive: true, force: true });
  }
  return built;
}

/** @returns whether the archive of the release was downloaded already, so that no Maven is needed */
export function isCached(version: string, env: NodeJS.ProcessEnv): boolean {
  return existsSync(join(cacheDirectory('keycloak', env), archiveOf(version)));
}

/** Build options of `kc.sh` for these options; a change of any of them makes Keycloak augment itself anew. */
export function buildArguments(options: KeycloakOptions): string[] {
  return [
    ...(databaseOf(options) === 'postgres' ? ['--db=postgres'] : []),
    ...(options.features?.length ? [`--features=${options.features.join(',')}`] : []),
    ...(options.https?.clientAuth ? [`--https-client-auth=${options.https.clientAuth}`] : []),
    ...(options.buildArguments ?? []),
  ];
}

async function buildKey(options: KeycloakOptions): Promise<string> {
  const hash = createHash('sha256').update(JSON.stringify(buildArguments(options)));
  for (const jar of options.providers ?? []) hash.update(`\n${basename(jar)} ${await sha256(jar)}`);
  return hash.digest('hex').slice(0, 12);
}

async function cachedArchive(
  version: string,
  cache: string,
  staging: string,
  env: NodeJS.ProcessEnv,
  progress: Progress,
) {
  const name = archiveOf(version);
  const archive = join(cache, name);
  const pinned = SHA256[version];
  if (existsSync(archive) && (pinned === undefined || (await sha256(archive)) === pinned)) return archive;

  const missing = await missingMaven(env);
  if (missing) throw new CannotRun(missing);
  await during(progress, `Downloading Keycloak ${version} with Maven (176 MB, once)`, async () => {
    const artifact = `org.keycloak:keycloak-quarkus-dist:${version}:tar.gz`;
    // What isn't pinned here is checked against the sums that the repository publishes.
    const strict = pinned === undefined ? ['--strict-checksums'] : [];
    const arguments_ = [
      '-B',
      '-q',
      ...strict,
      DEPENDENCY_PLUGIN,
      `-Dartifact=${artifact}`,
      `-DoutputDirectory=${staging}`,
    ];
    const maven = await run('mvn', arguments_, { env, cwd: cache });
    if (maven.failure) {
      const cause = maven.stdout.split('\n').find((line) => line.includes('[ERROR]')) ?? maven.failure;
      throw new CannotRun(`Maven can't download ${artifact}: ${cause.replace(/^.*\[ERROR\] /, '').slice(0, 300)}`);
    }
    const downloaded = join(staging, name);
    const found = await sha256(downloaded);
    if (pinned !== undefined && found !== pinned) {
      throw new CannotRun(
        `The downloaded ${name} has SHA-256 ${found} instead of ${pinned}: check your Maven repository or mirror`,
      );
    }
    await rename(downloaded, archive);
  });
  return archive;
}

/**
 * `kc.sh build` refuses the development profile, and `kc.sh start-dev` builds and then starts the server as a second JVM.
 * kc.sh takes its java from $JAVA: this one declines the second start, which leaves just the build.
 */
async function build(home: string, staging: string, options: KeycloakOptions): Promise<void> {
  const env = options.env ?? process.env;
  const java = join(staging, 'java');
  const script = `#!/bin/sh\ncase "$*" in *-Dkc.config.built=true*) exit 0 ;; esac\nexec '${javaCommand(env)}' "$@"\n`;
  await writeFile(java, script, { mode: 0o755 });
  const result = await run(join(home, 'bin', 'kc.sh'), ['start-dev', ...buildArguments(options)], {
    env: { ...serverEnvironment(options), JAVA: java },
  });
  if (result.failure || !result.stdout.includes('augmentation completed')) {
    const output = `${result.stdout}\n${result.stderr}`.split('\n');
    const cause = output.find((line) => /ERROR/.test(line)) ?? result.failure ?? 'nothing was built';
    throw new CannotRun(`Keycloak can't be built with these options: ${cause.slice(0, 300)}`);
  }
}

/** Another process may have been faster, which is as good. */
async function publish(home: string, built: string): Promise<void> {
  try {
    await rename(home, built);
  } catch (error) {
    if (!existsSync(built)) throw error;
  }
}

async function removeStale(cache: string): Promise<void> {
  for (const name of await readdir(cache)) {
    if (!name.startsWith('.staging-')) continue;
    const directory = join(cache, name);
    const age = await stat(directory).then(
      (entry) => Date.now() - entry.mtimeMs,
      () => 0,
    );
    if (age > STALE_MS) await rm(directory, { recursive: true, force: true });
  }
}

async function sha256(file: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash);
  return hash.digest('hex');
}
