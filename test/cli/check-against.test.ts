import { Testing } from 'cdktf';
import { StepUpClient, StepUpFlow } from '../../lib';
import { realmStack } from '../support/stack';
import { stepUp, temporaryFiles } from './step-up';

function synthesized(): string {
  const { stack, realm } = realmStack();
  realm.bindBrowserFlow(new StepUpFlow(stack, 'browser', { realm }));
  new StepUpClient(stack, 'shop', {
    realm,
    clientId: 'shop',
    validRedirectUris: ['https://shop.example.com/callback'],
  });
  return Testing.synth(stack, true);
}

describe('step-up check --against', () => {
  const files = temporaryFiles();
  const stack = files.file('stack.tf.json', synthesized());
  const changed = files.file(
    'changed.tf.json',
    synthesized().replace('"pkce_code_challenge_method": "S256"', '"pkce_code_challenge_method": ""'),
  );

  test('exits with 0 where nothing differs', async () => {
    const { exitCode, stdout } = await stepUp(['check', stack, '--against', stack]);
    expect(stdout).toBe('Realm acme: nothing differs from what the stack declares.');
    expect(exitCode).toBe(0);
  });

  test('exits with 1 and says what differs in one line, with how to mend it', async () => {
    const { exitCode, stdout } = await stepUp(['check', changed, '--against', stack]);
    expect(stdout).toMatch(
      /^Realm acme: 1 difference from what the stack declares\.\n {2}client shop: pkce\.code\.challenge\.method is not set, not "S256"\. Mend: terraform apply \(keycloak_openid_client\.\w+\)$/,
    );
    expect(exitCode).toBe(1);
    const json = await stepUp(['check', changed, '--against', stack, '--json']);
    expect(JSON.parse(json.stdout)).toMatchObject([
      { realm: 'acme', differences: [{ path: 'client shop' }], open: [] },
    ]);
    expect(json.exitCode).toBe(1);
  });

  test.each([
    [
      'a stack of another realm',
      ['--against', files.file('other.tf.json', synthesized().replaceAll('"acme"', '"emca"'))],
      /does not declare the realm acme, but emca: name its stack/,
    ],
    ['no stack', ['--against', 'nowhere'], /nowhere: no such file or folder/],
    [
      'options about findings',
      ['--against', stack, '--guard', 'scope:payments=gold'],
      /leave --sarif, --suppressions and --guard out/,
    ],
  ])('exits with 2 on %s', async (_what, args, message) => {
    const { exitCode, stderr } = await stepUp(['check', stack, ...args]);
    expect(stderr).toMatch(message);
    expect(exitCode).toBe(2);
  });
});
