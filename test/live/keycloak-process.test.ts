import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { describeWithKeycloak, testKeycloak } from './support/keycloak';

const PROGRAM = join(__dirname, 'support', 'start-keycloak.ts');
const STARTING = 'Starting Keycloak';
const READY = 'ready at';

describeWithKeycloak('the processes of an embedded Keycloak', () => {
  let directory: string;
  let program: ChildProcess;

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'step-up-process-'));
  });

  afterEach(() => {
    program.kill('SIGKILL');
    rmSync(directory, { recursive: true, force: true });
  });

  async function start(way: string, until: string): Promise<void> {
    const { KEYCLOAK_URL: _, ...env } = process.env;
    program = spawn(process.execPath, ['--import', 'tsx', PROGRAM, way], {
      env: { ...env, TMPDIR: directory },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    await new Promise<void>((resolve, reject) => {
      program.once('exit', (code) => reject(new Error(`the program ended with ${code}`)));
      for (const stream of [program.stdout, program.stderr]) {
        createInterface({ input: stream as NodeJS.ReadableStream }).on(
          'line',
          (line) => line.includes(until) && resolve(),
        );
      }
    });
  }

  /** Processes and folders of this test's Keycloak: both lie below its own folder for temporary files. */
  function left(): string[] {
    const processes = execFileSync('ps', ['-eo', 'args'], { encoding: 'utf8' }).split('\n');
    const own = processes.filter((line) => line.includes(`${directory}/step-up-`));
    return [...own, ...readdirSync(directory).filter((name) => name.startsWith('step-up-'))];
  }

  async function eventually(gone: () => boolean, seconds: number): Promise<void> {
    for (const deadline = Date.now() + seconds * 1000; !gone() && Date.now() < deadline; ) await sleep(100);
  }

  test('end when it is stopped', async () => {
    await start('stop', READY);
    if (program.exitCode === null) await once(program, 'exit');
    expect(program.exitCode).toBe(0);
    expect(left()).toEqual([]);
  });

  test.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('end at once on %s while it starts', async (signal, code) => {
    await start('wait', STARTING);
    await eventually(() => left().length > 1, 5);
    expect(left().length).toBeGreaterThan(1);
    program.kill(signal);
    await once(program, 'exit');
    expect(program.exitCode).toBe(code);
    await eventually(() => left().length === 0, 2);
    expect(left()).toEqual([]);
  });

  test('end on an uncaught error', async () => {
    await start('crash', STARTING);
    await once(program, 'exit');
    expect(program.exitCode).not.toBe(0);
    await eventually(() => left().length === 0, 2);
    expect(left()).toEqual([]);
  });

  test('end even if the program that started it is killed', async () => {
    await start('wait', READY);
    expect(left().some((line) => line.includes('QuarkusEntryPoint'))).toBe(true);
    program.kill('SIGKILL');
    await eventually(() => left().length === 0, 10);
    expect(left()).toEqual([]);
  });

  test('do not show the secret of the service account', async () => {
    const { clientSecret } = await testKeycloak();
    expect(execFileSync('ps', ['-eo', 'args'], { encoding: 'utf8' })).not.toContain(clientSecret);
  });
});
