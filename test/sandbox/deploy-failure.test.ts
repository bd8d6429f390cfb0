import { deployFailure } from '../../sandbox/deploy-failure';

describe('the failure of a deploy', () => {
  test("is told in Terraform's words, without the place in the generated JSON", () => {
    const output = `
dev  Initializing the backend...
dev  Planning failed. Terraform encountered an error while generating this plan.

dev  ╷
     │ Error: Keycloak refused the login
     │
     │   The client or its secret is wrong.
     │
     │   with provider["registry.terraform.io/keycloak/keycloak"],
     │   on cdk.tf.json line 29, in provider.keycloak[0]:
     │   29:       }
     ╵

0 Stacks deploying     1 Stack done     0 Stacks waiting`;
    expect(deployFailure(output)).toBe('Error: Keycloak refused the login The client or its secret is wrong.');
  });

  test("is told in the app's words if it could not be synthesized", () => {
    const output = `
ERROR: cdktf encountered an error while synthesizing

Synth command: npx tsx main.ts
Error:         non-zero exit code 1

Command output on stderr:

    npm warn Unknown user config "nodedir".
    dev/realm: level "gold" with loa 1: level "silver" has the same number. Give each level a LoA number of its own.

⠇  Synthesizing`;
    expect(deployFailure(output)).toBe(
      'dev/realm: level "gold" with loa 1: level "silver" has the same number. Give each level a LoA number of its own.',
    );
  });

  test('is told by whoever calls when the output holds no error', () => {
    expect(deployFailure('dev  Initializing the backend...')).toBeUndefined();
  });
});
