import * as oidc from 'openid-client';

/** What the API wants of the next login. */
export interface Challenge {
  readonly acrValues: string;
  /** Seconds. */
  readonly maxAge?: number;
}

/** Gets an access token; the user logs in as far as the challenge wants and their session doesn't suffice. */
export type Authorize = (challenge?: Challenge) => Promise<string>;

/**
 * A client of an API that may ask for more: it keeps the access token, and when the API answers "not with this login" (RFC
 * 9470) it lets the user step up, and asks once more.
 */
export class SteppingUpClient {
  private token?: string;

  constructor(
    private readonly configuration: oidc.Configuration,
    private readonly authorize: Authorize,
  ) {}

  async fetch(method: string, url: URL): Promise<Response> {
    this.token ??= await this.authorize();
    try {
      return await this.request(method, url);
    } catch (error) {
      const challenge = challengeIn(error);
      if (!challenge) throw error;
      this.token = await this.authorize(challenge);
      return this.request(method, url);
    }
  }

  private request(method: string, url: URL): Promise<Response> {
    return oidc.fetchProtectedResource(this.configuration, this.token as string, url, method);
  }
}

/** Source: RFC 9470, section 4. */
function challengeIn(error: unknown): Challenge | undefined {
  if (!(error instanceof oidc.WWWAuthenticateChallengeError)) return undefined;
  const parameters = error.cause.find(({ scheme }) => scheme === 'bearer')?.parameters;
  const { error: code, acr_values, max_age } = (parameters ?? {}) as Record<string, string | undefined>;
  if (code !== 'insufficient_user_authentication' || !acr_values) return undefined;
  return { acrValues: acr_values, ...(max_age && { maxAge: Number(max_age) }) };
}
