import { join } from 'node:path';
import { run } from '../run';

/** Keycloak 26 runs on Java 17 or later. */
const OLDEST_JAVA = 17;

/** The `java` that kc.sh takes: of JAVA_HOME if that is set, else the first on PATH. */
export function javaCommand(env: NodeJS.ProcessEnv): string {
  return env.JAVA_HOME ? join(env.JAVA_HOME, 'bin', 'java') : 'java';
}

/**
 * @returns undefined if a Java that runs Keycloak is here, else the line that tells the user what to do
 */
export async function missingJava(env: NodeJS.ProcessEnv): Promise<string | undefined> {
  const command = javaCommand(env);
  const where = env.JAVA_HOME ? `at JAVA_HOME (${env.JAVA_HOME})` : 'on PATH';
  const remedy = `install a JDK ${OLDEST_JAVA} or later (for example apt install openjdk-17-jdk-headless)`;
  const answer = await run(command, ['-version'], { env, timeoutMs: 30_000 });
  if (answer.failure) return `No Java ${where}: ${remedy}, or set KEYCLOAK_URL to a Keycloak that you have`;
  const major = /version "(?:1\.)?(\d+)/.exec(`${answer.stderr}${answer.stdout}`)?.[1];
  if (major === undefined || Number(major) < OLDEST_JAVA) {
    return `Java ${major ?? 'of an unknown version'} ${where} is too old for Keycloak: ${remedy}`;
  }
  return undefined;
}

/** @returns undefined if Maven is here, else the line that tells the user what to do */
export async function missingMaven(env: NodeJS.ProcessEnv): Promise<string | undefined> {
  const answer = await run('mvn', ['-version'], { env, timeoutMs: 60_000 });
  if (!answer.failure) return undefined;
  return 'No Maven on PATH to download Keycloak with: install it (for example apt install maven), or set KEYCLOAK_URL to a Keycloak that you have';
}
