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
export type Response = FormPage | ErrorPage;

export interface ErrorPage {
  readonly kind: 'error';
  readonly status: number;
  readonly reason: RefusalReason;
}
