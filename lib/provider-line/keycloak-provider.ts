import {
  KeycloakProvider as GeneratedProvider,
  type KeycloakProviderConfig as GeneratedProviderConfig,
} from '@cdktf/provider-keycloak/lib/provider';
import { TerraformResource, TerraformStack, Token } from 'cdktf';
import type { Construct } from 'constructs';
import { describe, insist } from '../support/configuration-error';
import { isReference, refuseLiteralSecrets, SECRET } from '../support/literal-secrets';
import { resolved } from '../support/resolved';
import { tellKeycloakVersion } from './keycloak-version';
import { MISSING_ARGUMENTS, MISSING_ATTRIBUTES, MISSING_TYPES } from './missing-in-mrparkers';
import { PROVIDER_LINES, type ProviderSource, providerLineOf, setProviderLine } from './provider-line';

/** Versions of the old provider that a stack accepts, in Terraform's notation. */
const OLD_VERSIONS = '~> 4.4';

const SECRET_ARGUMENTS = [
  'clientSecret',
  'password',
  'accessToken',
  'jwtToken',
  'jwtSigningKey',
  'tlsClientPrivateKey',
] as const;

export interface KeycloakProviderConfig extends GeneratedProviderConfig {
  /**
   * Which provider Terraform takes, for the whole stack: `keycloak/keycloak` from 5.9, or `mrparkers/keycloak` from 4.4,
   * which it was forked from. The old one lacks client policies, the regex policy and the configuration of required
   * actions, and puts executions in the order in which they are created.
   * @default 'keycloak/keycloak'
   */
  readonly source?: ProviderSource;
}

/**
 * The connection of a stack to Keycloak, and the choice of the Terraform provider. Make it before the stack's realm.
 *
 * Secrets are given as Terraform variables, or left out and set in the environment of the provider (KEYCLOAK_CLIENT_SECRET,
 * KEYCLOAK_PASSWORD and so on): what is written here is in the synthesized JSON. That holds for the secrets of all resources of the
 * stack, which are looked at when it is validated.
 *
 * @throws ConfigurationError on a secret that is written out; if there are resources already that were made for the other provider, and on a URL or client id
 * that the old one needs; at validation, with
 * the old provider, on every resource, attribute and argument that it lacks.
 */
export class KeycloakProvider extends GeneratedProvider {
  constructor(scope: Construct, id: string, { source = 'keycloak/keycloak', ...config }: KeycloakProviderConfig) {
    super(scope, id, config);
    for (const argument of SECRET_ARGUMENTS) {
      insist(this, Token.isUnresolved(config[argument]) || isReference(config[argument] ?? ''), () => ({
        value: `${argument} (not shown)`,
        ...SECRET,
      }));
    }
    refuseLiteralSecrets(this);
    if (!Token.isUnresolved(config.keycloakVersion)) tellKeycloakVersion(this, config.keycloakVersion);
    const line = PROVIDER_LINES[source];
    insist(this, line !== undefined, () => ({
      value: `source ${JSON.stringify(source)}`,
      why: 'the constructs are made for two providers only',
      instead: `Write one of: ${Object.keys(PROVIDER_LINES).join(', ')}`,
    }));
    const stack = TerraformStack.of(this);
    insist(this, providerLineOf(this) === line || keycloakResources(stack).length === 0, () => ({
      value: `source "${source}"`,
      why: `${keycloakResources(stack)[0]?.node.path} was made for ${providerLineOf(this).source} before, and a stack has one provider`,
      instead: 'Make the KeycloakProvider before the realm, and give all of a stack the same source',
    }));
    setProviderLine(stack, line);
    if (source === 'keycloak/keycloak') return;
    for (const argument of ['url', 'clientId'] as const) {
      insist(this, config[argument] !== undefined, () => ({
        value: `${argument} undefined`,
        why: 'the provider mrparkers/keycloak takes it from here only, not from the environment alone',
        instead: 'Set it, for example to a Terraform variable',
      }));
    }
    this.node.addValidation({ validate: () => this.validateOldLine(stack) });
  }

  override toTerraform() {
    const official = super.toTerraform();
    const { source } = providerLineOf(this);
    if (source === 'keycloak/keycloak') return official;
    return { ...official, terraform: { required_providers: { keycloak: { source, version: OLD_VERSIONS } } } };
  }

  private validateOldLine(stack: TerraformStack): string[] {
    const [own] = super.toTerraform().provider.keycloak;
    return [
      ...MISSING_ARGUMENTS.filter((argument) => isSet(resolved(this, own), [argument])).map((argument) =>
        lacking(`argument ${argument}`),
      ),
      ...keycloakResources(stack).flatMap(lackingIn),
    ];
  }
}

function keycloakResources(stack: TerraformStack): TerraformResource[] {
  return stack.node
    .findAll()
    .filter((node): node is TerraformResource => TerraformResource.isTerraformResource(node))
    .filter(({ terraformResourceType }) => terraformResourceType.startsWith('keycloak_'));
}

function lackingIn(resource: TerraformResource): string[] {
  const type = resource.terraformResourceType;
  if (MISSING_TYPES.has(type)) return [lacking(`${resource.node.path}, a ${type}`)];
  const [content] = Object.values(resource.toTerraform().resource[type]);
  return (MISSING_ATTRIBUTES[type] ?? [])
    .filter((attribute) => isSet(resolved(resource, content), attribute.split('.')))
    .map((attribute) => lacking(`${resource.node.path}, attribute ${attribute} of a ${type}`));
}

function lacking(what: string): string {
  return describe({
    value: what,
    why: 'the provider mrparkers/keycloak 4.4 does not have it',
    instead: 'Leave it out, or use the provider keycloak/keycloak',
  });
}

/** Whether the attribute at the path, through blocks and lists of blocks, has a value. */
function isSet(content: unknown, [attribute, ...rest]: readonly string[]): boolean {
  if (attribute === undefined) return content !== undefined && content !== null;
  if (Array.isArray(content)) return content.some((one) => isSet(one, [attribute, ...rest]));
  if (content === null || typeof content !== 'object') return false;
  return isSet((content as Record<string, unknown>)[attribute], rest);
}
