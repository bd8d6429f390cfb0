import type { FormPage, RefusalReason } from './types';

/** A step failed (Keycloak's `AuthenticationFlowException`). Alternatives go on with the next one. */
export class FlowError extends Error {
  constructor(
    readonly reason: RefusalReason,
    message: string,
  ) {
    super(message);
  }
}

/** Keycloak throws something unforeseen; nothing catches it before the error page. */
export class ServerError extends Error {}

/** The model doesn't say enough to go on. */
export class CannotTell extends Error {}

/** What a step sends to the browser: a form, or a page that ends the login. */
export type Response = FormPage | ProviderRedirect | ErrorPage;

/** The browser goes to the login page of an identity provider. */
export interface ProviderRedirect {
  readonly kind: 'provider';
  /** The execution that sends it there, or the door itself. */
  readonly execution: string;
  readonly authenticator: string;
  /** Alias of the provider. */
  readonly provider: string;
  /** Whether who comes back without a login is no further than before. */
  readonly required: boolean;
}

export interface ErrorPage {
  readonly kind: 'error';
  readonly status: number;
  readonly reason: RefusalReason;
}
