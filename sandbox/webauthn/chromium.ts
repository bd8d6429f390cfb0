import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { type Browser as Chromium, chromium } from 'playwright-core';
import { CannotRun } from '../cannot-run';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome'];

/** Without a sandbox, as it needs privileges that a container's root lacks; it opens pages of the local Keycloak alone. */
const ARGUMENTS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** @returns undefined if a Chromium is on the PATH, else one line for the user */
export function missingChromium(env: NodeJS.ProcessEnv = process.env): string | undefined {
  return chromiumPath(env) === undefined ? 'Chromium is not installed: install the package chromium' : undefined;
}

/**
 * Starts the distribution's Chromium without a window. It ends with this process.
 *
 * @throws CannotRun if none is installed
 */
export function launchChromium(env: NodeJS.ProcessEnv = process.env): Promise<Chromium> {
  const executablePath = chromiumPath(env);
  if (executablePath === undefined) throw new CannotRun(missingChromium(env) ?? '');
  return chromium.launch({ executablePath, headless: true, args: ARGUMENTS });
}

function chromiumPath(env: NodeJS.ProcessEnv): string | undefined {
  const folders = (env.PATH ?? '').split(delimiter).filter(Boolean);
  return folders.flatMap((folder) => NAMES.map((name) => join(folder, name))).find(isExecutable);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
