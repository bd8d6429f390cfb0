import { KeycloakAdminClient } from '@keycloak/keycloak-admin-client/lib/client.js';
import Resource from '@keycloak/keycloak-admin-client/lib/resources/resource.js';
import type { Credentials } from '@keycloak/keycloak-admin-client/lib/utils/auth.js';
import { NetworkError } from '@keycloak/keycloak-admin-client/lib/utils/fetchWithError.js';
import { describe, UserError } from '../protocol/diagnostics';
import { log } from '../protocol/log';

export type Representation = Record<string, unknown>;

/** Values for the `{names}` of a path. */
export type PathParameters = Record<string, unknown>;

type Method = 'GET' | 'POST' | 'PUT' | 'DELETE';

interface Call {
  query?: Record<string, string>;
  body?: unknown;
  idInLocation?: boolean;
}

/** An answer of Keycloak with an error status. */
export class KeycloakError extends UserError {
  constructor(
    message: string,
    readonly status: number,
  ) {
    super(message);
  }
}

export interface Connection {
  baseUrl: string;
  realm: string;
  /** Milliseconds that one request may take. */
  timeout: number;
  credentials: Credentials | { accessToken: string };
  headers: Record<string, string>;
}

/**
 * Keycloak's Admin REST API by path, with a token that is renewed as it expires. A call that fails is not tried again, as in the
 * official provider: what an apply leaves behind after a lost answer is to be the same here.
 */
export class AdminApi {
  readonly #client: KeycloakAdminClient;
  readonly #resource: Resource;
  readonly #connection: Connection;
  readonly #locks = new Map<string, Promise<unknown>>();
  #login: Promise<KeycloakAdminClient> | undefined;
  #serverInfo: Promise<Representation> | undefined;

  constructor(connection: Connection) {
    this.#connection = connection;
    this.#client = this.#newClient();
    this.#client.registerTokenProvider({ getAccessToken: () => this.#accessToken() });
    this.#resource = new Resource(this.#client);
  }

  /** Logs in, so that wrong credentials are reported once and at once. */
  async login(): Promise<void> {
    await this.#accessToken();
  }

  /** Drops the token: one that was issued before a realm existed carries no rights in it. */
  forgetToken(): void {
    this.#login = undefined;
  }

  get<T = Representation>(path: string, parameters: PathParameters, query?: Record<string, string>): Promise<T> {
    return this.#call<T>('GET', path, parameters, { query });
  }

  /** Posts and returns the body of the answer. */
  post<T = Representation>(path: string, parameters: PathParameters, body?: unknown): Promise<T> {
    return this.#call<T>('POST', path, parameters, { body });
  }

  /** Posts and returns the id that ends the Location header. */
  async create(path: string, parameters: PathParameters, body: unknown): Promise<string> {
    const { id } = await this.#call<{ id: string }>('POST', path, parameters, { body, idInLocation: true });
    return id;
  }

  async put(path: string, parameters: PathParameters, body?: unknown): Promise<void> {
    await this.#call('PUT', path, parameters, { body });
  }

  async delete(path: string, parameters: PathParameters, body?: unknown): Promise<void> {
    await this.#call('DELETE', path, parameters, { body });
  }

  /** Deletes, and once more if that fails for whatever reason: the official provider does so with some kinds of objects. */
  async deleteTwice(path: string, parameters: PathParameters): Promise<void> {
    try {
      await this.delete(path, parameters);
    } catch {
      await this.delete(path, parameters);
    }
  }

  /** What the server has installed: themes, providers. Read once a run. */
  serverInfo(): Promise<Representation> {
    this.#serverInfo ??= this.get('/admin/serverinfo', {});
    return this.#serverInfo;
  }

  /** Runs reads and writes of one shared document, such as a realm's client policies, one after the other. */
  async exclusive<T>(key: string, action: () => Promise<T>): Promise<T> {
    const before = this.#locks.get(key) ?? Promise.resolve();
    const run = before.then(action, action);
    this.#locks.set(key, run);
    return run;
  }

  async #call<T>(method: Method, path: string, parameters: PathParameters, call: Call, isRepeated = false): Promise<T> {
    const names = Array.from(path.matchAll(/\{(\w+)\}/g), ([, name]) => name as string);
    const request = this.#resource.makeUpdateRequest<PathParameters, unknown, T>({
      method,
      path,
      urlParamKeys: names,
      queryParamKeys: Object.keys(call.query ?? {}),
      ...(call.idInLocation && { returnResourceIdInLocationHeader: { field: 'id' } }),
    });
    const shown = `${method} ${path.replace(/\{(\w+)\}/g, (_, name) => encodeURIComponent(String(parameters[name])))}`;
    try {
      const values = Object.fromEntries(names.map((name) => [name, parameters[name]]));
      const answer = await request({ ...values, ...call.query }, call.body ?? (method === 'GET' ? {} : undefined));
      log('debug', shown);
      return answer;
    } catch (error) {
      if (!(error instanceof NetworkError)) throw this.#unreachable(error);
      const { status } = error.response;
      log('debug', shown, { status });
      if ((status === 401 || status === 403) && !isRepeated) {
        this.forgetToken();
        return this.#call<T>(method, path, parameters, call, true);
      }
      throw new KeycloakError(`${shown}: ${status} ${explain(error.responseData)}`, status);
    }
  }

  async #accessToken(): Promise<string | undefined> {
    const { credentials } = this.#connection;
    if ('accessToken' in credentials) return credentials.accessToken;
    const known = this.#login;
    const client = await known;
    if (client && !client.isTokenExpired()) return client.accessToken;
    // Several calls may find the token expired at the same time: the first of them logs in for all.
    if (this.#login === known || this.#login === undefined) this.#login = this.#authenticate(credentials);
    const renewed = this.#login;
    try {
      return (await renewed).accessToken;
    } catch (error) {
      if (this.#login === renewed) this.#login = undefined;
      throw error;
    }
  }

  async #authenticate(credentials: Credentials): Promise<KeycloakAdminClient> {
    const client = this.#newClient();
    try {
      await client.auth(credentials);
    } catch (error) {
      if (!(error instanceof NetworkError)) throw this.#unreachable(error);
      const { baseUrl, realm } = this.#connection;
      throw new KeycloakError(
        `Keycloak at ${baseUrl} refused the provider's login in realm ${realm}: ${explain(error.responseData)}`,
        error.response.status,
      );
    }
    return client;
  }

  /** No answer at all; an error that says what is wrong stays as it is. */
  #unreachable(error: unknown): unknown {
    if (error instanceof UserError || !(error instanceof Error)) return error;
    return new UserError(`Keycloak at ${this.#connection.baseUrl} does not answer: ${describe(error)}`);
  }

  #newClient(): KeycloakAdminClient {
    const { baseUrl, realm, timeout, headers } = this.#connection;
    return new KeycloakAdminClient({ baseUrl, realmName: realm, timeout, requestOptions: { headers } });
  }
}

/** Keycloak's own words for an error: they come under one of three names, depending on the endpoint. */
function explain(data: unknown): string {
  if (typeof data !== 'object' || data === null) return typeof data === 'string' ? data.slice(0, 200) : '';
  const { errorMessage, error_description, error } = data as Record<string, unknown>;
  return [errorMessage, error, error_description].filter((part) => typeof part === 'string').join(': ');
}

/** True where Keycloak says that the thing asked for does not exist. */
export function isNotFound(error: unknown): boolean {
  return error instanceof KeycloakError && error.status === 404;
}
