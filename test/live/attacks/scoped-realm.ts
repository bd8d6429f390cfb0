import type { TerraformStack } from 'cdktf';
import {
  AssuranceLevel,
  AuthenticationFlow,
  condition,
  type Factor,
  StepUpClient,
  StepUpClientScope,
  StepUpFlow,
  StepUpRealm,
  type StepUpRealmProps,
  subflow,
} from '../../../lib';
import { proofNodes } from '../../../lib/flow/factor-nodes';
import { stepUpNodes } from '../../../lib/flow/step-up-tree';
import { REDIRECT_URI } from '../../support/imported-realm';
import { withStackFolder } from '../support/apply-stack';
import { withRealmName } from '../support/keycloak';

export interface ScopedRealmParts {
  readonly stack: TerraformStack;
  readonly realm: StepUpRealm;
  readonly levels: readonly [AssuranceLevel, AssuranceLevel];
}

/** Binds a flow and answers the scope `payments`, which it guards. */
export type Guarding = (parts: ScopedRealmParts) => StepUpClientScope;

/** The scope asks for gold by a rule of the flow. */
export const byRule: Guarding = ({ stack, realm, levels: [, gold] }) => {
  const payments = new StepUpClientScope(stack, 'payments', { realm, name: 'payments', requires: gold });
  realm.bindBrowserFlow(new StepUpFlow(stack, 'browser', { realm, scopes: [payments] }));
  return payments;
};

/** The scope asks for the proof of gold unless Keycloak counts this credential as used: what rules once were. */
export const unlessUsed =
  (credential: string): Guarding =>
  ({ stack, realm, levels }) => {
    const [, gold] = levels;
    const payments = new StepUpClientScope(stack, 'payments', { realm, name: 'payments' });
    const rule = subflow('rule', 'CONDITIONAL', [
      condition('conditional-client-scope', { client_scope: 'payments', negate: 'false' }),
      condition('conditional-credential', { credentials: credential, included: 'false' }),
      ...proofNodes(gold, 'rule'),
    ]);
    const nodes = [subflow('login', 'REQUIRED', stepUpNodes(levels, [])), rule];
    realm.bindBrowserFlow(new AuthenticationFlow(stack, 'browser', { realm, name: 'browser', nodes }));
    return payments;
  };

export interface ScopedRealmOptions {
  readonly silver: Factor;
  readonly gold: Factor;
  readonly guarded: Guarding;
  readonly props?: Partial<StepUpRealmProps>;
  /** What the stack has beside. @default nothing */
  readonly more?: (parts: ScopedRealmParts) => void;
}

/**
 * Makes a realm with the levels silver (LoA 2) and gold (LoA 3), and a client `app` that may ask for the scope `payments`, before the
 * tests of this block, and removes it after them.
 *
 * @returns the realm's name
 */
export function withScopedRealm({ silver, gold, guarded, props, more }: ScopedRealmOptions): string {
  const name = withRealmName('scoped');
  const folder = withStackFolder();
  beforeAll(() =>
    folder.apply((stack) => {
      const level = (acr: string, loa: number, provedBy: Factor) =>
        new AssuranceLevel(stack, acr, { acr, loa, provedBy });
      const levels = [level('silver', 2, silver), level('gold', 3, gold)] as const;
      const realm = new StepUpRealm(stack, 'realm', { name, levels, ...props });
      const payments = guarded({ stack, realm, levels });
      more?.({ stack, realm, levels });
      new StepUpClient(stack, 'app', {
        realm,
        clientId: 'app',
        accessType: 'PUBLIC',
        validRedirectUris: [REDIRECT_URI],
        optionalScopes: [payments],
      });
    }),
  );
  return name;
}
