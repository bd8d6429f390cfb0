import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CannotRun } from '../../../sandbox/cannot-run';
import { missingForKeycloak, startKeycloak } from '../../../sandbox/keycloak';
import { type BareMachine, bareMachine, javaOfVersion } from './machine';

describe('a machine that lacks a part of the sandbox', () => {
  let machine: BareMachine;

  afterEach(() => machine.remove());

  async function refusal(commands: Record<string, string>, env: NodeJS.ProcessEnv = {}): Promise<string> {
    machine = bareMachine(commands);
    const error = await startKeycloak({ env: { ...machine.env, ...env } }).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(CannotRun);
    const { message, exitCode } = error as CannotRun;
    expect(exitCode).toBe(2);
    expect(message).not.toContain('\n');
    return message;
  }

  test('without Java is told to install a JDK', async () => {
    expect(await refusal({})).toMatch(/^No Java on PATH: install a JDK 17 or later/);
  });

  test('with a JAVA_HOME that holds no Java is told so', async () => {
    expect(await refusal({}, { JAVA_HOME: '/nowhere' })).toMatch(/^No Java at JAVA_HOME \(\/nowhere\)/);
  });

  test.each(['11.0.2', '1.8.0_392'])('with Java %s is told that it is too old', async (version) => {
    expect(await refusal({ java: javaOfVersion(version) })).toMatch(
      /^Java (11|8) on PATH is too old for Keycloak: install/,
    );
  });

  test('without Maven is told to install it', async () => {
    expect(await refusal({ java: javaOfVersion('17.0.15') })).toMatch(
      /^No Maven on PATH to download Keycloak with: install/,
    );
  });

  test('needs no Maven when Keycloak is cached', async () => {
    machine = bareMachine({ java: javaOfVersion('21') });
    const cache = join(machine.env.STEP_UP_CACHE as string, 'keycloak');
    mkdirSync(cache, { recursive: true });
    writeFileSync(join(cache, 'keycloak-quarkus-dist-26.7.4.tar.gz'), '');
    expect(await missingForKeycloak(machine.env)).toBeUndefined();
  });

  test('is told what Maven could not download', async () => {
    const mvn = 'test "$1" = -version || { echo "[ERROR] Could not transfer artifact: refused"; exit 1; }';
    expect(await refusal({ java: javaOfVersion('17.0.15'), mvn })).toBe(
      "Maven can't download org.keycloak:keycloak-quarkus-dist:26.7.4:tar.gz: Could not transfer artifact: refused",
    );
  });

  test('is told when the download is not the pinned one', async () => {
    const mvn = `for argument; do case $argument in -DoutputDirectory=*) directory=\${argument#*=} ;; esac; done
test -z "$directory" || { /bin/mkdir -p "$directory"; echo other > "$directory/keycloak-quarkus-dist-26.7.4.tar.gz"; }`;
    expect(await refusal({ java: javaOfVersion('17.0.15'), mvn })).toMatch(
      /^The downloaded keycloak-quarkus-dist-26\.7\.4\.tar\.gz has SHA-256 \w{64} instead of \w{64}: check your Maven/,
    );
  });
});
