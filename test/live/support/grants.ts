import { testKeycloak } from './keycloak';
import type { Site } from './site';

/** What a token, device or backchannel endpoint answered. */
export interface GrantAnswer {
  readonly status: number;
  readonly error?: string;
  readonly error_description?: string;
  readonly access_token?: string;
  readonly refresh_token?: string;
  readonly scope?: string;
  /** The page, where the answer is one. */
  readonly page?: string;
  readonly [field: string]: unknown;
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

/** The claims of an access token that Keycloak has just answered; its signature is not the matter here. */
export function claimsOf({ access_token: token = '' }: GrantAnswer): Readonly<Record<string, unknown>> {
  return JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString());
}

/** The secret that Keycloak has made for a client of the realm: none is written out in a stack. */
export async function secretOf(realm: string, clientId: string): Promise<string> {
  const { admin } = await testKeycloak();
  const [client] = await admin.clients.find({ realm, clientId });
  if (!client?.id) throw new Error(`The realm ${realm} has no client ${clientId}`);
  const { value = '' } = await admin.clients.getClientSecret({ realm, id: client.id });
  return value;
}
