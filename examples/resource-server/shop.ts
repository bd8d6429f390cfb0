import { createServer } from 'node:http';
import * as oidc from 'openid-client';
import { type Challenge, SteppingUpClient } from './step-up';

const REDIRECT_URI = 'http://127.0.0.1:8091/callback';

/** Sends the user to Keycloak, in their own browser, and waits for the redirect that brings the code back. */
async function authorize(configuration: oidc.Configuration, challenge?: Challenge): Promise<string> {
  const pkceCodeVerifier = oidc.randomPKCECodeVerifier();
  const expectedState = oidc.randomState();
  const url = oidc.buildAuthorizationUrl(configuration, {
    redirect_uri: REDIRECT_URI,
    scope: 'openid',
    state: expectedState,
    code_challenge: await oidc.calculatePKCECodeChallenge(pkceCodeVerifier),
    code_challenge_method: 'S256',
    ...(challenge && { acr_values: challenge.acrValues }),
    ...(challenge?.maxAge && { max_age: String(challenge.maxAge) }),
  });
  console.log(`\nOpen this in your browser:\n${url}\n`);
  const redirect = await nextRedirect();
  const tokens = await oidc.authorizationCodeGrant(configuration, redirect, { pkceCodeVerifier, expectedState });
  return tokens.access_token;
}

function nextRedirect(): Promise<URL> {
  return new Promise((resolve, reject) => {
    const server = createServer((request, response) => {
      const url = new URL(request.url ?? '/', REDIRECT_URI);
      if (url.pathname !== new URL(REDIRECT_URI).pathname) {
        response.writeHead(404).end();
        return;
      }
      // A connection that is kept alive would bring the next redirect to this server, which is through.
      response.setHeader('Connection', 'close').end('Thank you. Look at the terminal.');
      server.close();
      resolve(url);
    });
    server.once('error', reject).listen(8091, '127.0.0.1');
  });
}

async function main(issuer: string): Promise<void> {
  const insecure = issuer.startsWith('http:') ? { execute: [oidc.allowInsecureRequests] } : undefined;
  const configuration = await oidc.discovery(new URL(issuer), 'shop', undefined, oidc.None(), insecure);
  const client = new SteppingUpClient(configuration, (challenge) => authorize(configuration, challenge));
  for (const [method, path] of [
    ['GET', '/orders'],
    ['POST', '/payments'],
    ['POST', '/payments'],
  ] as const) {
    const response = await client.fetch(method, new URL(path, 'http://127.0.0.1:8090'));
    console.log(`${method} ${path}: ${response.status} ${await response.text()}`);
  }
}

const { ISSUER } = process.env;
if (ISSUER) {
  main(ISSUER).catch((error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 2;
  });
} else {
  console.error('ISSUER is not set: write the URL of the realm, as in ISSUER=http://localhost:8080/realms/orders');
  process.exitCode = 2;
}
