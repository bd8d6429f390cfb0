import { copyFile, mkdir, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { KeycloakServer } from '../../sandbox/keycloak';
import type { InstalledProvider } from '../../sandbox/provider/install';
import { type RunResult, run } from '../../sandbox/run';
import { terraformCommand } from '../../sandbox/terraform';

/** What an apply came to. */
export interface Applied {
  readonly ok: boolean;
  /** Whether Terraform had anything to do; false of an apply that failed. */
  readonly changed: boolean;
  /** Terraform's messages, without the frame around them and in one line. */
  readonly errors: string;
}

export interface ApplyOptions {
  /** Requests at once; Terraform's default is 10. */
  readonly parallelism: number;
  /** Resources to replace, by address. @default none */
  readonly replace?: readonly string[];
  /** Whether Terraform looks first what has become of all that is in its state. @default true */
  readonly refresh?: boolean;
  /** Ends Terraform and the provider by SIGKILL when it is aborted. */
  readonly killed?: AbortSignal;
}

/** A folder of one realm: its state goes from one apply to the next. */
export interface RealmFolder {
  apply(json: string, options: ApplyOptions): Promise<Applied>;
  /** Lines of the plan that name what would change. */
  plan(json: string): Promise<string[]>;
  /** Puts the backup back where the state has 0 bytes, which a SIGKILL in the middle of writing it leaves. @returns whether it was so */
  restoreState(): Promise<boolean>;
  /** Forgets the realm. */
  forget(): Promise<void>;
}

export interface FolderOptions {
  /** Takes a folder for each realm. */
  readonly root: string;
  readonly provider: InstalledProvider;
  readonly keycloak: Pick<KeycloakServer, 'clientId' | 'clientSecret'>;
}

/** Makes the folder of a realm that is reached at `url`. `terraform init` is run once, on the first stack. */
export async function realmFolder(
  options: FolderOptions,
  realm: string,
  url: string,
  firstJson: string,
): Promise<RealmFolder> {
  const directory = join(options.root, realm);
  await mkdir(directory, { recursive: true });
  const env = {
    ...process.env,
    CHECKPOINT_DISABLE: '1',
    TF_IN_AUTOMATION: '1',
    KEYCLOAK_CLIENT_TIMEOUT: '90',
    ...options.provider.env,
    TF_VAR_url: url,
    TF_VAR_client_id: options.keycloak.clientId,
    TF_VAR_client_secret: options.keycloak.clientSecret,
    TF_VAR_realm_name: realm,
  };
  const terraform = (arguments_: readonly string[], killed?: AbortSignal): Promise<RunResult> =>
    run(terraformCommand(), [...arguments_, '-no-color', '-input=false'], { cwd: directory, env, killed });
  const configure = (json: string) => writeFile(join(directory, 'cdk.tf.json'), json);

  await configure(firstJson);
  const init = await terraform(['init']);
  if (init.failure) throw new Error(`terraform init: ${oneLine(init.stderr)}`);
  return {
    apply: async (json, { parallelism, replace = [], refresh = true, killed }) => {
      await configure(json);
      const { failure, stdout, stderr } = await terraform(
        [
          ...['apply', '-auto-approve', `-parallelism=${parallelism}`, `-refresh=${refresh}`],
          ...replace.map((address) => `-replace=${address}`),
        ],
        killed,
      );
      const counts = /Resources: (\d+) added, (\d+) changed, (\d+) destroyed/.exec(stdout)?.slice(1);
      return {
        ok: failure === undefined,
        changed: counts?.some((count) => count !== '0') ?? false,
        errors: failure === undefined ? '' : oneLine(stderr) || failure,
      };
    },
    plan: async (json) => {
      await configure(json);
      const { failure, stdout, stderr } = await terraform(['plan']);
      if (failure) return [`the plan fails: ${oneLine(stderr)}`];
      return stdout.match(/(?<=# ).* (will|must) be .*/g) ?? [];
    },
    restoreState: async () => {
      const state = join(directory, 'terraform.tfstate');
      const size = await stat(state).then(
        (found) => found.size,
        () => undefined,
      );
      if (size !== 0) return false;
      await copyFile(`${state}.backup`, state);
      return true;
    },
    forget: async () => {
      for (const name of ['terraform.tfstate', 'terraform.tfstate.backup', '.terraform.tfstate.lock.info']) {
        await rm(join(directory, name), { force: true });
      }
    },
  };
}

/** Terraform breaks its messages into lines, and draws a frame beside them. */
function oneLine(text: string): string {
  return text.replace(/[╷│╵]/g, '').replace(/\s+/g, ' ').trim();
}

/** The resources that errors of Terraform say to replace: `terraform apply -replace='ADDRESS'`. */
export function toReplace(errors: string): string[] {
  const named = errors.matchAll(/-replace=(?:'([^']+)'|"([^"]+)"|(\S+))/g);
  return [...new Set(Array.from(named, ([, single, double, bare]) => (single ?? double ?? bare) as string))];
}
