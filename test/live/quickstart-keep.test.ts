import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import getPort from 'get-port';
import { scripts } from '../../package.json';
import { dev } from '../../stacks/dev';
import { describeWithKeycloak, testKeycloak } from './support/keycloak';

/** What npm runs. It is run without npm, which ends by the signal itself, however its command ends. */
const NODE_ARGUMENTS = scripts.quickstart.replace(/^node /, '').split(' ');

/** A line that ends in a value, such as `user   you, password …`. */
const printed = (lines: readonly string[], what: string) =>
  lines
    .find((line) => line.startsWith(`${what} `))
    ?.slice(what.length)
    .trim() ?? '';

describeWithKeycloak('npm run quickstart -- --keep', () => {
  const callback = new URL(dev.shopRedirectUris[0] as string);
  let directory: string;
  let quickstart: ChildProcess;
  let shopIsFree: boolean;
  const stderr: string[] = [];
  const stdout: string[] = [];

  /** To all that was started, as Ctrl-C on a terminal does. */
  const signal = (name: NodeJS.Signals) => process.kill(-(quickstart.pid as number), name);

  beforeAll(async () => {
    directory = mkdtempSync(join(tmpdir(), 'step-up-keep-'));
    const { url, clientId, clientSecret } = await testKeycloak();
    const port = Number(callback.port);
    shopIsFree = (await getPort({ port, host: callback.hostname })) === port;
    quickstart = spawn(process.execPath, [...NODE_ARGUMENTS, '--keep', '--json'], {
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        ...process.env,
        KEYCLOAK_URL: url,
        KEYCLOAK_CLIENT_ID: clientId,
        KEYCLOAK_CLIENT_SECRET: clientSecret,
        NO_COLOR: '1',
        TMPDIR: directory,
      },
    });
    createInterface({ input: quickstart.stdout as NodeJS.ReadableStream }).on('line', (line) => stdout.push(line));
    await new Promise<void>((resolve, reject) => {
      quickstart.once('exit', (code) => reject(new Error(`it ended with ${code}: ${stderr.slice(-3).join('\n')}`)));
      createInterface({ input: quickstart.stderr as NodeJS.ReadableStream }).on('line', (line) => {
        stderr.push(line);
        if (line === 'Running until you press Ctrl-C.') resolve();
      });
    });
  }, 300_000);

  afterAll(() => {
    if (quickstart.exitCode === null && quickstart.signalCode === null) signal('SIGKILL');
    rmSync(directory, { recursive: true, force: true });
  });

  test('prints the report first, and the passwords beside it', () => {
    expect(JSON.parse(stdout.join('\n'))).toMatchObject({ asExpected: true, keycloak: { origin: 'existing' } });
    const password = /^you, password (\S+)$/.exec(printed(stderr, 'user'))?.[1];
    expect(password).toBeTruthy();
    expect(stdout.join('\n')).not.toContain(password);
    expect(printed(stderr, 'authenticator app')).toMatch(/^otpauth:\/\/totp\//);
    // A server of the user's gets no administrator more.
    expect(printed(stderr, 'administrator')).toBe('');
  });

  test('says where to click, and each of it answers', async () => {
    const account = printed(stderr, 'account console');
    const console = printed(stderr, 'admin console');
    const { realm } = JSON.parse(stdout.join('\n'));
    expect(account).toMatch(new RegExp(`/realms/${realm}/account/$`));
    expect(console).toContain(`/${realm}/authentication`);
    for (const url of [account, console]) expect((await fetch(url)).status).toBe(200);

    const shop = printed(stderr, 'shop');
    if (!shopIsFree) {
      expect(shop).toBe(`not opened, as the port of ${callback} is taken`);
      return;
    }
    const page = await (await fetch(shop)).text();
    expect(page).toContain('Choose a login.');
    const [, first] = /href="(\/login\/\d+)"/.exec(page) ?? [];
    const login = await fetch(new URL(first as string, shop));
    expect(new URL(login.url).pathname).toBe(`/realms/${realm}/protocol/openid-connect/auth`);
    expect(await login.text()).toContain('name="username"');
  });

  test('ends well on Ctrl-C, and leaves neither the realm nor a file nor a page', async () => {
    const { admin } = await testKeycloak();
    const { realm } = JSON.parse(stdout.join('\n'));
    expect(await admin.realms.findOne({ realm })).not.toBeNull();
    signal('SIGINT');
    await sleep(50);
    signal('SIGINT'); // as npm passes it on
    const [code] = await once(quickstart, 'exit');
    expect(code).toBe(0);
    expect(await admin.realms.findOne({ realm })).toBeNull();
    expect(readdirSync(directory).filter((name) => name.startsWith('step-up-'))).toEqual([]);
    if (shopIsFree) await expect(fetch(printed(stderr, 'shop'))).rejects.toThrow('fetch failed');
  });
});
