import { AuthenticationBindings } from '@cdktf/provider-keycloak/lib/authentication-bindings';
import { Realm } from '@cdktf/provider-keycloak/lib/realm';
import { RequiredAction } from '@cdktf/provider-keycloak/lib/required-action';
import { dependable, TerraformStack } from 'cdktf';
import { Construct, type IConstruct } from 'constructs';
import { insistOnAscendingLevels } from '../assurance/ascending-levels';
import type { AssuranceLevel } from '../assurance/assurance-level';
import { Duration } from '../assurance/duration';
import { isOpen } from '../assurance/enrolment';
import { type Enrolment, singleFactors } from '../assurance/factor';
import { wholeSeconds } from '../assurance/whole-seconds';
import { AuthenticationFlow } from '../flow/authentication-flow';
import { execution } from '../flow/flow-node';
import { ClientPolicies, type PolicyDefinition } from '../policy/client-policies';
import type { StepUpPolicy } from '../policy/step-up-policy';
import { tellKeycloakVersion } from '../provider-line/keycloak-version';
import { type ProviderLine, providerLineOf } from '../provider-line/provider-line';
import { describe, insist } from '../support/configuration-error';
import { isKnown } from '../support/known';
import { refuseLiteralSecrets } from '../support/literal-secrets';
import { resolved } from '../support/resolved';
import { type OtpPolicy, otpPolicyConfig } from './otp-policy';
import { type WebAuthnPolicy, webAuthnPolicyConfig } from './web-authn-policy';

export interface StepUpRealmProps {
  /** Name of the realm: part of every URL of it. Letters, digits and `. _ ~ -`. */
  readonly name: string;
  /** @default the name */
  readonly displayName?: string;
  /** The levels of assurance, in ascending order. They become the realm's acr map. */
  readonly levels: readonly AssuranceLevel[];
  /** @default six digits by SHA-1 every 30 seconds, each accepted once, one step of clock skew */
  readonly otpPolicy?: OtpPolicy;
  /** For security keys as second factor. @default user verification preferred, any authenticator */
  readonly webAuthnPolicy?: WebAuthnPolicy;
  /** For passkeys. @default user verification and a discoverable credential required, any authenticator */
  readonly webAuthnPasswordlessPolicy?: WebAuthnPolicy;
  /**
   * How long a session lives without being used. Whole seconds from 1.
   * @default 30 minutes
   */
  readonly ssoSessionIdle?: Duration;
  /**
   * How long a session lives at most. Whole seconds from 1.
   * @default 10 hours
   */
  readonly ssoSessionMax?: Duration;
  /**
   * Which requests must use HTTPS.
   * @default 'external': all but those from private addresses
   */
  readonly sslRequired?: 'external' | 'all' | 'none';
  /**
   * What happens to the password grant (direct access grant), which reaches no level above the lowest and gets any scope
   * for a password. `reject` refuses it for every client, whatever the client's own setting is, and refuses to save a
   * client that has it enabled. Service accounts are not concerned. Source: RFC 9700, section 2.4.
   * @default 'reject'
   */
  readonly passwordGrant?: 'reject' | 'allow';
  /**
   * The release of Keycloak that the stack is for, for example `26.7.4`. What it lacks is refused at validation, and the checks know
   * its defects.
   * @default not known: nothing is refused
   */
  readonly keycloakVersion?: string;
  /**
   * Whether users may delete the credentials that prove a level, such as a lost device. `deny` leaves it to administrators:
   * the required action `delete_credential` is disabled, for every client and every flow, and with it the account API deletes
   * none (Keycloak 26.2; 26.0 does not look at the action there). `prove` enables it for whoever proves the credential's level,
   * and is refused at validation where a flow of the realm would not ask for that, as with a rule for the level.
   * @default 'deny'
   */
  readonly credentialDeletion?: 'deny' | 'prove';
}

/** The browser and direct grant bindings, of the realm or a client's own. Source: Server Administration Guide, "Binding flows". */
export type Binding = 'browserFlow' | 'directGrantFlow';

/** What RFC 3986 calls unreserved, and no path that means another one. */
const REALM_NAME = /^(?!\.{1,2}$)[A-Za-z0-9._~-]+$/;

/** What Keycloak binds in a new realm. */
const BUILT_IN_FLOWS: Readonly<Record<Binding, string>> = { browserFlow: 'browser', directGrantFlow: 'direct grant' };

const PASSWORD_GRANT_POLICY = 'no-password-grant';

/** What Keycloak has where required actions can't be configured. */
const KEYCLOAKS_ENROLMENT_MAX_AGE = Duration.minutes(5).toSeconds();

/**
 * A realm with levels of assurance.
 *
 * Makes in Keycloak the realm with its acr map (realm attribute `acr.loa.map`), OTP and WebAuthn policies, session lifespans
 * and brute force detection; one resource that holds all its flow bindings; and the required action of each factor, disabled
 * unless a level lets its users enrol, because an enabled one lets a stolen password enrol a device; and the action that deletes credentials, disabled unless it is asked for.
 *
 * Source: Server Administration Guide, "Mapping ACR values to LoA".
 *
 * @throws ConfigurationError on levels that are none, duplicate or not ascending, a name that URLs can't have as it is, a
 * lifespan that is no `Duration` of whole seconds from 1, and on two flows for one binding; at validation, on other bindings of the realm, and on enrolment, or deletion of
 * credentials, that a flow of the realm leaves to a stolen password.
 */
export class StepUpRealm extends Construct {
  /** The realm's levels, lowest first. */
  readonly levels: readonly AssuranceLevel[];
  /** The realm's name as Terraform knows it: what `realm_id` of other resources takes. */
  readonly realmId: string;
  /** The Terraform resource, for what the props don't cover. */
  readonly resource: Realm;
  /** Whether the password grant is refused to every client. */
  readonly passwordGrant: 'reject' | 'allow';
  /** Whether users may delete credentials that prove a level. */
  readonly credentialDeletion: 'deny' | 'prove';

  private readonly line: ProviderLine;
  private readonly policies = new Map<string, StepUpPolicy>();
  private clientPolicies?: ClientPolicies;
  private readonly flows = new Map<string, AuthenticationFlow>();
  private readonly bound = new Map<Binding, AuthenticationFlow>();
  private readonly uses: Readonly<Record<Binding, Set<AuthenticationFlow>>> = {
    browserFlow: new Set(),
    directGrantFlow: new Set(),
  };
  private bindings?: AuthenticationBindings;

  constructor(scope: Construct, id: string, props: StepUpRealmProps) {
    super(scope, id);
    insistOnAscendingLevels(this, props.levels);
    refuseLiteralSecrets(this);
    tellKeycloakVersion(this, props.keycloakVersion);
    insist(this, !isKnown(props.name) || (typeof props.name === 'string' && REALM_NAME.test(props.name)), () => ({
      value: `name ${JSON.stringify(props.name)}`,
      why: 'it is a part of every URL of the realm, the issuer of its tokens included',
      instead: 'Use letters, digits and . _ ~ - only, for example "acme", and displayName for what people read',
    }));
    this.levels = props.levels;
    this.line = providerLineOf(this);
    this.passwordGrant = props.passwordGrant ?? 'reject';
    this.credentialDeletion = props.credentialDeletion ?? 'deny';
    this.resource = new Realm(this, 'Resource', {
      realm: props.name,
      displayName: props.displayName ?? props.name,
      enabled: true,
      registrationAllowed: false,
      resetPasswordAllowed: false,
      sslRequired: props.sslRequired ?? 'external',
      ssoSessionIdleTimeout: lifespan(this, 'ssoSessionIdle', props.ssoSessionIdle ?? Duration.minutes(30)),
      ssoSessionMaxLifespan: lifespan(this, 'ssoSessionMax', props.ssoSessionMax ?? Duration.hours(10)),
      otpPolicy: otpPolicyConfig(this, props.otpPolicy ?? {}, this.line),
      webAuthnPolicy: webAuthnPolicyConfig(this, 'webAuthnPolicy', props.webAuthnPolicy ?? {}, this.line),
      webAuthnPasswordlessPolicy: webAuthnPolicyConfig(
        this,
        'webAuthnPasswordlessPolicy',
        props.webAuthnPasswordlessPolicy ?? {},
        this.line,
      ),
      securityDefenses: { bruteForceDetection: {} },
      attributes: { 'acr.loa.map': JSON.stringify(Object.fromEntries(props.levels.map(({ acr, loa }) => [acr, loa]))) },
    });
    this.realmId = this.resource.id;
    this.addRequiredActions();
    this.addDeletion();
    this.closePasswordGrant();
    this.node.addValidation({
      validate: () => [...this.validateBindings(), ...this.validateEnrolment(), ...this.validateDeletion()],
    });
  }

  /** The level that a login reaches when nothing more is asked for. */
  get lowestLevel(): AssuranceLevel {
    return this.levels[0] as AssuranceLevel;
  }

  /** Flow that logins by browser use, if one is bound. */
  get browserFlow(): AuthenticationFlow | undefined {
    return this.bound.get('browserFlow');
  }

  /** Makes `flow` the one that logins by browser use, once it is whole. */
  bindBrowserFlow(flow: AuthenticationFlow): void {
    this.bind('browserFlow', flow);
  }

  /** Makes `flow` the one that the direct access grant uses, once it is whole. */
  bindDirectGrantFlow(flow: AuthenticationFlow): void {
    this.bind('directGrantFlow', flow);
  }

  /** Notes a flow of this realm; two of one name and content would have the same alias. */
  registerFlow(flow: AuthenticationFlow, name: string): void {
    const other = this.flows.get(name);
    insist(flow, other === undefined, () => ({
      value: `name "${name}"`,
      why: `${other?.node.path} of the same realm has it, and an alias is unique in a realm`,
      instead: 'Give each flow a name of its own',
    }));
    this.flows.set(name, flow);
  }

  /** Notes what a flow serves as: bound by the realm, or a client's own. */
  noteUse(binding: Binding, flow: AuthenticationFlow): void {
    this.uses[binding].add(flow);
  }

  /**
   * Checks that a level is one of this realm's.
   * @throws ConfigurationError at `user`
   */
  insistOnOwnLevel(user: IConstruct, prop: string, level: AssuranceLevel): void {
    insist(user, this.levels.includes(level), () => ({
      value: `${prop} "${level?.acr ?? level}"`,
      why: `${this.node.path} has no such level, and Keycloak ignores an acr that the realm's map lacks`,
      instead: `Use one of the realm's levels: ${this.levels.map(({ acr }) => acr).join(', ')}`,
    }));
  }

  /** Adds a client policy; the realm keeps them in order. */
  addPolicy(policy: StepUpPolicy, definition: PolicyDefinition): void {
    const { name } = definition;
    insist(policy, this.line.hasClientPolicies, () => ({
      value: `client policy "${name}"`,
      why: 'the provider mrparkers/keycloak 4.4 has no client policies',
      instead:
        "Give the clients a browserFlow of their own, or make the stack's KeycloakProvider with source keycloak/keycloak",
    }));
    const other = this.policies.get(name);
    insist(policy, other === undefined, () => ({
      value: `name "${name}"`,
      why: `${other?.node.path} of the same realm has it`,
      instead: 'Give each client policy a name of its own',
    }));
    this.policies.set(name, policy);
    this.clientPolicies?.add(definition);
  }

  /** Whether every login by browser proves the level: in the flow that is bound, and in those that clients have of their own. */
  alwaysProves(level: AssuranceLevel): boolean {
    const flows = [this.browserFlow, ...this.uses.browserFlow];
    return flows.every((flow) => flow?.alwaysProves(level) === true);
  }

  private bind(binding: Binding, flow: AuthenticationFlow): void {
    insist(flow, flow.realm === this, () => ({
      value: `binding to ${this.node.path}`,
      why: `the flow is of ${flow.realm.node.path}, and a realm can bind its own flows only`,
      instead: 'Make the flow with realm set to the realm that binds it',
    }));
    const other = this.bound.get(binding);
    insist(flow, other === undefined, () => ({
      value: `${binding} of ${this.node.path}`,
      why: `it is bound to ${other?.node.path} already`,
      instead: other?.node.scope === this ? "Make the realm with passwordGrant set to 'allow'" : 'Bind one flow only',
    }));
    this.bound.set(binding, flow);
    this.noteUse(binding, flow);
    // An attribute that is left out keeps its last value, so a flow that is bound no longer would stay bound.
    this.bindings ??= new AuthenticationBindings(this, 'Bindings', {
      realmId: this.realmId,
      ...BUILT_IN_FLOWS,
      dependsOn: [],
    });
    this.bindings[binding] = flow.handle.alias;
    this.bindings.dependsOn = [...(this.bindings.dependsOn ?? []), ...flow.handle.dependsOn.map(dependable)];
  }

  /**
   * The policy is the last of the realm's, and there even if it is off: see {@link ClientPolicies}. Clients that have the
   * grant enabled are refused, not changed (`auto-configure`), because Terraform would show the change at every plan.
   */
  private closePasswordGrant(): void {
    if (this.line.hasClientPolicies) {
      this.clientPolicies = new ClientPolicies(this);
      this.clientPolicies.add({
        name: PASSWORD_GRANT_POLICY,
        description: 'Rejects the password grant, which reaches no level above the lowest',
        enabled: this.passwordGrant === 'reject',
        rank: Number.POSITIVE_INFINITY,
        executor: { name: 'reject-ropc-grant', configuration: { 'auto-configure': 'false' } },
        conditions: [{ name: 'any-client', configuration: {} }],
        dependsOn: [],
      });
    } else if (this.passwordGrant === 'reject') {
      const nobody = [execution('deny-access-authenticator')];
      this.bindDirectGrantFlow(
        new AuthenticationFlow(this, 'NoPasswordGrant', { realm: this, name: PASSWORD_GRANT_POLICY, nodes: nobody }),
      );
    }
  }

  private addRequiredActions(): void {
    for (const [action, { enrolment, levels }] of enrolments(this.levels)) {
      const open = levels.filter(({ unenrolled }) => unenrolled !== 'deny');
      const maxAge = Math.min(...(open.length > 0 ? open : levels).map((level) => level.enrolmentMaxAge.toSeconds()));
      const { hasRequiredActionConfig } = this.line;
      insist(this, hasRequiredActionConfig || maxAge === KEYCLOAKS_ENROLMENT_MAX_AGE, () => ({
        value: `enrolmentMaxAge of ${maxAge} seconds`,
        why: "the provider mrparkers/keycloak 4.4 can't configure required actions, and Keycloak then has 5 minutes",
        instead: 'Leave it out, or use the provider keycloak/keycloak',
      }));
      new RequiredAction(this, action, {
        realmId: this.realmId,
        alias: action,
        name: enrolment.displayName,
        enabled: open.length > 0,
        defaultAction: false,
        priority: enrolment.priority,
        ...(hasRequiredActionConfig && { config: { max_auth_age: String(maxAge) } }),
      });
    }
  }

  /** Keycloak has the action enabled, and asks for the level under which a flow happens to have the credential's authenticator. */
  private addDeletion(): void {
    new RequiredAction(this, 'delete_credential', {
      realmId: this.realmId,
      alias: 'delete_credential',
      name: 'Delete Credential',
      enabled: this.credentialDeletion === 'prove',
      defaultAction: false,
      priority: 110,
    });
  }

  /**
   * Enrolment is open in every flow of the realm or in none, so one flow that does not ask owners of a credential for it lets
   * a stolen password add a device to their account. Nobody enrols in the password grant, which has no pages.
   */
  private validateEnrolment(): string[] {
    return this.levels.filter(isOpen).flatMap((level) =>
      this.weakFlows(level).map((flow) =>
        describe({
          value: `level "${level.acr}", which lets users enrol`,
          why: flow
            ? `in ${flow.node.path} users who own its credential can add another one with the proof of a lower level`
            : "Keycloak's own browser flow is bound, in which users can add a device with a password",
          instead: flow
            ? "Leave unenrolled at 'deny', or ask for the level by acr and in all flows"
            : 'Bind a StepUpFlow with all levels by bindBrowserFlow',
        }),
      ),
    );
  }

  /** Keycloak deletes a credential for whoever has the level under which the flow has its authenticator, and a rule's stands under none. */
  private validateDeletion(): string[] {
    if (this.credentialDeletion === 'deny') return [];
    const provable = this.levels.filter(({ provedBy }) => singleFactors(provedBy).some(({ enrolment }) => enrolment));
    return provable.flatMap((level) =>
      this.weakFlows(level).map((flow) =>
        describe({
          value: `credentialDeletion 'prove' with level "${level.acr}"`,
          why: `${flow ? flow.node.path : "Keycloak's own browser flow, which is bound,"} does not ask owners of its credential for it, so the proof of a lower level deletes the credential`,
          instead: flow
            ? "Write 'deny', or ask for the level by acr and in all flows"
            : 'Bind a StepUpFlow with all levels by bindBrowserFlow',
        }),
      ),
    );
  }

  /** The flows in which owners of the level's credential don't prove the level; `undefined` is Keycloak's own. */
  private weakFlows(level: AssuranceLevel): (AuthenticationFlow | undefined)[] {
    const { uses } = this;
    const inBrowsers = new Set<AuthenticationFlow>([
      ...uses.browserFlow,
      ...[...this.policies.values()].map(({ flow }) => flow),
    ]);
    const flows = [...this.flows.values()].filter((flow) => inBrowsers.has(flow) || !uses.directGrantFlow.has(flow));
    const weak = flows.filter((flow) => !flow.guardsEnrolment(level));
    return this.browserFlow === undefined ? [...weak, undefined] : weak;
  }

  /** Two resources of one realm's bindings overwrite each other, and destroying one resets them all. */
  private validateBindings(): string[] {
    const namesOfThis = [this.realmId, this.resource.id, this.resource.realm, this.resource.realmInput];
    const own = namesOfThis.map((name) => resolved(this, name));
    return TerraformStack.of(this)
      .node.findAll()
      .filter((node) => node instanceof AuthenticationBindings)
      .filter((other) => other !== this.bindings && own.includes(resolved(this, other.realmIdInput)))
      .map((other) =>
        describe({
          value: `a second AuthenticationBindings, ${other.node.path}`,
          why: 'the bindings of a realm are one resource, and destroying either resets both',
          instead: 'Use bindBrowserFlow or bindDirectGrantFlow of the realm',
        }),
      );
  }
}

function lifespan(realm: IConstruct, prop: string, duration: Duration): string {
  wholeSeconds(realm, prop, duration, { least: 1, instead: 'Write for example Duration.minutes(30)' });
  return duration.toProviderString();
}

/** The required actions by which the levels' factors are enrolled, with the levels that use each. */
function enrolments(levels: readonly AssuranceLevel[]) {
  const byAction = new Map<string, { enrolment: Enrolment; levels: AssuranceLevel[] }>();
  for (const level of levels) {
    for (const { enrolment } of singleFactors(level.provedBy)) {
      if (enrolment === undefined) continue;
      const users = byAction.get(enrolment.action)?.levels ?? [];
      byAction.set(enrolment.action, { enrolment, levels: [...users, level] });
    }
  }
  return byAction;
}
