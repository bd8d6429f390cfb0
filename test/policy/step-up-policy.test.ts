import { Role } from '@cdktf/provider-keycloak/lib/role';
import {
  ProofFlow,
  type RequestCondition,
  StepUpClient,
  type StepUpClientProps,
  StepUpClientScope,
  StepUpFlow,
  type StepUpFlowProps,
  StepUpPolicy,
  StepUpRealm,
  WhenRequest,
} from '../../lib';
import { level, type Resource, realmStack, resourcesOf } from '../support/stack';

type Made = ReturnType<typeof realmStack> & { proof: ProofFlow };

function policyStack(
  when: (made: Made) => StepUpPolicy['when'] = ({ gold }) => [WhenRequest.acr(gold)],
  props: Partial<ConstructorParameters<typeof StepUpPolicy>[2]> = {},
) {
  const base = realmStack();
  const made = { ...base, proof: new ProofFlow(base.stack, 'proof', { realm: base.realm, level: base.gold }) };
  const conditions = when(made) as [RequestCondition];
  return { ...made, policy: new StepUpPolicy(made.stack, 'it', { flow: made.proof, when: conditions, ...props }) };
}

const PROFILE = 'keycloak_realm_client_policy_profile';
const POLICY = 'keycloak_realm_client_policy_profile_policy';

function named(resources: Record<string, Resource>, name: string): Resource & { id: string } {
  const found = Object.entries(resources).find(([, one]) => String(one.name).replace(/-[0-9a-f]{8}$/, '') === name);
  if (!found) throw new Error(`no "${name}" among ${Object.values(resources).map((one) => one.name)}`);
  return { id: found[0], ...found[1] };
}

/** The names of resources in the order in which their depends_on makes Terraform create them. */
function chain(resources: Record<string, Resource>, type: string): string[] {
  const after = (id?: string) =>
    Object.entries(resources).find(([, one]) => {
      const before = (one.depends_on ?? []).find((each: string) => each.startsWith(`${type}.`));
      return id === undefined ? before === undefined : before === `${type}.${id}`;
    });
  const names: string[] = [];
  for (let next = after(); next; next = after(next[0])) names.push(String(next[1].name).replace(/-[0-9a-f]{8}$/, ''));
  return names;
}

describe('StepUpPolicy', () => {
  test('enforces the flow by its alias and stamps its level', () => {
    const { stack } = policyStack();
    expect(named(resourcesOf(stack, PROFILE), 'it').executor).toEqual([
      {
        name: 'auth-flow-enforcer',
        configuration: {
          'auth-flow-alias': expect.stringMatching(/^\$\{keycloak_authentication_flow\.proof_.*\.alias\}$/),
          'auth-flow-loa': '2',
        },
      },
    ]);
    const policies = resourcesOf(stack, POLICY);
    expect(named(policies, 'it')).toMatchObject({
      enabled: true,
      condition: [{ name: 'acr-condition', configuration: { 'acr-property': 'gold' } }],
      profiles: [expect.stringMatching(/client_policy_profile\..*it_Profile.*\.name\}$/)],
    });
  });

  test('applies only when its flow is sealed', () => {
    const { stack } = policyStack();
    const { depends_on } = named(resourcesOf(stack, POLICY), 'it');
    expect(depends_on).toContainEqual(expect.stringMatching(/^terraform_data\.proof_.*_Seal_/));
  });

  test('looks at requests for a level, for scopes and of clients with a role', () => {
    const { stack } = policyStack(({ stack, realm, gold }) => {
      const scope = new StepUpClientScope(stack, 'payments', { realm, name: 'payments' });
      const client = new StepUpClient(stack, 'shop', { realm, clientId: 'shop', validRedirectUris: ['https://a/b'] });
      const role = new Role(stack, 'role', { realmId: realm.realmId, clientId: client.resource.id, name: 'sensitive' });
      return [WhenRequest.acr(gold), WhenRequest.scopes(scope), WhenRequest.clientRoles({ client, role })];
    });
    const { condition, depends_on } = named(resourcesOf(stack, POLICY), 'it');
    expect(condition).toEqual([
      { name: 'acr-condition', configuration: { 'acr-property': 'gold' } },
      {
        name: 'client-scopes',
        configuration: {
          scopes: expect.stringMatching(/^\$\{jsonencode\(\[keycloak_openid_client_scope\..*\.name\]\)\}$/),
          type: 'Any',
        },
      },
      {
        name: 'client-roles',
        configuration: { roles: expect.stringMatching(/^\$\{jsonencode\(\[keycloak_role\.role\.name\]\)\}$/) },
      },
    ]);
    expect(depends_on).toEqual(
      expect.arrayContaining(['keycloak_role.role', expect.stringMatching(/^keycloak_openid_client_scope\./)]),
    );
  });

  test('is listed by level, so that the highest wins, and before the rejection of the password grant', () => {
    const { stack, realm, silver, gold } = realmStack();
    const high = new ProofFlow(stack, 'high', { realm, level: gold });
    const low = new ProofFlow(stack, 'low', { realm, level: silver });
    const when = [WhenRequest.acr(gold)] as const;
    new StepUpPolicy(stack, 'gold-1', { flow: high, when });
    new StepUpPolicy(stack, 'silver-1', { flow: low, when });
    new StepUpPolicy(stack, 'gold-2', { flow: high, when });
    const order = ['silver-1', 'gold-1', 'gold-2', 'no-password-grant'];
    expect(chain(resourcesOf(stack, PROFILE), PROFILE)).toEqual(order);
    expect(chain(resourcesOf(stack, POLICY), POLICY)).toEqual(order);
  });

  test('is made anew with all others whenever anything of them changes, before the old ones go', () => {
    const names = (acr: 'silver' | 'gold') =>
      Object.values(resourcesOf(policyStack((made) => [WhenRequest.acr(made[acr])]).stack, POLICY));
    const [one, other] = [names('gold'), names('silver')];
    expect(one.map(({ name }) => name)).toEqual(names('gold').map(({ name }) => name));
    for (const { name } of one) expect(other.map((each) => each.name)).not.toContain(name);
    for (const { lifecycle } of one) expect(lifecycle).toMatchObject({ create_before_destroy: true });
  });

  describe('is a route, not a guard', () => {
    const sensitive = ({ stack, realm, gold }: Made, requires = true) =>
      new StepUpClientScope(stack, 'payments', { realm, name: 'payments', ...(requires && { requires: gold }) });
    const bind = ({ stack, realm }: Made, props: Partial<StepUpFlowProps> = {}) =>
      realm.bindBrowserFlow(new StepUpFlow(stack, 'browser', { realm, ...props }));
    const marked = ({ stack, realm }: Made, props: Partial<StepUpClientProps> = {}) => {
      const client = new StepUpClient(stack, 'shop', {
        realm,
        clientId: 'shop',
        validRedirectUris: ['https://a/b'],
        ...props,
      });
      const role = new Role(stack, 'role', { realmId: realm.realmId, clientId: client.resource.id, name: 'mark' });
      return WhenRequest.clientRoles({ client, role });
    };
    const always = ({ gold }: Made) => ({ rules: [{ name: 'always', requires: gold }] });

    test('a scope that only a policy asks for is refused', () => {
      const { stack } = policyStack((made) => {
        bind(made);
        return [WhenRequest.scopes(sensitive(made))];
      });
      expect(() => resourcesOf(stack, POLICY)).toThrow(
        /requires "gold": the browser flow of test\/realm does not ask for it, .* a StepUpPolicy is forgotten/,
      );
    });

    test.each<[string, (made: Made) => StepUpPolicy['when'], RegExp]>([
      [
        'a scope that requires nothing',
        (made) => [WhenRequest.scopes(sensitive(made, false))],
        /Let scope "payments" require "gold"/,
      ],
      ['a client without a minimum', (made) => [marked(made)], /Give client "shop" the minimumLevel "gold"/],
      ['any client', () => [WhenRequest.anyClient()], /a rule without conditions that requires "gold"/],
      [
        'a client that asks for a scope',
        (made) => [marked(made), WhenRequest.scopes(sensitive(made, false))],
        /Give client "shop" the minimumLevel "gold"/,
      ],
    ])('refuses %s', (_what, when, message) => {
      const { stack } = policyStack((made) => {
        bind(made);
        return when(made);
      });
      expect(() => resourcesOf(stack, POLICY)).toThrow(
        /a route to the proof of "gold" .* Keycloak forgets a client policy/,
      );
      expect(() => resourcesOf(stack, POLICY)).toThrow(message);
    });

    test('refuses any client where one has a flow of its own without the proof', () => {
      const { stack } = policyStack((made) => {
        bind(made, always(made));
        marked(made, { browserFlow: new StepUpFlow(made.stack, 'own', { realm: made.realm, name: 'own' }) });
        return [WhenRequest.anyClient()];
      });
      expect(() => resourcesOf(stack, POLICY)).toThrow(/a route to the proof of "gold"/);
    });

    test.each<[string, (made: Made) => StepUpPolicy['when']]>([
      [
        'a scope that the flow asks for too',
        (made) => {
          const scope = sensitive(made);
          bind(made, { scopes: [scope] });
          return [WhenRequest.scopes(scope)];
        },
      ],
      [
        'a client with the minimum',
        (made) => {
          bind(made);
          return [marked(made, { minimumLevel: made.gold })];
        },
      ],
      [
        'a client with a flow that always proves it',
        (made) => {
          bind(made);
          return [marked(made, { browserFlow: made.proof })];
        },
      ],
      [
        'any client, where the flow always proves it',
        (made) => {
          bind(made, always(made));
          return [WhenRequest.anyClient()];
        },
      ],
      ['a level, which the token tells', ({ gold }) => [WhenRequest.acr(gold)]],
    ])('takes %s', (_what, when) => {
      expect(() => resourcesOf(policyStack(when).stack, POLICY)).not.toThrow();
    });
  });

  test('refuses an ordinary step-up flow, which would be stamped with its level on a password', () => {
    const { stack, realm } = realmStack();
    const flow = new StepUpFlow(stack, 'flow', { realm }) as unknown as ProofFlow;
    expect(() => new StepUpPolicy(stack, 'it', { flow, when: [WhenRequest.anyClient()] })).toThrow(
      /^test\/it: flow test\/flow: Keycloak stamps the level .*Enforce a ProofFlow/,
    );
  });

  test('refuses to have no condition', () => {
    expect(() => policyStack(() => [])).toThrow(/^test\/it: when \[\]/);
  });

  test.each(['', 'a/b'])('refuses the name %j', (name) => {
    expect(() => policyStack(undefined, { name })).toThrow(/^test\/it: name .*Begin with a letter/);
  });

  test('refuses the name of another policy', () => {
    const { stack, proof } = policyStack();
    const again = { flow: proof, when: [WhenRequest.anyClient()] as const, name: 'it' };
    expect(() => new StepUpPolicy(stack, 'again', again)).toThrow(
      /^test\/again: name "it": test\/it of the same realm/,
    );
  });

  test.each([
    [
      'a level',
      ({ stack }: Made) => [WhenRequest.acr(level(stack, { acr: 'platinum', loa: 3 }))],
      /when acr "platinum": test\/realm has no such level/,
    ],
    [
      'a scope',
      ({ stack }: Made) => [
        WhenRequest.scopes(new StepUpClientScope(stack, 'foreign', { realm: otherRealm(stack), name: 'foreign' })),
      ],
      /when scope "foreign" of test\/other: .*never matches/,
    ],
    [
      'a role of another client',
      ({ stack, realm }: Made) => {
        const client = new StepUpClient(stack, 'shop', { realm, clientId: 'shop', validRedirectUris: ['https://a/b'] });
        const role = new Role(stack, 'role', { realmId: realm.realmId, name: 'realm-role' });
        return [WhenRequest.clientRoles({ client, role })];
      },
      /role test\/role of client "shop": it is not a role of this client/,
    ],
    [
      'a client of another realm',
      ({ stack }: Made) => {
        const realm = otherRealm(stack);
        const client = new StepUpClient(stack, 'shop', { realm, clientId: 'shop', validRedirectUris: ['https://a/b'] });
        const role = new Role(stack, 'role', { realmId: realm.realmId, clientId: client.resource.id, name: 'mark' });
        return [WhenRequest.clientRoles({ client, role })];
      },
      /role test\/role: it is not a role of test\/realm/,
    ],
  ])('refuses to look at %s that its realm does not have', (_what, when, message) => {
    expect(() => policyStack(when)).toThrow(message);
  });
});

function otherRealm(stack: Made['stack']): StepUpRealm {
  return new StepUpRealm(stack, 'other', { name: 'other', levels: [level(stack, { acr: 'low', loa: 1 })] });
}

describe('ProofFlow', () => {
  test('asks for every proof up to the level, without a cookie and without a condition on the level', () => {
    const { stack } = policyStack();
    const authenticators = Object.values(resourcesOf(stack, 'keycloak_authentication_execution')).map(
      ({ authenticator, requirement }) => `${authenticator} ${requirement}`,
    );
    expect(authenticators).toEqual(
      expect.arrayContaining(['auth-username-password-form REQUIRED', 'auth-otp-form REQUIRED']),
    );
    expect(authenticators.join()).not.toMatch(/auth-cookie|conditional-level-of-authentication/);
    const levels = Object.values(resourcesOf(stack, 'keycloak_authentication_subflow')).filter(({ alias }) =>
      /level-\d\.\w+$/.test(alias),
    );
    expect(levels.map(({ requirement }) => requirement)).toEqual(['REQUIRED', 'REQUIRED']);
  });

  test('refuses a level of another realm', () => {
    const { stack, realm } = realmStack();
    const foreign = level(stack, { acr: 'platinum', loa: 3 });
    expect(() => new ProofFlow(stack, 'it', { realm, level: foreign })).toThrow(
      /^test\/it: level "platinum": test\/realm has no such level/,
    );
  });
});

describe('The password grant', () => {
  const rejection = (passwordGrant?: 'reject' | 'allow') => {
    const { stack, silver, gold } = realmStack();
    new StepUpRealm(stack, 'it', { name: 'it', levels: [silver, gold], passwordGrant });
    const of = (type: string) =>
      named(
        Object.fromEntries(Object.entries(resourcesOf(stack, type)).filter(([id]) => id.startsWith('it_'))),
        'no-password-grant',
      );
    return { profile: of(PROFILE), policy: of(POLICY) };
  };

  test('is rejected for every client by default', () => {
    const { profile, policy } = rejection();
    expect(profile.executor).toEqual([{ name: 'reject-ropc-grant', configuration: { 'auto-configure': 'false' } }]);
    expect(policy).toMatchObject({ enabled: true, condition: [{ name: 'any-client' }] });
  });

  test('is left to the clients where the realm allows it', () => {
    expect(rejection('allow').policy.enabled).toBe(false);
  });
});
