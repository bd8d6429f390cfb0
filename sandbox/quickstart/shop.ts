import type { Server } from 'node:http';
import express from 'express';
import * as oidc from 'openid-client';
import type { LoginClient, TestUser } from '../login';
import { SCENARIOS } from './scenarios';

/**
 * The client of the quickstart as a page to click through: it starts the logins of the table and shows what comes back. It
 * also shows the user's one-time passwords, so it is for a sandbox with made-up users only; it listens on loopback.
 *
 * @returns its address and how to stop it; undefined if the port of the redirect URI is taken
 */
export async function openShop(
  client: LoginClient,
  redirectUri: string,
  user: TestUser,
): Promise<{ url: string; close(): void } | undefined> {
  const callback = new URL(redirectUri);
  const configuration = await oidc.discovery(new URL(client.issuer), client.clientId, undefined, oidc.None(), {
    execute: [oidc.allowInsecureRequests, oidc.enableNonRepudiationChecks],
  });
  const pending = new Map<string, { verifier: string; title: string }>();
  const app = express();

  app.get('/', (_request, response) => void response.send(page(user, 'Choose a login.')));

  app.get('/login/:row', async (request, response) => {
    const scenario = SCENARIOS[Number(request.params.row)];
    if (!scenario) return void response.redirect('/');
    const verifier = oidc.randomPKCECodeVerifier();
    const state = oidc.randomState();
    pending.set(state, { verifier, title: scenario.title });
    const url = oidc.buildAuthorizationUrl(configuration, {
      redirect_uri: redirectUri,
      scope: (scenario.request.scope ?? ['openid']).join(' '),
      ...(scenario.request.acrValues && { acr_values: scenario.request.acrValues.join(' ') }),
      code_challenge: await oidc.calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
      state,
    });
    response.redirect(url.href);
  });

  app.get(callback.pathname, async (request, response) => {
    const state = String(request.query.state);
    const login = pending.get(state);
    if (!login) return void response.redirect('/');
    pending.delete(state);
    try {
      const tokens = await oidc.authorizationCodeGrant(configuration, new URL(request.url, callback), {
        pkceCodeVerifier: login.verifier,
        expectedState: state,
        idTokenExpected: true,
      });
      const outcome = `${login.title}: acr ${tokens.claims()?.acr}, scope ${tokens.scope}`;
      response.send(page(user, outcome));
    } catch (error) {
      response.status(400).send(page(user, `${login.title}: ${(error as Error).message}`));
    }
  });

  return new Promise((resolve) => {
    const server: Server = app.listen(Number(callback.port), callback.hostname, (error?: Error) =>
      resolve(error ? undefined : { url: callback.origin, close: () => void server.close() }),
    );
  });
}

function page(user: TestUser, outcome: string): string {
  const links = SCENARIOS.flatMap(({ title, mistake, afterMaxAge }, row) =>
    mistake || afterMaxAge ? [] : [`<li><a href="/login/${row}">${escaped(title)}</a></li>`],
  );
  return `<!doctype html><meta charset="utf-8"><title>shop</title><h1>shop</h1>
<p><strong>${escaped(outcome)}</strong></p><ul>${links.join('')}</ul>
<p>User <code>${escaped(user.username)}</code>, password <code>${escaped(user.password)}</code>,
one-time password <code>${escaped(user.totp?.now() ?? '')}</code> (<a href="/">newer</a>)</p>`;
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
