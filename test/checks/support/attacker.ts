import { setTimeout as sleep } from 'node:timers/promises';
import * as oidc from 'openid-client';
import { type Answers, Browser, type LoginRequest, type LoginResult, signIn, TotpDevice } from '../../../sandbox/login';
import { PASSWORD, REDIRECT_URI } from '../../support/imported-realm';
import { BOBS_ID, OTP_SECRET } from './representation';
import { formAction, touch } from './security-key';

export type Victim = 'bob' | 'alice';

/** What somebody holds who tries a login. */
export type Holding = 'name' | 'password' | 'otp' | 'own-device';

export interface Try extends Partial<Pick<LoginRequest, 'acrValues' | 'scope' | 'claims' | 'parameters'>> {
  /** Whose account. bob owns a password and an OTP, alice a password only. @default 'bob' */
  readonly as?: Victim;
  /** @default the stolen password */
  readonly with?: readonly Holding[];
  /** @default 'app' */
  readonly client?: string;
  /** @default a new one, without a session */
  readonly browser?: Browser;
}

export const ESSENTIAL_GOLD = { id_token: { acr: { essential: true, values: ['gold'] } } };
export const ALL: readonly Holding[] = ['name', 'password', 'otp'];

/** Somebody at a browser, with one realm of a real Keycloak in front of them. */
export class Attacker {
  /** Devices that the attacker enrolled. */
  private readonly devices = new Map<Victim, TotpDevice>();

  constructor(private readonly issuer: string) {}

  /** One login, in one line: `username password → silver`. */
  async login(attempt: Try = {}): Promise<string> {
    return summary(await this.result(attempt), attempt.scope);
  }

  async result({
    as = 'bob',
    with: held = ['name', 'password'],
    client = 'app',
    browser = new Browser(),
    ...request
  }: Try) {
    const answers = this.answers(as, held);
    return signIn(
      browser,
      { client: { issuer: this.issuer, clientId: client }, redirectUri: REDIRECT_URI, ...request },
      answers,
    );
  }

  /** The status of the realm's discovery document, which clients read before they do anything. */
  async discover(): Promise<string> {
    const response = await fetch(`${this.issuer}/.well-known/openid-configuration`);
    await response.body?.cancel();
    return String(response.status);
  }

  /** The password grant, with a password. */
  async passwordGrant(as: Victim, scope: string): Promise<string> {
    const response = await fetch(`${this.issuer}/protocol/openid-connect/token`, {
      method: 'POST',
      body: new URLSearchParams({ grant_type: 'password', client_id: 'app', username: as, password: PASSWORD, scope }),
    });
    const body = (await response.json()) as { scope?: string; error?: string };
    if (body.error !== undefined) return 'refused';
    return body.scope?.split(' ').includes(scope) ? `granted with ${scope}` : 'granted';
  }

  /** The device grant: the attacker's device, confirmed at the verification page. */
  async deviceGrant(as: Victim): Promise<string> {
    const configuration = await oidc.discovery(new URL(this.issuer), 'app', undefined, oidc.None(), {
      execute: [oidc.allowInsecureRequests],
    });
    const device = await oidc.initiateDeviceAuthorization(configuration, { scope: 'openid' }).catch(refused);
    if (!device) return 'refused';
    const browser = new Browser();
    const leave = new URL(REDIRECT_URI);
    let arrival = await browser.open(new URL(device.verification_uri_complete as string), leave);
    const asked: string[] = [];
    while ('page' in arrival && arrival.page.kind === 'form') {
      asked.push(...arrival.page.asks.keys());
      const consent = arrival.page.asks.has('consent');
      arrival = await browser.submit(
        arrival.page,
        consent ? { accept: 'Yes' } : { username: as, password: PASSWORD },
        leave,
      );
    }
    const tokens = await oidc.pollDeviceAuthorizationGrant(configuration, { ...device, interval: 0 }).catch(refused);
    return `${asked.join(' ')} → ${tokens?.claims()?.acr ?? 'refused'}`;
  }

  /** Touches bob's security key where the login asks for it, without a PIN. */
  async touchKey(): Promise<string> {
    const browser = new Browser();
    const query = {
      response_type: 'code',
      client_id: 'app',
      redirect_uri: REDIRECT_URI,
      scope: 'openid',
      code_challenge_method: 'S256',
      code_challenge: await oidc.calculatePKCECodeChallenge(oidc.randomPKCECodeVerifier()),
    };
    const url = new URL(`${this.issuer}/protocol/openid-connect/auth?${new URLSearchParams(query)}`);
    const html = await (await browser.fetch(url)).text();
    const body = new URLSearchParams(touch(html, url, BOBS_ID));
    const arrival = await browser.open(new URL(formAction(html)), new URL(REDIRECT_URI), { method: 'POST', body });
    return 'redirect' in arrival && arrival.redirect.searchParams.has('code') ? 'key → granted' : 'key → refused';
  }

  wait(seconds: number): Promise<void> {
    return sleep(seconds * 1000);
  }

  private answers(as: Victim, held: readonly Holding[]): Answers {
    const totp = as === 'bob' ? new TotpDevice(OTP_SECRET) : this.devices.get(as);
    return {
      ...(held.includes('name') && { username: as }),
      ...(held.includes('password') && { password: PASSWORD }),
      ...(held.includes('otp') && totp && { otp: () => totp.now() }),
      ...(held.includes('own-device') && {
        'enrol-otp': (page) => {
          const device = new TotpDevice(page.fields.totpSecret as string);
          this.devices.set(as, device);
          return device.now();
        },
      }),
    };
  }
}

function refused(error: unknown): undefined {
  if (error instanceof oidc.ResponseBodyError) return undefined;
  throw error;
}

function summary({ asked, outcome, acr, scope }: LoginResult, wanted: readonly string[] = []): string {
  const granted = wanted.filter((name) => name !== 'openid' && scope.includes(name));
  const end = {
    granted: `${acr ?? 'no acr'}${granted.length > 0 ? ` with ${granted.join(' ')}` : ''}`,
    refused: 'refused',
    unanswered: 'stopped',
    'unknown-page': 'failed',
  }[outcome];
  return `${asked.join(' ')} → ${end}`.trim();
}
