import { CannotRun } from '../../sandbox/cannot-run';
import { requireTerraform } from '../../sandbox/terraform';
import { type BareMachine, bareMachine } from './keycloak/machine';

describe('The Terraform of a machine', () => {
  let machine: BareMachine;

  afterEach(() => machine.remove());

  async function refusal(commands: Record<string, string>, env: NodeJS.ProcessEnv = {}): Promise<string> {
    machine = bareMachine(commands);
    const error = await requireTerraform({ ...machine.env, ...env }).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(CannotRun);
    const { message } = error as CannotRun;
    expect(message).not.toContain('\n');
    return message;
  }

  test('is asked for where there is none', async () => {
    expect(await refusal({})).toMatch(/^No Terraform on PATH: install Terraform 1\.5 or later/);
  });

  test.each(['0.15.5', '1.1.9', '1.4.7'])('is too old at %s', async (version) => {
    expect(await refusal({ terraform: `echo "Terraform v${version}"` })).toMatch(
      `Terraform ${version} is too old: install Terraform 1.5 or later`,
    );
  });

  test.each(['1.5.0', '1.11.4', '2.0.0'])('will do at %s', async (version) => {
    machine = bareMachine({ terraform: `echo "Terraform v${version}"` });
    await requireTerraform(machine.env);
  });

  test('is the one that TERRAFORM_BINARY_NAME names, as with cdktf', async () => {
    machine = bareMachine({ terraform: 'echo "Terraform v1.1.9"', tofu: 'echo "OpenTofu v1.9.0"' });
    await requireTerraform({ ...machine.env, TERRAFORM_BINARY_NAME: 'tofu' });
    machine.remove();
    expect(await refusal({}, { TERRAFORM_BINARY_NAME: '/nowhere/terraform' })).toMatch(
      /^No Terraform at TERRAFORM_BINARY_NAME \(\/nowhere\/terraform\): install/,
    );
  });

  test('tells why where it does not run', async () => {
    expect(await refusal({ terraform: 'echo "exec format error" >&2; exit 126' })).toMatch(
      /^Terraform on PATH does not run \(exec format error\): install/,
    );
  });

  test('is not let to ask for its newest version', async () => {
    machine = bareMachine({ terraform: 'test "$CHECKPOINT_DISABLE" = 1 && echo "Terraform v1.11.4"' });
    await requireTerraform(machine.env);
  });
});
