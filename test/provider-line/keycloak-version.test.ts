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

/** An older Keycloak refuses the whole realm for one property that it doesn't know. */
describe('What an older realm has no property for', () => {
  const policies = (keycloakVersion?: string) => {
    const [realm] = Object.values(
      JSON.parse(Testing.synth(made({ keycloakVersion }).stack)).resource.keycloak_realm,
    ) as Record<string, Record<string, unknown>>[];
    return [realm?.web_authn_policy, realm?.web_authn_passwordless_policy];
  };

  test.each([
    [undefined, true, true],
    ['26.7.0', true, true],
    ['26.6.4', false, true],
    ['26.2.5', false, false],
  ])('%s: is left out', (keycloakVersion, residentKey, passkeys) => {
    const [second, passwordless] = policies(keycloakVersion);
    expect([second, passwordless].map((each) => 'discoverable_credential' in (each ?? {}))).toEqual([
      residentKey,
      residentKey,
    ]);
    expect('passwordless_passkeys_enabled' in (passwordless ?? {})).toBe(passkeys);
    expect([second?.require_resident_key, passwordless?.require_resident_key]).toEqual(['No', 'Yes']);
  });

  test('is refused where it can not be said otherwise', () => {
    const policy = { webAuthnPolicy: { discoverableCredential: 'preferred' } } as const;
    expect(() => made({ keycloakVersion: '26.6.4', ...policy })).toThrow(
      /^test\/realm: webAuthnPolicy\.discoverableCredential 'preferred': Keycloak knows it since 26\.7\.0/,
    );
    expect(() => made({ keycloakVersion: '26.7.0', ...policy })).not.toThrow();
  });
});
