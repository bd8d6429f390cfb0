import { App, Testing } from 'cdktf';
import { dev } from '../../stacks/dev';
import type { Environment } from '../../stacks/environment';
import { prod } from '../../stacks/prod';
import { staging } from '../../stacks/staging';
import { StepUpStack } from '../../stacks/step-up-stack';

const BACKENDS = { staging: { type: 's3', config: { bucket: 'state' } }, prod: { type: 'gcs' } };

function synthesized(environment: Environment, backends: unknown = BACKENDS) {
  return JSON.parse(Testing.synth(new StepUpStack(new App({ context: { backends } }), environment), true));
}

const stacks = new Map<Environment, ReturnType<typeof synthesized>>();

/** The stack as it is, synthesized once for all tests that only look at it. */
function stackOf(environment: Environment): ReturnType<typeof synthesized> {
  const stack = stacks.get(environment) ?? synthesized(environment);
  stacks.set(environment, stack);
  return stack;
}

describe('The stack of dev', () => {
  test('keeps its state on this machine and has the sandbox as its server', () => {
    const { terraform, variable } = stackOf(dev);
    expect(Object.keys(terraform.backend)).toEqual(['local']);
    expect(variable.keycloak_url.default).toBe('http://127.0.0.1:8080');
  });
});

describe.each([staging, prod])('The stack of $name', (environment) => {
  test('takes the URL and the client credentials from variables marked sensitive, without defaults', () => {
    const { variable } = stackOf(environment);
    for (const name of ['keycloak_url', 'keycloak_client_id', 'keycloak_client_secret']) {
      expect(variable[name]).toMatchObject({ sensitive: true, nullable: false });
      expect(variable[name]).not.toHaveProperty('default');
    }
  });

  test('keeps its state in the backend that the configuration chooses', () => {
    const { terraform } = stackOf(environment);
    const { type, config = {} } = BACKENDS[environment.name as keyof typeof BACKENDS] as {
      type: string;
      config?: object;
    };
    expect(terraform.backend).toEqual({ [type]: config });
  });

  test.each([[{}], [{ [environment.name]: { type: 'local' } }]])('refuses the backends %j', (backends) => {
    expect(() => synthesized(environment, backends)).toThrow(
      new RegExp(`^${environment.name}: context backends\\.${environment.name} .*Choose a remote backend`),
    );
  });

  test('lets nobody in without HTTPS', () => {
    const [realm] = Object.values(stackOf(environment).resource.keycloak_realm) as { ssl_required: string }[];
    expect(realm?.ssl_required).toBe('all');
  });
});

describe.each([dev, staging, prod])('The JSON of $name', (environment) => {
  test('has no secret: every attribute that may hold one is a reference to a variable', () => {
    const secretive = /secret|password|private_key|token$|jwt/;
    const found: [string, unknown][] = [];
    const visit = (value: unknown, path: string): void => {
      if (value === null || typeof value !== 'object') return;
      for (const [key, inner] of Object.entries(value)) {
        if (secretive.test(key) && typeof inner === 'string') found.push([`${path}.${key}`, inner]);
        visit(inner, `${path}.${key}`);
      }
    };
    const { provider, resource } = stackOf(environment);
    visit({ provider, resource }, '');
    expect(found).toContainEqual(['.provider.keycloak.0.client_secret', '${var.keycloak_client_secret}']);
    for (const [, value] of found) expect(value).toMatch(/^\$\{var\.\w+\}$/);
  });

  test('does not take a secret from the environment into the JSON', () => {
    process.env.TF_VAR_keycloak_client_secret = 'from-the-environment';
    try {
      expect(JSON.stringify(synthesized(environment))).not.toContain('from-the-environment');
    } finally {
      delete process.env.TF_VAR_keycloak_client_secret;
    }
  });

  test('asks for the official provider, 5.9 or a later 5.x', () => {
    const { terraform } = stackOf(environment);
    expect(terraform.required_providers).toEqual({ keycloak: { source: 'keycloak/keycloak', version: '~> 5.9' } });
  });
});

test('The levels of all stacks are recorded in the file beside them', () => {
  const context = { backends: BACKENDS, stepUpLevels: 'step-up.levels.json' };
  const before = process.env.CDKTF_CONTEXT_JSON;
  delete process.env.CDKTF_CONTEXT_JSON;
  try {
    for (const environment of [dev, staging, prod]) {
      const stack = new StepUpStack(new App({ context }), environment);
      const [realm] = Object.values(JSON.parse(Testing.synth(stack, true)).resource.keycloak_realm) as {
        attributes: Record<string, string>;
      }[];
      expect(realm?.attributes['acr.loa.map']).toBe('{"silver":10,"gold":20}');
    }
  } finally {
    process.env.CDKTF_CONTEXT_JSON = before;
  }
});
