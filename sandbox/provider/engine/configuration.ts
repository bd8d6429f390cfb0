import type { Credentials } from '@keycloak/keycloak-admin-client/lib/utils/auth.js';
import { UserError } from '../protocol/diagnostics';
import type { Obj, Value } from '../protocol/values';
import type { Connection } from './api';

/** Environment variables that stand in for arguments of the provider block, as in the official provider. */
const ENVIRONMENT: Record<string, string> = {
  url: 'KEYCLOAK_URL',
  client_id: 'KEYCLOAK_CLIENT_ID',
  client_secret: 'KEYCLOAK_CLIENT_SECRET',
  username: 'KEYCLOAK_USER',
  password: 'KEYCLOAK_PASSWORD',
  access_token: 'KEYCLOAK_ACCESS_TOKEN',
  realm: 'KEYCLOAK_REALM',
  base_path: 'KEYCLOAK_BASE_PATH',
  admin_url: 'KEYCLOAK_ADMIN_URL',
  client_timeout: 'KEYCLOAK_CLIENT_TIMEOUT',
};

/** Arguments of the official provider that need what the sandbox has not: other log-ins, own certificates. */
const NOT_OFFERED = [
  'admin_url',
  'jwt_signing_key',
  'jwt_token',
  'jwt_token_file',
  'root_ca_certificate',
  'tls_client_certificate',
  'tls_client_private_key',
  'tls_insecure_skip_verify',
];

const DEFAULT_TIMEOUT_SECONDS = 15;

/**
 * How the provider block (or the environment) says to reach Keycloak. Throws where something is missing, where the
 * official provider's argument is not offered here, and where the server is not the sandbox's.
 */
export function toConnection(config: Obj, environment: NodeJS.ProcessEnv): Connection {
  const setting = (name: string): string => {
    const value = config[name];
    return typeof value === 'string' || typeof value === 'number'
      ? String(value)
      : (environment[ENVIRONMENT[name] ?? ''] ?? '');
  };
  const refused = NOT_OFFERED.filter((name) => config[name] === true || setting(name) !== '');
  if (refused.length > 0) {
    throw new UserError(
      `The sandbox's offline Keycloak provider does not offer ${refused.join(', ')}: remove it or use the official provider`,
    );
  }
  const url = setting('url').replace(/\/+$/, '');
  if (url === '') throw new UserError('url is missing: set it in the provider block or in KEYCLOAK_URL');
  const baseUrl = `${url}${setting('base_path')}`;
  requireSandbox(url, baseUrl, environment.STEP_UP_SANDBOX_URL);
  return {
    baseUrl,
    realm: setting('realm') || 'master',
    timeout: 1000 * (Number(setting('client_timeout')) || DEFAULT_TIMEOUT_SECONDS),
    credentials: toCredentials(setting),
    headers: toHeaders(config.additional_headers),
  };
}

function toCredentials(setting: (name: string) => string): Connection['credentials'] {
  const clientId = setting('client_id');
  const clientSecret = setting('client_secret');
  const username = setting('username');
  const password = setting('password');
  const accessToken = setting('access_token');
  const secret = clientSecret === '' ? {} : { clientSecret };
  const needsClient = username !== '' || password !== '' || clientSecret !== '';
  if (needsClient && clientId === '') throw new UserError('client_id is missing: set it or KEYCLOAK_CLIENT_ID');
  if (username !== '' && password !== '') {
    return { grantType: 'password', clientId, username, password, ...secret } satisfies Credentials;
  }
  if (clientSecret !== '') return { grantType: 'client_credentials', clientId, clientSecret } satisfies Credentials;
  if (accessToken !== '') return { accessToken };
  throw new UserError('no credentials: set client_id with client_secret, or client_id with username and password');
}

function toHeaders(headers: Value | undefined): Record<string, string> {
  return (headers ?? {}) as Record<string, string>;
}

/**
 * This provider is a stand-in for the sandbox and for tests. It works on this machine alone, or on the one server whose
 * URL the user gave to the sandbox (KEYCLOAK_URL, which the sandbox hands on as STEP_UP_SANDBOX_URL).
 */
function requireSandbox(url: string, baseUrl: string, sandboxUrl: string | undefined): void {
  const { host, hostname } = parse(baseUrl);
  if (isLoopback(hostname)) return;
  if (url === sandboxUrl?.replace(/\/+$/, '') && host === parse(url).host) return;
  throw new UserError(
    `The offline Keycloak provider is for the sandbox and tests only and refuses ${url}: use the official keycloak/keycloak provider there`,
  );
}

function isLoopback(hostname: string): boolean {
  return (
    hostname === 'localhost' ||
    hostname.endsWith('.localhost') ||
    hostname === '[::1]' ||
    /^127(\.\d{1,3}){3}$/.test(hostname)
  );
}

function parse(url: string): URL {
  try {
    return new URL(url);
  } catch {
    throw new UserError(`url is "${url}", which is no URL: write it as http://127.0.0.1:8080`);
  }
}
