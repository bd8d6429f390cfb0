import { GenericProtocolMapper } from '@cdktf/provider-keycloak/lib/generic-protocol-mapper';
import {
  OpenidClient,
  type OpenidClientAuthorization,
  type OpenidClientConfig,
} from '@cdktf/provider-keycloak/lib/openid-client';
import { OpenidClientDefaultScopes } from '@cdktf/provider-keycloak/lib/openid-client-default-scopes';
import { OpenidClientOptionalScopes } from '@cdktf/provider-keycloak/lib/openid-client-optional-scopes';
import { Lazy } from 'cdktf';
import { Construct } from 'constructs';
import type { AssuranceLevel } from '../assurance/assurance-level';
import type { AuthenticationFlow } from '../flow/authentication-flow';
import { isOlderThan } from '../provider-line/keycloak-version';
import { providerLineOf } from '../provider-line/provider-line';
import type { StepUpRealm } from '../realm/step-up-realm';
import { describe, insist } from '../support/configuration-error';
import { contentOf } from '../support/content';
import { acrOf, type ClientAcrMap, insistOnSoundAcrMap } from './client-acr-map';
import { forgedClaimProblems } from './forged-claims';
import { insistOnRedirectUris } from './redirect-uri';
import { sideDoorProblems } from './side-doors';
import type { StepUpClientScope } from './step-up-client-scope';

export interface StepUpClientProps {
  /** The realm that the client belongs to. */
  readonly realm: StepUpRealm;
  /** The client's id, as it sends it in `client_id`. */
  readonly clientId: string;
  /** @default the client id */
  readonly name?: string;
  /**
   * Whether the client can keep a secret. A public one is held to PKCE all the same.
   * @default 'CONFIDENTIAL'
   */
  readonly accessType?: 'CONFIDENTIAL' | 'PUBLIC';
  /**
   * Where a login may return to: at least one URI, exact or with a star at the end of its path (`https://shop.example.com/*`).
   * Source: RFC 9700, section 2.1.
   */
  readonly validRedirectUris: readonly string[];
  /**
   * Origins that may call Keycloak from a browser (CORS).
   * @default none
   */
  readonly webOrigins?: readonly string[];
  /**
   * The level that is asked for when a request names none (client attribute `default.acr.values`).
   * It is a default only: a request that names a lower level gets the lower one.
   * @default the realm's lowest level, so that an expired one is asked for again
   */
  readonly defaultLevel?: AssuranceLevel;
  /**
   * The level below which no request of the client is answered (client attribute `minimum.acr.value`); requests for
   * less are raised to it. The flow that the client uses must have the level.
   * @default no minimum
   */
  readonly minimumLevel?: AssuranceLevel;
  /**
   * A flow that this client uses instead of the realm's browser flow.
   * @default the realm's
   */
  readonly browserFlow?: AuthenticationFlow;
  /**
   * The flow of this client's password grant (direct access grant), which is on if a flow is given and the realm allows
   * it. Whatever the flow asks for, the token's acr is that of the lowest level; so a client with a scope or minimum that needs a level
   * can't have it.
   * @default no password grant
   */
  readonly directGrantFlow?: AuthenticationFlow;
  /**
   * The client's own names for the realm's levels (client attribute `acr.loa.map`). They replace the realm's for this
   * client: a name that is missing here is unknown, and requests for it are ignored.
   * @default the realm's (the attribute is `{}`, which Keycloak takes for none)
   */
  readonly acrMap?: ClientAcrMap;
  /**
   * Scopes that every token of the client has, beside those that Keycloak gives each client.
   * @default none
   */
  readonly defaultScopes?: readonly StepUpClientScope[];
  /**
   * Scopes that the client may ask for.
   * @default none
   */
  readonly optionalScopes?: readonly StepUpClientScope[];
  /**
   * Whether the client may ask for offline access. An offline token gives tokens of the level that the login had reached
   * for as long as it lives, without another proof. Source: Server Administration Guide, "Offline access".
   * @default false
   */
  readonly offlineAccess?: boolean;
}

const CLIENT_ID = /^[\x21-\x7E]([\x20-\x7E]*[\x21-\x7E])?$/;

/** Client scopes that Keycloak gives a new client; `acr` and `basic` carry the claims that step-up rests on. */
const BUILT_IN_DEFAULT_SCOPES = ['acr', 'email', 'profile', 'roles', 'web-origins'];
const BASIC_SCOPE = { name: 'basic', since: '25.0.0' };
/** What Keycloak gives a client with a service account. */
const SERVICE_ACCOUNT_SCOPE = { name: 'service_account', since: '26.1.0' };

/**
 * An OpenID Connect client of a realm with levels.
 *
 * Makes in Keycloak a client for the authorization code flow with PKCE (S256), its default and minimum acr, its flow
 * override, its client scopes and a mapper for the claim `amr`, which tells how the levels were reached. Everything by
 * which a login could avoid the browser flow is off: implicit flow, direct access grants, device grant, CIBA, token
 * exchange, service account; and so is offline access, by which a level would outlive its max age.
 *
 * Source: Server Administration Guide, "ACR to Level of Authentication (LoA) Mapping" and "Overriding flows by client".
 *
 * @throws ConfigurationError on a level that is not the realm's, a default below the minimum, a flow or scope of another
 * realm, a direct grant flow where the realm rejects the grant, an acr map that gives a name of the realm to a lower level,
 * no redirect URI or one with a star anywhere but at the end of its path, an empty client id; at validation, on a scope whose level the client's
 * own flow doesn't ask for, on a minimum that the client's flow doesn't have, on a grant or setting by which a scope or minimum that needs a level is
 * had without it, and on a mapper of the stack that writes the claim `acr`, `amr` or `auth_time`.
 */
export class StepUpClient extends Construct {
  readonly realm: StepUpRealm;
  readonly clientId: string;
  /** The level below which no request is answered, if there is one. */
  readonly minimumLevel?: AssuranceLevel;
  /** The client's own browser flow, if it has one. */
  readonly browserFlow?: AuthenticationFlow;
  /** The Terraform resource, for what the props don't cover. */
  readonly resource: OpenidClient;

  constructor(scope: Construct, id: string, props: StepUpClientProps) {
    super(scope, id);
    const { realm, minimumLevel, browserFlow, directGrantFlow, acrMap } = props;
    insist(this, typeof props.clientId === 'string' && CLIENT_ID.test(props.clientId), () => ({
      value: `clientId ${JSON.stringify(props.clientId)}`,
      why: 'a client names itself by it in every request, in printable ASCII (RFC 6749, appendix A.1)',
      instead: 'Write for example "shop"',
    }));
    const defaultLevel = props.defaultLevel ?? minimumLevel ?? realm.lowestLevel;
    this.checkLevels(realm, defaultLevel, minimumLevel);
    for (const [prop, flow] of Object.entries({ browserFlow, directGrantFlow })) {
      insist(this, flow === undefined || flow.realm === realm, () => ({
        value: `${prop} ${flow?.node.path} of ${flow?.realm.node.path}`,
        why: `the client is of ${realm.node.path}, and an override of another realm's flow falls back to the realm's own`,
        instead: `Use a flow made with realm ${realm.node.path}`,
      }));
    }
    insist(this, directGrantFlow === undefined || realm.passwordGrant === 'allow', () => ({
      value: `directGrantFlow ${directGrantFlow?.node.path}`,
      why: `${realm.node.path} rejects the password grant of every client`,
      instead: "Leave it out, or make the realm with passwordGrant set to 'allow'",
    }));
    if (acrMap) insistOnSoundAcrMap(this, realm, acrMap);
    insistOnRedirectUris(this, props.validRedirectUris);
    this.realm = realm;
    this.clientId = props.clientId;
    this.minimumLevel = minimumLevel;
    this.browserFlow = browserFlow;
    const { hasTokenExchange } = providerLineOf(this);
    this.resource = new OpenidClient(this, 'Resource', {
      realmId: realm.realmId,
      clientId: props.clientId,
      name: props.name ?? props.clientId,
      enabled: true,
      accessType: props.accessType ?? 'CONFIDENTIAL',
      standardFlowEnabled: true,
      implicitFlowEnabled: false,
      directAccessGrantsEnabled: directGrantFlow !== undefined,
      oauth2DeviceAuthorizationGrantEnabled: false,
      serviceAccountsEnabled: false,
      fullScopeAllowed: false,
      pkceCodeChallengeMethod: 'S256',
      validRedirectUris: [...props.validRedirectUris],
      webOrigins: [...(props.webOrigins ?? [])],
      extraConfig: {
        'default.acr.values': acrOf(this, 'defaultLevel', defaultLevel, acrMap),
        ...(minimumLevel && { 'minimum.acr.value': acrOf(this, 'minimumLevel', minimumLevel, acrMap) }),
        // Empty is the realm's map. Without a value no plan would show one that somebody gave the client in the console.
        'acr.loa.map': numbers(acrMap ?? {}),
        'oidc.ciba.grant.enabled': 'false',
        ...(!hasTokenExchange && { 'standard.token.exchange.enabled': 'false' }),
      },
      ...(hasTokenExchange && { standardTokenExchangeEnabled: false }),
      ...overrides(browserFlow, directGrantFlow),
    });
    if (browserFlow) realm.noteUse('browserFlow', browserFlow);
    if (directGrantFlow) realm.noteUse('directGrantFlow', directGrantFlow);
    this.tellHowLevelsWereReached();
    this.attachScopes(props, browserFlow);
    const { extra_config: extraConfig, authentication_flow_binding_overrides: flows } = contentOf(this.resource);
    this.node.addValidation({
      validate: () => [
        ...sideDoorProblems(this, {
          guarded: scopesOf(props).filter(({ requires }) => requires !== undefined),
          hasMinimum: minimumLevel !== undefined,
          extraConfig: extraConfig as Record<string, string>,
          overrides: flows,
        }),
        ...this.validateMinimum(),
        ...forgedClaimProblems(this, ['client_id', this.resource.id]),
      ],
    });
  }

  /**
   * Makes the client a resource server of Authorization Services: its `authorization` settings, and the service account
   * that Keycloak asks for with them.
   *
   * Source: Authorization Services Guide, "Creating a client application".
   *
   * @throws ConfigurationError on a public client, and the second time
   */
  enableAuthorization(settings: OpenidClientAuthorization): void {
    insist(this, this.resource.accessTypeInput === 'CONFIDENTIAL', () => ({
      value: `accessType '${this.resource.accessTypeInput}' with Authorization Services`,
      why: 'a resource server identifies itself to Keycloak with a secret',
      instead: "Write accessType: 'CONFIDENTIAL'",
    }));
    insist(this, this.resource.authorizationInput === undefined, () => ({
      value: 'a second set of authorization settings',
      why: 'a client is one resource server',
      instead: 'Put all its resources into one ResourceProtection',
    }));
    this.resource.serviceAccountsEnabled = true;
    this.resource.putAuthorization(settings);
  }

  private checkLevels(realm: StepUpRealm, defaultLevel: AssuranceLevel, minimumLevel?: AssuranceLevel): void {
    realm.insistOnOwnLevel(this, 'defaultLevel', defaultLevel);
    if (minimumLevel === undefined) return;
    realm.insistOnOwnLevel(this, 'minimumLevel', minimumLevel);
    insist(this, defaultLevel.loa >= minimumLevel.loa, () => ({
      value: `defaultLevel "${defaultLevel.acr}" below minimumLevel "${minimumLevel.acr}"`,
      why: 'every request is raised to the minimum, so the default would never be reached',
      instead: 'Leave defaultLevel out, or raise it',
    }));
  }

  /** Source: Server Administration Guide, "Authentication Method Reference (AMR)". */
  private tellHowLevelsWereReached(): void {
    new GenericProtocolMapper(this, 'Amr', {
      realmId: this.realm.realmId,
      clientId: this.resource.id,
      name: 'amr',
      protocol: 'openid-connect',
      protocolMapper: 'oidc-amr-mapper',
      config: {
        'id.token.claim': 'true',
        'access.token.claim': 'true',
        'introspection.token.claim': 'true',
        'userinfo.token.claim': 'true',
      },
    });
  }

  private attachScopes(props: StepUpClientProps, override?: AuthenticationFlow): void {
    const { defaultScopes: defaults = [], optionalScopes: optionals = [], offlineAccess = false } = props;
    for (const wanted of scopesOf(props)) {
      insist(this, wanted.realm === this.realm, () => ({
        value: `scope "${wanted.name}" of ${wanted.realm.node.path}`,
        why: `the client is of ${this.realm.node.path}`,
        instead: 'Use a StepUpClientScope of the same realm',
      }));
    }
    for (const one of optionals) one.noteOptionalFor(this);
    const place = { realmId: this.realm.realmId, clientId: this.resource.id };
    // There even without scopes of the stack: destroying it takes all default scopes off the client, those of Keycloak too.
    const defaultScopes = new OpenidClientDefaultScopes(this, 'DefaultScopes', {
      ...place,
      defaultScopes: Lazy.listValue({
        produce: () => [...this.builtInDefaultScopes(), ...defaults.map(({ resource }) => resource.name)],
      }),
    });
    const optionalScopes = new OpenidClientOptionalScopes(this, 'OptionalScopes', {
      ...place,
      optionalScopes: [...optionals.map(({ resource }) => resource.name), ...(offlineAccess ? ['offline_access'] : [])],
    });
    // A scope that can be asked for before the flow that guards it is bound is had for a password meanwhile.
    for (const scopes of [defaultScopes, optionalScopes]) this.realm.afterBindings(scopes);
    if (override) this.node.addValidation({ validate: () => unguarded(scopesOf(props), override) });
  }

  private builtInDefaultScopes(): string[] {
    const { service_accounts_enabled: hasServiceAccount } = contentOf(this.resource);
    const younger = hasServiceAccount === true ? [BASIC_SCOPE, SERVICE_ACCOUNT_SCOPE] : [BASIC_SCOPE];
    const known = younger.filter(({ since }) => !isOlderThan(this, since));
    return [...BUILT_IN_DEFAULT_SCOPES, ...known.map(({ name }) => name)].sort();
  }

  /** A minimum only asks: Keycloak answers with what the flow can reach, and says nothing. */
  private validateMinimum(): string[] {
    const { minimumLevel, browserFlow, realm } = this;
    const flow = browserFlow ?? realm.browserFlow;
    if (minimumLevel === undefined || flow?.grants(minimumLevel)) return [];
    const name = flow === undefined ? `Keycloak's own browser flow, which ${realm.node.path} uses,` : flow.node.path;
    return [
      describe({
        value: `minimumLevel "${minimumLevel.acr}"`,
        why: `${name} does not have the level, so the minimum counts for nothing and every request is answered below it`,
        instead: `${browserFlow ? "Make the client's own flow" : 'Bind'} a StepUpFlow whose levels include it; a StepUpPolicy is forgotten when a login is begun anew`,
      }),
    ];
  }
}

function scopesOf({ defaultScopes = [], optionalScopes = [] }: StepUpClientProps): StepUpClientScope[] {
  return [...defaultScopes, ...optionalScopes];
}

function overrides(
  browserFlow?: AuthenticationFlow,
  directGrantFlow?: AuthenticationFlow,
): Partial<OpenidClientConfig> {
  if (!browserFlow && !directGrantFlow) return {};
  return {
    authenticationFlowBindingOverrides: {
      browserId: browserFlow?.handle.id,
      directGrantId: directGrantFlow?.handle.id,
    },
    dependsOn: [browserFlow, directGrantFlow].flatMap((flow) => flow?.handle.dependsOn ?? []),
  };
}

function numbers(acrMap: ClientAcrMap): string {
  return JSON.stringify(Object.fromEntries(Object.entries(acrMap).map(([acr, { loa }]) => [acr, loa])));
}

function unguarded(scopes: readonly StepUpClientScope[], override: AuthenticationFlow): string[] {
  return scopes
    .filter((wanted) => !wanted.isGuardedBy(override))
    .map((wanted) =>
      describe({
        value: `scope "${wanted.name}", which requires "${wanted.requires?.acr}"`,
        why: `the client's own flow ${override.node.path} does not ask for it`,
        instead: 'Add the scope to the scopes of that flow',
      }),
    );
}
