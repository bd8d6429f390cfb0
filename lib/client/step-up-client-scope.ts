import { OpenidClientScope } from '@cdktf/provider-keycloak/lib/openid-client-scope';
import { Construct, type IConstruct } from 'constructs';
import type { AssuranceLevel } from '../assurance/assurance-level';
import type { AuthenticationFlow } from '../flow/authentication-flow';
import { contentHash } from '../flow/content-hash';
import { StepUpFlow } from '../flow/step-up-flow';
import type { StepUpRealm } from '../realm/step-up-realm';
import { describe, insist } from '../support/configuration-error';
import { forgedClaimProblems } from './forged-claims';

export interface StepUpClientScopeProps {
  /** The realm that the scope belongs to. */
  readonly realm: StepUpRealm;
  /** Name of the scope, as clients ask for it in `scope`. Source: RFC 6749, section 3.3. */
  readonly name: string;
  /**
   * The level whose proof a request for the scope needs, on top of what the login asks anyway. It must be above the
   * realm's lowest level, and the realm's browser flow and those of its clients must list the scope in their `scopes`. A
   * `StepUpPolicy` is no guard: Keycloak forgets it when a login is begun anew.
   * @default the scope asks for nothing
   */
  readonly requires?: AssuranceLevel;
  /** @default no description */
  readonly description?: string;
}

const SCOPE_TOKEN = /^[\x21\x23-\x24\x26-\x5B\x5D-\x7E]+$/;

/**
 * A client scope that can need a level of assurance.
 *
 * Makes in Keycloak an OpenID Connect client scope that is named in the token's `scope` claim. The proof is asked for by
 * the `StepUpFlow` that lists the scope, at every request for the scope; the token's acr is what was asked for beside it.
 *
 * Source: Server Administration Guide, "Client scopes" and "Conditions in conditional flows" (client scope condition).
 *
 * @throws ConfigurationError on a name that is no scope token, a level that is not the realm's or is its lowest; at
 * validation, on a scope that the realm's browser flow doesn't guard, and on a mapper of the stack that writes the claim `acr`, `amr` or
 * `auth_time` for it.
 */
export class StepUpClientScope extends Construct {
  readonly realm: StepUpRealm;
  readonly name: string;
  readonly requires?: AssuranceLevel;
  /** The Terraform resource, for what the props don't cover. */
  readonly resource: OpenidClientScope;

  private readonly optionalClients: IConstruct[] = [];

  constructor(scope: Construct, id: string, props: StepUpClientScopeProps) {
    super(scope, id);
    insist(this, SCOPE_TOKEN.test(props.name), () => ({
      value: `name ${JSON.stringify(props.name)}`,
      why: 'a scope is one word of printable characters without quotes, backslash, space or percent sign',
      instead: 'Write for example "payments:write"',
    }));
    const { realm, requires } = props;
    if (requires !== undefined) {
      realm.insistOnOwnLevel(this, 'requires', requires);
      insist(this, requires !== realm.lowestLevel, () => ({
        value: `requires "${requires.acr}"`,
        why: 'every login reaches the lowest level, so the scope would need nothing more',
        instead: 'Require a higher level, or leave requires out',
      }));
    }
    this.realm = realm;
    this.name = props.name;
    this.requires = requires;
    // A renamed scope is a new one beside the old: the flow in use goes on guarding the old name until it is replaced.
    this.resource = new OpenidClientScope(new Construct(this, contentHash(props.name)), 'Resource', {
      realmId: realm.realmId,
      name: props.name,
      description: props.description,
      includeInTokenScope: true,
      lifecycle: { createBeforeDestroy: true },
    });
    this.node.addValidation({
      validate: () => [...this.validateGuard(), ...forgedClaimProblems(this, ['client_scope_id', this.resource.id])],
    });
  }

  /** The clients that may ask for the scope or not. */
  get optionalFor(): readonly IConstruct[] {
    return this.optionalClients;
  }

  /** Notes a client that may ask for the scope. */
  noteOptionalFor(client: IConstruct): void {
    this.optionalClients.push(client);
  }

  /** Whether `flow` asks for the proof of this scope's level when the scope is requested. */
  isGuardedBy(flow?: AuthenticationFlow): boolean {
    if (this.requires === undefined) return true;
    return (flow instanceof StepUpFlow && flow.scopes.includes(this)) || flow?.alwaysProves(this.requires) === true;
  }

  private validateGuard(): string[] {
    if (this.isGuardedBy(this.realm.browserFlow)) return [];
    return [
      describe({
        value: `requires "${this.requires?.acr}"`,
        why: `the browser flow of ${this.realm.node.path} does not ask for it, so the scope is had with a password`,
        instead:
          'Bind a StepUpFlow that has this scope in its scopes; a StepUpPolicy is forgotten when a login is begun anew',
      }),
    ];
  }
}
