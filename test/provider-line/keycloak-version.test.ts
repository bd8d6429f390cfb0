import { TerraformStack, Testing } from 'cdktf';
import {
  KeycloakProvider,
  ProofFlow,
  StepUpChecks,
  StepUpClient,
  StepUpFlow,
  StepUpPolicy,
  StepUpRealm,
  type StepUpRealmProps,
  WhenRequest,
} from '../../lib';
import { readTerraformConfiguration } from '../../model';
import { level } from '../support/stack';

function made(props: Partial<StepUpRealmProps>, provider: { keycloakVersion?: string } = {}) {
  const stack = new TerraformStack(Testing.app(), 'test');
  new KeycloakProvider(stack, 'keycloak', { url: 'https://keycloak.example.com', ...provider });
  const silver = level(stack, { acr: 'silver', loa: 1 });
  const gold = level(stack, { acr: 'gold', loa: 2 });
  const realm = new StepUpRealm(stack, 'realm', { name: 'acme', levels: [silver, gold], ...props });
  return { stack, silver, gold, realm };
}

function failure(stack: TerraformStack): string {
  try {
    stack.runAllValidations();
    return '';
  } catch (error) {
    return (error as Error).message;
  }
}

describe('The version of Keycloak', () => {
  test('is read from the synthesized stack, wherever it was told', () => {
    const versionOf = (stack: TerraformStack) =>
      readTerraformConfiguration(stack.toTerraform()).map(({ keycloakVersion }) => keycloakVersion);
    expect(versionOf(made({ keycloakVersion: '26.7.4' }).stack)).toEqual(['26.7.4']);
    expect(versionOf(made({}, { keycloakVersion: '26.5.6' }).stack)).toEqual(['26.5.6']);
    expect(versionOf(made({}).stack)).toEqual([undefined]);
  });

  test('is told once', () => {
    expect(() => made({ keycloakVersion: '26.7.4' }, { keycloakVersion: '26.7.4' })).not.toThrow();
    expect(() => made({ keycloakVersion: '26.7.4' }, { keycloakVersion: '26.5.6' })).toThrow(
      /^test\/realm: keycloakVersion "26\.7\.4": the stack is for 26\.5\.6 already/,
    );
  });

  test.each(['26', 'latest', '26.7', ''])('is refused as %j', (keycloakVersion) => {
    expect(() => made({ keycloakVersion })).toThrow(
      `test/realm: keycloakVersion ${JSON.stringify(keycloakVersion)}: it is no release of Keycloak. Write three numbers`,
    );
  });

  test('makes the checks of the aspect know its defects', () => {
    const { stack, realm } = made({ keycloakVersion: '26.5.0' });
    realm.bindBrowserFlow(new StepUpFlow(stack, 'browser', { realm }));
    StepUpChecks.applyTo(stack);
    stack.runAllValidations();
    const notes = stack.node.findAll().flatMap(({ node }) => node.metadata.map(({ data }) => String(data)));
    expect(notes).toContainEqual(expect.stringMatching(/CVE-2026-3429/));
    expect(notes.filter((note) => /which version/.test(note))).toEqual([]);
  });

  test('that was not measured is said to be so', () => {
    const { stack, realm } = made({ keycloakVersion: '26.7.99' });
    expect(realm.node.metadata.map(({ data }) => String(data))).toContainEqual(
      expect.stringMatching(/^Keycloak 26\.7\.99 was not measured/),
    );
    expect(failure(stack)).toBe('');
    expect(made({ keycloakVersion: '26.7.4' }).realm.node.metadata.map(({ data }) => String(data))).not.toContainEqual(
      expect.stringMatching(/was not measured/),
    );
  });
});

describe('What a version lacks is refused', () => {
  type Build = (parts: ReturnType<typeof made>) => void;
  const client = ({ stack, realm }: ReturnType<typeof made>, props: object) =>
    new StepUpClient(stack, 'shop', {
      realm,
      clientId: 'shop',
      accessType: 'PUBLIC',
      validRedirectUris: ['https://shop.example.com/callback'],
      ...props,
    });

  test.each<[string, string, string, Build]>([
    ['minimum.acr.value', '26.0.8', '26.1.0', (parts) => client(parts, { minimumLevel: parts.gold })],
    [
      'conditional-sub-flow-executed',
      '26.0.8',
      '26.1.0',
      ({ stack, realm }) => realm.bindBrowserFlow(new StepUpFlow(stack, 'browser', { realm })),
    ],
    [
      'auth-flow-enforcer',
      '26.1.5',
      '26.2.0',
      ({ stack, realm, gold }) =>
        new StepUpPolicy(stack, 'policy', {
          when: [WhenRequest.anyClient()],
          flow: new ProofFlow(stack, 'proof', { realm, level: gold }),
        }),
    ],
  ])('%s', (id, older, since, build) => {
    const old = made({ keycloakVersion: older });
    build(old);
    expect(failure(old.stack)).toContain(`${id} (`);
    expect(failure(old.stack)).toContain(`it needs Keycloak ${since}, and keycloakVersion is ${older}`);
    const young = made({ keycloakVersion: since });
    build(young);
    expect(failure(young.stack)).not.toContain(`${id} (`);
  });
});
