import type { TerraformStack } from 'cdktf';
import { type AssuranceLevel, StepUpClient, StepUpFlow, StepUpRealm, type StepUpRealmProps } from '../../../lib';
import { type Applied, withStackFolder } from '../support/apply-stack';
import { withRealmName } from '../support/keycloak';

/** The levels of a realm, as constructs of a stack. */
export type LevelsOf = (stack: TerraformStack) => readonly AssuranceLevel[];

export interface FactorRealmOptions {
  readonly levels: LevelsOf;
  readonly props?: Partial<StepUpRealmProps>;
  readonly redirectUri: string;
  /** What the stack has beside. @default nothing */
  readonly more?: (stack: TerraformStack, realm: StepUpRealm) => void;
}

export interface FactorRealm {
  readonly name: string;
  /** Gives the realm other levels, and other props if they are given; its users stay. */
  apply(levels: LevelsOf, props?: Partial<StepUpRealmProps>): Promise<Applied>;
}

/**
 * Makes a realm with these levels, their step-up flow and a client `app` before the tests of this block, and removes it
 * after them.
 *
 * @returns the realm's name
 */
export function withFactorRealm(options: FactorRealmOptions): string {
  return withChangingRealm(options).name;
}

/** The same, for tests that change the levels. */
export function withChangingRealm({ levels, props, redirectUri, more }: FactorRealmOptions): FactorRealm {
  const name = withRealmName('factor');
  const folder = withStackFolder();
  const apply: FactorRealm['apply'] = (wanted, changed = props) =>
    folder.apply((stack) => {
      const realm = new StepUpRealm(stack, 'realm', { name, levels: wanted(stack), ...changed });
      realm.bindBrowserFlow(new StepUpFlow(stack, 'browser', { realm }));
      more?.(stack, realm);
      new StepUpClient(stack, 'app', {
        realm,
        clientId: 'app',
        accessType: 'PUBLIC',
        validRedirectUris: [redirectUri],
      });
    });
  beforeAll(() => apply(levels));
  return { name, apply };
}

/** `describe`, or a skip whose title says what the machine lacks; STEP_UP_REQUIRE_LIVE=1 makes the lack an error. */
export function describeUnlessMissing(missing: string | undefined, title: string, tests: () => void): void {
  if (missing === undefined) describe(title, tests);
  else if (process.env.STEP_UP_REQUIRE_LIVE === '1') throw new Error(`${title} can't run here: ${missing}`);
  else describe.skip(`${title} [${missing}]`, tests);
}
