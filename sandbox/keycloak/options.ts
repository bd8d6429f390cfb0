import { PINNED_VERSION } from '../../model/keycloak/versions';
import type { Progress } from '../progress';
import type { Database } from './database';

/** The Keycloak release that the sandbox runs unless another is named. */
export const KEYCLOAK_VERSION = PINNED_VERSION;

/** How a Keycloak of the sandbox is started. Everything but `progress` is for the embedded distribution alone. */
export interface KeycloakOptions {
  /** Where the wait is shown. @default nothing is shown */
  readonly progress?: Progress;
  /** The release to run, for example `26.0.8`. @default that of the variable KEYCLOAK_VERSION, else the pinned one */
  readonly version?: string;
  /**
   * Where the server keeps its data: in its own memory, or in a PostgreSQL that is started and removed with it.
   * @default that of the variable STEP_UP_DATABASE, else `memory`
   */
  readonly database?: Database;
  /**
   * The environment in which KEYCLOAK_VERSION, KEYCLOAK_URL, KEYCLOAK_CLIENT_ID, KEYCLOAK_CLIENT_SECRET, STEP_UP_KEYCLOAK_PORT, STEP_UP_DATABASE,
   * STEP_UP_CACHE and JAVA_HOME are looked up.
   * @default process.env
   */
  readonly env?: NodeJS.ProcessEnv;
  /**
   * Names of features to enable (`--features`). A set of features is built once and cached.
   * @see https://www.keycloak.org/server/features
   */
  readonly features?: readonly string[];
  /** Further build options of `kc.sh`, for example `--vault=file`. A set of them is built once and cached. */
  readonly buildArguments?: readonly string[];
  /** Further runtime options of `kc.sh start-dev`, for example `--log-level=DEBUG`. They can be seen in the process list. */
  readonly runtimeArguments?: readonly string[];
  /** Further environment of the server, for example KRB5_CONFIG or KC_ options that hold a secret. */
  readonly serverEnv?: Readonly<Record<string, string>>;
  /** Further options of the JVM, for example `-Djava.security.krb5.conf=…`. */
  readonly javaOptions?: readonly string[];
  /** Paths of provider jars. A set of jars is built once and cached by content. */
  readonly providers?: readonly string[];
  /** Adds an HTTPS listener on a free loopback port. HTTP stays open for the Admin API. */
  readonly https?: HttpsOptions;
}

/** @see https://www.keycloak.org/server/enabletls and https://www.keycloak.org/server/mutual-tls */
export interface HttpsOptions {
  /** PEM file of the server's certificate chain. */
  readonly certificateFile: string;
  /** PEM file of the server's private key. */
  readonly keyFile: string;
  /** PEM files or folders of the certificate authorities that client certificates are checked against. */
  readonly trustedCertificates?: readonly string[];
  /** Whether a client certificate is asked for. @default 'none' */
  readonly clientAuth?: 'none' | 'request' | 'required';
}

/** A Keycloak with an administrative service account in the realm `master`. */
export interface KeycloakServer {
  /** Base URL over HTTP (of an existing server: as given), without a slash at the end. */
  readonly url: string;
  /** Base URL over HTTPS, if {@link KeycloakOptions.https} asked for it. */
  readonly httpsUrl?: string;
  /** The service account's client id. */
  readonly clientId: string;
  /** The service account's secret. Random for a server that we start; kept in memory only. */
  readonly clientSecret: string;
  /** The release, for example `26.7.4`. */
  readonly version: string;
  /** Where the server came from. Only an `existing` one outlives `stop()`. */
  readonly origin: 'distribution' | 'docker' | 'existing';
  /** Ends the server's processes by SIGKILL. Only of a server on PostgreSQL, whose data outlive it until `stop()`. */
  crash?(): Promise<void>;
  /** Starts a server that has crashed again, at the same address, with the same data and the same service account. */
  restart?(): Promise<void>;
  /** Stops the server with all its processes and removes its data. Never throws; may be called twice. */
  stop(): Promise<void>;
}
