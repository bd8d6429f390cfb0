import { createHash } from 'node:crypto';
import { chmod, copyFile, mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { build } from 'esbuild';
import { PROVIDER_SOURCE, PROVIDER_VERSION } from '../../lib/bindings/pinned';

const ADDRESS = `registry.terraform.io/${PROVIDER_SOURCE}`;
const PROTOS = ['tfplugin5.proto', 'plugin.proto'];

/**
 * Builds the offline provider into `directory` and answers the Terraform CLI configuration that finds it there.
 *
 * Terraform hashes what lies in the mirror into `.terraform.lock.hcl`. Only the launcher is there, and it is the same for
 * every build in one directory, so a rebuilt provider does not break a lock file.
 */
export async function packageProvider(directory: string): Promise<string> {
  const home = resolve(directory);
  const mirror = join(home, 'mirror');
  const target = join(mirror, ADDRESS, PROVIDER_VERSION, `${platform()}_${architecture()}`);
  await mkdir(target, { recursive: true });
  const name = await writeBundle(home);
  await Promise.all(PROTOS.map((name) => copyFile(join(__dirname, 'protocol', name), join(home, name))));
  await replace(join(home, 'provider.cjs'), loader(name));
  await replace(join(target, `terraform-provider-keycloak_v${PROVIDER_VERSION}`), launcher(home), 0o755);
  const configuration = join(home, 'terraform.rc');
  await replace(configuration, cliConfiguration(mirror));
  return configuration;
}

let bundled: Promise<string> | undefined;

/** One file with all that the provider needs: it starts three times as fast as from its sources. A process makes it once. */
async function bundle(): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [join(__dirname, 'main.ts')],
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    minify: true,
    legalComments: 'none',
    logLevel: 'silent',
    write: false,
  });
  return outputFiles[0]?.text ?? '';
}

async function writeBundle(home: string): Promise<string> {
  bundled ??= bundle();
  const code = await bundled;
  const name = `bundle-${createHash('sha256').update(code).digest('hex').slice(0, 16)}`;
  for (const file of await readdir(home)) {
    if (file.startsWith('bundle-') && !file.startsWith(name)) await rm(join(home, file), { force: true });
  }
  await replace(join(home, `${name}.js`), code);
  return name;
}

/**
 * Runs the bundle from V8's code cache, which the first run leaves behind: that saves a third of the start. The cache's
 * name carries the bundle's hash because V8 itself compares no more than the length of the source.
 */
const loader = (bundle: string): string => `'use strict';
const { readFileSync, renameSync, writeFileSync } = require('node:fs');
const { join } = require('node:path');
const { Script } = require('node:vm');
const filename = join(__dirname, '${bundle}.js');
const cache = join(__dirname, '${bundle}.cache');
let cachedData;
try {
  cachedData = readFileSync(cache);
} catch {}
const source = readFileSync(filename, 'utf8');
const script = new Script('(function (exports, require, module, __filename, __dirname) {' + source + '\\n})', {
  filename,
  cachedData,
});
script.runInThisContext()(exports, require, module, filename, __dirname);
if (cachedData === undefined || script.cachedDataRejected) {
  process.once('exit', () => {
    try {
      writeFileSync(cache + process.pid, script.createCachedData());
      renameSync(cache + process.pid, cache);
    } catch {}
  });
}
`;

/** What a plugin prints first on its standard output is what Terraform shows when the plugin does not start. */
const launcher = (home: string): string => `#!/bin/sh
if ! command -v node >/dev/null 2>&1; then
  echo "The offline Keycloak provider needs Node.js 20.19 or newer: put node on the PATH."
  exit 1
fi
exec node ${quote(join(home, 'provider.cjs'))}
`;

const cliConfiguration = (mirror: string): string => `provider_installation {
  filesystem_mirror {
    path    = ${JSON.stringify(mirror)}
    include = ["${ADDRESS}"]
  }
  direct {
    exclude = ["${ADDRESS}"]
  }
}
`;

/** Writes a file in one step: a Terraform that is running may be reading it. */
async function replace(path: string, content: string, mode = 0o644): Promise<void> {
  const draft = `${path}.${process.pid}`;
  await writeFile(draft, content);
  await chmod(draft, mode);
  await rename(draft, path);
}

function quote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

function platform(): string {
  return process.platform === 'win32' ? 'windows' : process.platform;
}

function architecture(): string {
  const names: Partial<Record<NodeJS.Architecture, string>> = { x64: 'amd64', ia32: '386' };
  return names[process.arch] ?? process.arch;
}
