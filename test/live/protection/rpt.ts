import { decodeJwt } from 'jose';

/** How Keycloak answered a request for a permission: `granted`, or the error. */
export type Decision = string;

/** A request to Authorization Services, as a resource server or an application makes it. */
export interface PermissionRequest {
  readonly issuer: string;
  /** The resource server. */
  readonly audience: string;
  readonly accessToken: string;
  /** Claims that the caller pushes. @default none */
  readonly pushed?: Readonly<Record<string, readonly string[]>>;
}

/**
 * Asks whether the token may do something: `GET /orders`, or `/orders` without a method.
 * Source: Authorization Services Guide, "Obtaining permissions".
 */
export async function decide(request: PermissionRequest, what: string): Promise<Decision> {
  const [method, path] = what.includes(' ') ? what.split(' ') : [undefined, what];
  const { status, body } = await ask(request, {
    permission: method ? `${path}#${method}` : (path as string),
    permission_resource_format: 'uri',
    permission_resource_matching_uri: 'true',
    response_mode: 'decision',
  });
  return status === 200 && body.result === true ? 'granted' : String(body.error);
}

/** The claims of a requesting party token for all that the token may do. */
export async function requestingPartyToken(request: PermissionRequest): Promise<Record<string, unknown>> {
  const { body } = await ask(request, {});
  return decodeJwt(String(body.access_token));
}

async function ask({ issuer, audience, accessToken, pushed }: PermissionRequest, more: Record<string, string>) {
  const response = await fetch(`${issuer}/protocol/openid-connect/token`, {
    method: 'POST',
    headers: { Authorization: `Bearer ${accessToken}` },
    body: new URLSearchParams({
      grant_type: 'urn:ietf:params:oauth:grant-type:uma-ticket',
      audience,
      ...more,
      ...(pushed && {
        claim_token: Buffer.from(JSON.stringify(pushed)).toString('base64url'),
        claim_token_format: 'urn:ietf:params:oauth:token-type:jwt',
      }),
    }),
  });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}
