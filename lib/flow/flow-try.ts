import { DataResource, Fn, type ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';

/** When the plan of an apply was made, as part of a name: `20261125160217`. Terraform 1.5. */
const PLANNED = () => Fn.formatdate('YYYYMMDDhhmmss', Fn.plantimestamp());

/**
 * One try at making a flow.
 *
 * An apply can break off when Keycloak has made an execution of which Terraform does not know: the provider makes one in
 * several requests. Executions have no names of their own, so nothing would find it again, and a condition without its config beside
 * the right one makes a rule skip its proof. So a try never goes on where another one broke off: what it makes carries the time of
 * its plan in its name, and is sealed at the end of the same apply. What another apply would have to finish is not sealed, the plan
 * fails with the command that begins anew, and whatever was in use before stays so.
 *
 * Makes two `terraform_data`: `Try`, before the flow, and `Seal`, after all its parts.
 *
 * Source: Terraform, "terraform_data", "plantimestamp", "Custom Conditions".
 */
export class FlowTry extends Construct {
  /** The time of the try, known in the plan: what the names of its parts carry. */
  readonly stamp: string;
  /** What stands for the try in `replaceTriggeredBy`: `terraform_data.…`. */
  readonly address: string;

  /** @param flowName the flow's name, for the error */
  constructor(
    scope: Construct,
    id: string,
    private readonly flowName: string,
  ) {
    super(scope, id);
    const { terraformResourceType, friendlyUniqueId } = new DataResource(this, 'Try', {
      input: { planned: PLANNED() },
      lifecycle: { createBeforeDestroy: true, ignoreChanges: ['input'] },
    });
    this.address = `${terraformResourceType}.${friendlyUniqueId}`;
    this.stamp = `\${${this.address}.input.planned}`;
  }

  /**
   * Notes that these are all parts of the flow and that this apply made them all. A part that is gone, or is to be made again,
   * breaks the seal.
   *
   * @returns what the flow may be bound after
   */
  seal(parts: readonly { readonly id: string }[]): ITerraformDependable {
    return new DataResource(this, 'Seal', {
      input: { planned: PLANNED() },
      triggersReplace: { parts: parts.map(({ id }) => id) },
      lifecycle: {
        createBeforeDestroy: true,
        ignoreChanges: ['input'],
        replaceTriggeredBy: [this.address],
        postcondition: [
          {
            condition: `\${self.input.planned == ${this.address}.input.planned}`,
            errorMessage: [
              `The flow "${this.flowName}" is not as one apply made it: an apply broke off, or parts of it were removed.`,
              'Whatever is in use stays so. To make the flow anew beside it and then move what uses it, run:',
              // Two generations go at the end of it, and Keycloak on a database answers 500 where both lose parts at once.
              `terraform apply -parallelism=1 -replace=${this.address}`,
              'If other flows say so too, give the -replace of each in one command.',
            ].join('\n'),
          },
        ],
      },
    });
  }
}
