import { decodeJwt } from 'jose';
import { REDIRECT_URI } from '../../support/imported-realm';
import { testKeycloak } from './keycloak';
import type { Site } from './site';

/** What a token, device or backchannel endpoint answered. */
export interface GrantAnswer {
  readonly status: number;
  readonly error?: string;
  readonly error_description?: string;
  readonly access_token?: string;
  readonly id_token?: string;
  readonly refresh_token?: string;
  readonly scope?: string;
  /** The page, where the answer is one. */
  readonly page?: string;
  readonly [field: string]: unknown;
}

/** A realm of the run's Keycloak, for requests to its endpoints. */
export function siteOf(realm: string): Pick<Site, 'issuer'> {
  return { issuer: async () => `${(await testKeycloak()).url}/realms/${realm}` };
}

/** Posts a form to an endpoint below `protocol/openid-connect/` of the site's realm. */
export async function post(
  site: Pick<Site, 'issuer'>,
  endpoint: string,
  fields: Readonly<Record<string, string>>,
): Promise<GrantAnswer> {
  const response = await fetch(`${await site.issuer()}/protocol/openid-connect/${endpoint}`, {
    method: 'POST',
    body: new URLSearchParams(fields),
  });
  // A flow that denies answers a page, as a browser would get it, at any endpoint.
  const isJson = /\bjson\b/.test(response.headers.get('content-type') ?? '');
  const body = isJson ? await response.json() : { page: await response.text() };
  return { status: response.status, ...(body as object) };
}

/**
 * Exchanges the code of an authorization response for tokens.
 *
 * @param to where that response went, with the code
 * @param more fields of the request, such as the client's secret
 */
export function redeem(
  site: Pick<Site, 'issuer'>,
  clientId: string,
  to: URL,
  { redirectUri = REDIRECT_URI, ...more }: Readonly<Record<string, string>> = {},
): Promise<GrantAnswer> {
  return post(site, 'token', {
    grant_type: 'authorization_code',
    client_id: clientId,
    code: to.searchParams.get('code') ?? '',
    redirect_uri: redirectUri,
    ...more,
  });
}

/**
 * The acr of the ID token that Keycloak has just answered.
 * @throws Error if there is none
 */
export function acrOf({ id_token: token = '' }: GrantAnswer): string | undefined {
  return decodeJwt<{ acr?: string }>(token).acr;
}

/** The claims of an access token that Keycloak has just answered; its signature is not the matter here. */
export function claimsOf({ access_token: token = '' }: GrantAnswer): Readonly<Record<string, unknown>> {
  return decodeJwt(token);
}

/** The secret that Keycloak has made for a client of the realm: none is written out in a stack. */
export async function secretOf(realm: string, clientId: string): Promise<string> {
  const { admin } = await testKeycloak();
  const [client] = await admin.clients.find({ realm, clientId });
  if (!client?.id) throw new Error(`The realm ${realm} has no client ${clientId}`);
  const { value = '' } = await admin.clients.getClientSecret({ realm, id: client.id });
  return value;
}
