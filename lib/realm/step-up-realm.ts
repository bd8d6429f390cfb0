import { Realm } from '@cdktf/provider-keycloak/lib/realm';
import type { TerraformResource } from 'cdktf';
import { Construct, type IConstruct } from 'constructs';
import { insistOnAscendingLevels } from '../assurance/ascending-levels';
import type { AssuranceLevel } from '../assurance/assurance-level';
import { Duration } from '../assurance/duration';
import { wholeSeconds } from '../assurance/whole-seconds';
import { AuthenticationFlow } from '../flow/authentication-flow';
import { execution } from '../flow/flow-node';
import { ClientPolicies, type PolicyDefinition } from '../policy/client-policies';
import type { StepUpPolicy } from '../policy/step-up-policy';
import { tellKeycloakVersion } from '../provider-line/keycloak-version';
import { type ProviderLine, providerLineOf } from '../provider-line/provider-line';
import { insist } from '../support/configuration-error';
import { isKnown } from '../support/known';
import { refuseLiteralSecrets } from '../support/literal-secrets';
import { acrMapAttribute, acrMapProblems } from './acr-map';
import { certificateOwnerProblems, hasOwnersByName } from './certificate-owners';
import { addCredentialDeletion, credentialDeletionProblems } from './credential-deletion';
import { type Binding, FlowBindings } from './flow-bindings';
import { giveNumbers, type LevelHistoryProps } from './level-numbers';
import { openEnrolmentProblems } from './open-enrolment';
import { warnOfOpenSessions } from './open-sessions';
import { type OtpPolicy, otpPolicyConfig } from './otp-policy';
import { addRequiredActions } from './required-actions';
import {
  passwordResetFlow,
  type SelfRegistration,
  selfRegistrationFlow,
  selfServiceOf,
  selfServiceProblems,
} from './self-service';
import { type WebAuthnPolicy, webAuthnPolicyConfig } from './web-authn-policy';

export interface StepUpRealmProps {
  /** Name of the realm: part of every URL of it. Letters, digits and `. _ ~ -`. */
  readonly name: string;
  /** @default the name */
  readonly displayName?: string;
  /** The levels of assurance, in ascending order. They become the realm's acr map. */
  readonly levels: readonly AssuranceLevel[];
  /**
   * The file that keeps which names and numbers levels ever had, so that none gets another meaning than sessions have of it.
   * @default step-up.levels.json in the folder of cdktf.json; without it nothing is refused, and a warning says so
   */
  readonly levelHistory?: LevelHistoryProps;
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
  /**
   * Whether users who forgot their password may set a new one by a link that is mailed to them ("Forgot password?"). The
   * realm binds a flow of its own, which ends without a login, and asks owners of a credential that users can enrol for it. It needs a
   * mail server (`resource.putSmtpServer`), and Keycloak 26.1.1 or later: an older one does not know `force-login`, ignores it,
   * and gives a code for the mailbox; say `keycloakVersion`, and it is refused there. It is also refused where a password proves more
   * than the lowest level. Source: Server Administration Guide, "Enable forgot password".
   * @default false
   */
  readonly passwordReset?: boolean;
  /**
   * Whether people may make an account of their own, and how. The realm binds a flow of its own, which ends without a login.
   * Source: Server Administration Guide, "Enabling user registration".
   * @default nobody may
   */
  readonly selfRegistration?: SelfRegistration;
  /**
   * Whether users may log in with their e-mail address. Where a certificate names its owner by user name (`Factor.x509()`) they may not:
   * Keycloak would look for the owner by the address too, which users can edit.
   * @default true, but false where a certificate names its owner by user name
   */
  readonly loginWithEmail?: boolean;
}

/** What RFC 3986 calls unreserved, and no path that means another one. */
const REALM_NAME = /^(?!\.{1,2}$)[A-Za-z0-9._~-]+$/;

const PASSWORD_GRANT_POLICY = 'no-password-grant';

/**
 * A realm with levels of assurance.
 *
 * Makes in Keycloak the realm with its acr map (realm attribute `acr.loa.map`), OTP and WebAuthn policies, session lifespans
 * and brute force detection; one resource that holds all its flow bindings; and the required action of each factor, whether a level
 * uses it or not, disabled unless a level lets its users enrol, because an enabled one lets a stolen password enrol a device, for a
 * level that takes it one day (docs/changing-a-factor.md); and the action that
 * deletes credentials, disabled unless it is asked for. Where a password proves a higher level and the lowest does without,
 * the action that sets passwords is disabled too: they come from administrators, and one that is temporary stays. Password
 * reset and registration, where they are on, have flows that end without a login.
 *
 * Source: Server Administration Guide, "Mapping ACR values to LoA".
 *
 * @throws ConfigurationError on levels that are none, duplicate or not ascending, a name that URLs can't have as it is, a
 * lifespan that is no `Duration` of whole seconds from 1, two flows for one binding, and on a password reset that would stand for a
 * proof; at validation, on other bindings of the realm, on enrolment, or deletion of credentials, that a flow of the realm leaves to a
 * stolen password, on certificates whose owner users can change, and on a resource that was told to reset passwords, to register users
 * or to name levels in another way.
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
  private readonly bindings: FlowBindings;
  private readonly uses = new Map<AuthenticationFlow, Set<Binding>>();

  constructor(scope: Construct, id: string, props: StepUpRealmProps) {
    super(scope, id);
    refuseLiteralSecrets(this);
    tellKeycloakVersion(this, props.keycloakVersion);
    insist(this, !isKnown(props.name) || (typeof props.name === 'string' && REALM_NAME.test(props.name)), () => ({
      value: `name ${JSON.stringify(props.name)}`,
      why: 'it is a part of every URL of the realm, the issuer of its tokens included',
      instead: 'Use letters, digits and . _ ~ - only, for example "acme", and displayName for what people read',
    }));
    const history = giveNumbers(this, props.name, props.levels, props.levelHistory);
    insistOnAscendingLevels(this, props.levels);
    this.levels = props.levels;
    this.line = providerLineOf(this);
    this.passwordGrant = props.passwordGrant ?? 'reject';
    this.credentialDeletion = props.credentialDeletion ?? 'deny';
    const selfService = selfServiceOf(this, props);
    this.resource = new Realm(this, 'Resource', {
      realm: props.name,
      displayName: props.displayName ?? props.name,
      enabled: true,
      registrationAllowed: selfService.selfRegistration !== undefined,
      resetPasswordAllowed: selfService.passwordReset,
      loginWithEmailAllowed: props.loginWithEmail ?? !hasOwnersByName(props.levels),
      editUsernameAllowed: false,
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
      attributes: acrMapAttribute(props.levels),
    });
    this.realmId = this.resource.id;
    this.bindings = new FlowBindings(this, this.line);
    addRequiredActions(this, this.line);
    addCredentialDeletion(this);
    this.closePasswordGrant();
    const { passwordReset, selfRegistration } = selfService;
    if (passwordReset) this.bind('resetCredentialsFlow', passwordResetFlow(this));
    if (selfRegistration) this.bind('registrationFlow', selfRegistrationFlow(this, selfRegistration));
    this.node.addValidation({
      validate: () => [
        ...this.bindings.problems(),
        ...openEnrolmentProblems(this.levels, this.flowsOfLogins(), this.browserFlow !== undefined),
        ...credentialDeletionProblems(this, this.flowsOfLogins()),
        ...selfServiceProblems(this, selfService),
        ...acrMapProblems(this),
        ...certificateOwnerProblems(this),
      ],
    });
    warnOfOpenSessions(this, history);
  }

  /** The level that a login reaches when nothing more is asked for. */
  get lowestLevel(): AssuranceLevel {
    return this.levels[0] as AssuranceLevel;
  }

  /** Flow that logins by browser use, if one is bound. */
  get browserFlow(): AuthenticationFlow | undefined {
    return this.bindings.get('browserFlow');
  }

  /** Makes `flow` the one that logins by browser use, once it is whole. */
  bindBrowserFlow(flow: AuthenticationFlow): void {
    this.bind('browserFlow', flow);
  }

  /** Makes `flow` the one that the direct access grant uses, once it is whole. */
  bindDirectGrantFlow(flow: AuthenticationFlow): void {
    this.bind('directGrantFlow', flow);
  }

  /**
   * Notes a flow of this realm; two of one name and content would have the same alias.
   *
   * @returns the one that was made before it, if any
   */
  registerFlow(flow: AuthenticationFlow, name: string): AuthenticationFlow | undefined {
    const other = this.flows.get(name);
    insist(flow, other === undefined, () => ({
      value: `name "${name}"`,
      why: `${other?.node.path} of the same realm has it, and an alias is unique in a realm`,
      instead: 'Give each flow a name of its own',
    }));
    const before = [...this.flows.values()].at(-1);
    this.flows.set(name, flow);
    return before;
  }

  /** Notes what a flow serves as: bound by the realm, or a client's own. */
  noteUse(binding: Binding, flow: AuthenticationFlow): void {
    this.uses.set(flow, (this.uses.get(flow) ?? new Set()).add(binding));
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
    const ofClients = [...this.uses].flatMap(([flow, uses]) => (uses.has('browserFlow') ? [flow] : []));
    const flows = [this.browserFlow, ...ofClients];
    return flows.every((flow) => flow?.alwaysProves(level) === true);
  }

  /** Makes a resource be there before the realm's flows are bound, which rewrites the realm: on a database, Keycloak fails one of two at once. */
  beforeBindings(resource: TerraformResource): void {
    this.bindings.follow(resource);
  }

  /** Makes a resource wait until the realm's flows are bound: it must not be there while they don't guard it. */
  afterBindings(resource: TerraformResource): void {
    this.bindings.precede(resource);
  }

  private bind(binding: Binding, flow: AuthenticationFlow): void {
    this.bindings.bind(binding, flow);
    this.noteUse(binding, flow);
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

  /** Users enrol in the flows that they log in by: not in the password grant, which has no pages, nor in those of the realm's own. */
  private flowsOfLogins(): AuthenticationFlow[] {
    const ofPolicies = new Set<AuthenticationFlow>([...this.policies.values()].map(({ flow }) => flow));
    return [...this.flows.values()].filter((flow) => {
      const uses = this.uses.get(flow);
      return uses === undefined || uses.has('browserFlow') || ofPolicies.has(flow);
    });
  }
}

function lifespan(realm: IConstruct, prop: string, duration: Duration): string {
  wholeSeconds(realm, prop, duration, { least: 1, instead: 'Write for example Duration.minutes(30)' });
  return duration.toProviderString();
}
