import { Annotations, type IAspect, type TerraformElement, TerraformResource, TerraformStack } from 'cdktf';
import type { IConstruct } from 'constructs';
import { type CheckedRealm, check, type Finding, parseGuard, RULES, ruleById } from '../../checks';
import { isUnknown, type RealmModel, readTerraformConfiguration } from '../../model';
import { versionNote } from '../../model/keycloak/versions';
import { toldKeycloakVersion } from '../provider-line/keycloak-version';
import { insist } from '../support/configuration-error';
import { resolved } from '../support/resolved';
import { type NotedGuard, notedGuards } from './noted-guards';

export interface StepUpChecksProps {
  /**
   * The version of Keycloak that runs, for example `26.7.4`, to be warned of its known defects and refused what it lacks.
   * @default `keycloakVersion` of the realm; without it, neither is looked up
   */
  readonly keycloakVersion?: string;
  /**
   * What must not be had for less than a level, beside what the constructs note by themselves: `scope:payments=gold`, `client:admin=gold`,
   * `role:auditor=gold`, `action:CONFIGURE_TOTP=gold`.
   * @default what the constructs note: scopes that require a level, clients with a minimum, roles that a rule looks at
   */
  readonly guards?: readonly string[];
}

/** A finding that somebody has judged and accepts. */
export interface AcceptedFinding {
  /** The rule's id, for example `spoofable-header`. */
  readonly id: string;
  /** Why it is accepted. Shown at every synth. */
  readonly reason: string;
}

const ACCEPTED = 'step-up:accepted-finding';
const watched = new WeakSet<TerraformStack>();

/**
 * Checks what a stack synthesizes for ways around its levels and for lock-outs. An error fails the validation of the stack, before
 * anything is written; warnings, notes and accepted findings become annotations.
 *
 * Makes nothing in Keycloak. `docs/checks` has a page for each rule.
 *
 * As an aspect it checks every stack below: `Aspects.of(app).add(new StepUpChecks())`. {@link applyTo} checks one stack, from its first
 * validation on.
 */
export class StepUpChecks implements IAspect {
  constructor(private readonly props: StepUpChecksProps = {}) {}

  /** Checks this stack at its validation. */
  static applyTo(stack: TerraformStack, props: StepUpChecksProps = {}): void {
    new StepUpChecks(props).visit(stack);
  }

  /**
   * Accepts what a rule finds in the construct and all below it. What it finds about a realm as a whole is accepted on the construct that
   * holds the realm, or on the stack.
   *
   * @throws ConfigurationError on an unknown rule, and without a reason
   */
  static suppress(construct: IConstruct, { id, reason }: AcceptedFinding): void {
    insist(construct, ruleById(id) !== undefined, () => ({
      value: `suppression of "${id}"`,
      why: 'there is no such rule',
      instead: `Name a rule by its id, for example "${RULES[0]?.id}"; docs/checks lists them`,
    }));
    insist(construct, typeof reason === 'string' && reason.trim() !== '', () => ({
      value: `suppression of "${id}" with reason ${JSON.stringify(reason)}`,
      why: 'whoever reads the result must learn why the finding is accepted',
      instead: `Say why, for example { id: '${id}', reason: 'the proxy replaces the header on every request' }`,
    }));
    construct.node.addMetadata(ACCEPTED, { id, reason } satisfies AcceptedFinding);
  }

  visit(node: IConstruct): void {
    if (!TerraformStack.isStack(node) || watched.has(node)) return;
    watched.add(node);
    const shown = new Set<string>();
    node.node.addValidation({ validate: () => this.validate(node, shown) });
  }

  private validate(stack: TerraformStack, shown: Set<string>): string[] {
    const ofStack = toldKeycloakVersion(stack);
    const keycloakVersion = this.props.keycloakVersion ?? ofStack;
    const rules = RULES.filter(({ id }) => {
      if (keycloakVersion === undefined) return id !== 'known-defect' && id !== 'needs-newer-keycloak';
      // Its errors are those of the stack's own validation then.
      return id !== 'needs-newer-keycloak' || keycloakVersion !== ofStack;
    });
    const owners = elementsByAddress(stack);
    const show = (message: string, add: (message: string) => void) => {
      if (shown.has(message)) return;
      shown.add(message);
      add(message);
    };
    const note = ofStack === undefined ? versionNote(keycloakVersion) : undefined;
    if (note !== undefined) show(note, (line) => Annotations.of(stack).addInfo(line));
    const errors: string[] = [];
    const noted = notedGuards(stack);
    const said = (this.props.guards ?? []).map(parseGuard);
    for (const model of readTerraformConfiguration(stack.toTerraform())) {
      const guards = noted.filter(({ realm }) => isOf(realm, model)).map(({ guard }) => guard);
      const told = keycloakVersion === undefined ? model : { ...model, keycloakVersion };
      const realm = check(told, [], rules, [...said, ...guards]);
      for (const finding of realm.findings) {
        const owner = ownerOf(finding, realm, stack, owners);
        const accepted = acceptedBy(owner, finding.rule);
        const text = textOf(finding, owner);
        if (accepted)
          show(`Accepted: ${text} Reason: ${accepted.reason}`, (line) => Annotations.of(owner).addInfo(line));
        else if (finding.level === 'error') errors.push(text);
        else if (finding.level === 'warning') show(text, (line) => Annotations.of(owner).addWarning(line));
        else show(text, (line) => Annotations.of(owner).addInfo(line));
      }
    }
    return errors;
  }
}

/** Whether the model is that of the construct's realm; where its name isn't known, it may be. */
function isOf({ resource }: NotedGuard['realm'], { realm }: RealmModel): boolean {
  return isUnknown(realm) || resolved(resource, resource.realmInput) === realm;
}

function elementsByAddress(stack: TerraformStack): Map<string, TerraformElement> {
  const elements = stack.node.findAll().filter((node) => node instanceof TerraformResource);
  return new Map(elements.map((element) => [`${element.terraformResourceType}.${element.friendlyUniqueId}`, element]));
}

/** The construct that a finding is about. */
function ownerOf(
  { location: { address } }: Finding,
  { model }: CheckedRealm,
  stack: TerraformStack,
  owners: ReadonlyMap<string, TerraformElement>,
): IConstruct {
  const named = address === undefined ? undefined : owners.get(address);
  return named ?? realmElement(model, owners) ?? stack;
}

function realmElement({ realm }: RealmModel, owners: ReadonlyMap<string, TerraformElement>): IConstruct | undefined {
  const realms = [...owners].filter(([address]) => address.startsWith('keycloak_realm.')).map(([, element]) => element);
  const nameOf = (element: TerraformElement) => resolved(element, (element as { realmInput?: string }).realmInput);
  return realms.find((element) => nameOf(element) === realm) ?? (realms.length === 1 ? realms[0] : undefined);
}

function acceptedBy(owner: IConstruct, rule: string): AcceptedFinding | undefined {
  return owner.node.scopes
    .toReversed()
    .flatMap(({ node }) => node.metadata)
    .filter(({ type }) => type === ACCEPTED)
    .map(({ data }) => data as AcceptedFinding)
    .find(({ id }) => id === rule);
}

function textOf({ rule, code, what, gain, instead, location }: Finding, { node }: IConstruct): string {
  return `${node.path} (${location.path}): ${what}. ${gain} ${instead}. [${code} ${rule}]`;
}
