import type { CredentialType } from '../keycloak/authenticators';
import type { AuthenticatorExecution } from '../realm-model';
import type { Login } from './login';
import type { ErrorPage } from './signals';
import type { Proof } from './types';

/** What a step comes to: done, passed on, a form, or a page that ends the login. */
export type StepResult =
  | 'success'
  | 'attempted'
  | { readonly accepts: readonly (readonly Proof[])[] }
  /** The browser goes to the identity provider of that alias. */
  | { readonly provider: string }
  | { readonly error: Omit<ErrorPage, 'kind'> };

/** An authenticator. Source: the class of each in `org.keycloak.authentication.authenticators`. */
export interface Authenticator {
  begin(login: Login, execution: AuthenticatorExecution): StepResult;
  /** @param proofs the proofs given, none if the form was sent empty */
  answer?(login: Login, proofs: readonly Proof[], execution: AuthenticatorExecution): StepResult;
  /** A wrong proof. @default the form is shown again */
  wrong?(login: Login): StepResult | undefined;
}

/** An error that Keycloak shows when a WebAuthn assertion can't be read. */
export const BROKEN_ASSERTION = { error: { status: 400, reason: 'invalid-credentials' } } as const;

/** A form that asks for one credential. */
export function credentialForm(proof: CredentialType): Authenticator {
  return {
    begin: () => ({ accepts: [[proof]] }),
    answer: (login) => {
      login.credentialsUsed.push(proof);
      return 'success';
    },
    ...(proof === 'webauthn' && { wrong: () => BROKEN_ASSERTION }),
  };
}
