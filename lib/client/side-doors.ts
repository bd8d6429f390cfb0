import { describe } from '../support/configuration-error';
import { contentOf } from '../support/content';
import type { StepUpClient } from './step-up-client';
import type { StepUpClientScope } from './step-up-client-scope';

type Content = Readonly<Record<string, unknown>>;

interface Grant {
  readonly name: string;
  /** The resource's attribute that switches it on. */
  readonly attribute?: string;
  /** The client attribute that switches it on, as `extra_config` has it. */
  readonly key?: string;
}

/** Grants that end in a token without the browser flow. */
const GRANTS: readonly Grant[] = [
  { name: 'the password grant', attribute: 'direct_access_grants_enabled' },
  {
    name: 'the device flow',
    attribute: 'oauth2_device_authorization_grant_enabled',
    key: 'oauth2.device.authorization.grant.enabled',
  },
  { name: 'CIBA', key: 'oidc.ciba.grant.enabled' },
  {
    name: 'token exchange',
    attribute: 'standard_token_exchange_enabled',
    key: 'standard.token.exchange.enabled',
  },
  {
    name: 'the JWT authorization grant',
    attribute: 'oauth2_jwt_authorization_grant_enabled',
    key: 'oauth2.jwt.authorization.grant.enabled',
  },
];

const SERVICE_ACCOUNT: Grant = { name: 'the service account', attribute: 'service_accounts_enabled' };

/** Settings of the client that decide what a login must prove, as `extra_config` has them. */
const LEVELS = ['default.acr.values', 'minimum.acr.value', 'acr.loa.map'];

export interface SideDoorOptions {
  /** The scopes of the client that require a level. */
  readonly guarded: readonly StepUpClientScope[];
  /** Whether the client has a minimum level. */
  readonly hasMinimum: boolean;
  /** `extra_config` as the construct made it. */
  readonly extraConfig: Readonly<Record<string, string>>;
  /** The flows that the construct overrides, as Terraform's JSON has them. */
  readonly overrides: unknown;
}

/** Messages on grants of the client, and on what its resource was told by the escape hatch, by which what it guards is had for less. */
export function sideDoorProblems(client: StepUpClient, options: SideDoorOptions): string[] {
  const content = contentOf(client.resource);
  return [...changedLevels(content, options), ...openGrants(content, options)];
}

function openGrants(content: Content, { guarded, hasMinimum }: SideDoorOptions): string[] {
  const scopes = guarded.map(({ name }) => `"${name}"`).join(', ');
  const open = GRANTS.filter((grant) => isOn(content, grant));
  const through = (grants: readonly Grant[], what: string) =>
    grants.map(({ name }) =>
      describe({
        value: `${name} on, for ${what}`,
        why: 'it gives tokens that the browser flow has not seen: no level is asked for',
        instead: 'Leave it off, or give it to a client of its own that has nothing which requires a level',
      }),
    );
  if (guarded.length > 0) {
    // A client's secret is all that its service account proves.
    return through([...open, ...(isOn(content, SERVICE_ACCOUNT) ? [SERVICE_ACCOUNT] : [])], `the scopes ${scopes}`);
  }
  return hasMinimum ? through(open, 'the minimum level') : [];
}

function changedLevels(content: Content, { extraConfig, overrides }: SideDoorOptions): string[] {
  const now = extraConfigOf(content);
  const changed = LEVELS.filter((key) => now[key] !== extraConfig[key]).map((key) =>
    describe({
      value: `extraConfig "${key}" ${JSON.stringify(now[key])}, not ${JSON.stringify(extraConfig[key])}`,
      why: 'it decides which level a login is asked for, and the checks of the props were passed by',
      instead: 'Use defaultLevel, minimumLevel and acrMap, and keep the other settings when you add to extraConfig',
    }),
  );
  const { authentication_flow_binding_overrides: flows } = content;
  if (JSON.stringify(flows) === JSON.stringify(overrides)) return changed;
  const message = describe({
    value: `authenticationFlowBindingOverrides ${JSON.stringify(flows)}`,
    why: "it replaces the flow that the client's scopes and levels were checked for",
    instead: 'Use browserFlow and directGrantFlow',
  });
  return [...changed, message];
}

function isOn(content: Content, { attribute, key }: Grant): boolean {
  const values = [attribute && content[attribute], key && extraConfigOf(content)[key]];
  return values.some((value) => value !== undefined && value !== false && value !== 'false');
}

function extraConfigOf({ extra_config: config }: Content): Content {
  return (config ?? {}) as Content;
}
