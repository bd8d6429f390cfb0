import type { Duration } from '../lib';

/** What differs between the places that the stack is deployed to. Secrets are Terraform variables, never values here. */
export interface Environment {
  /** Name of the stack: `cdktf deploy <name>`. */
  readonly name: string;
  /**
   * Where Terraform's state is kept. `local` is for one person's sandbox; `remote` is the backend chosen for this
   * environment in the context of cdktf.json.
   */
  readonly state: 'local' | 'remote';
  /**
   * URL that the Terraform variable `keycloak_url` has when nothing sets it.
   * @default none: the variable must be set, and Terraform treats it as sensitive
   */
  readonly sandboxUrl?: string;
  /** Name that the Terraform variable `realm_name` has when nothing sets it. */
  readonly realmName: string;
  /**
   * The release of Keycloak that runs there, for example `26.7.4`.
   * @default not known: neither its defects nor what it lacks is told
   */
  readonly keycloakVersion?: string;
  /** How long the proof of the level gold counts. */
  readonly goldMaxAge: Duration;
  /** Which requests must use HTTPS. */
  readonly sslRequired: 'external' | 'all';
  /** Where logins of the client `shop` may return to. */
  readonly shopRedirectUris: readonly string[];
}
