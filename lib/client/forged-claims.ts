import { TerraformResource, TerraformStack } from 'cdktf';
import type { IConstruct } from 'constructs';
import { describe } from '../support/configuration-error';
import { contentOf } from '../support/content';
import { resolved } from '../support/resolved';

/** The claims that tell how a login was proved, with what a resource takes from them. */
const CLAIMS: Readonly<Record<string, string>> = {
  acr: 'the level',
  amr: 'the proofs',
  auth_time: 'the time of the login',
};

/**
 * Messages on the protocol mappers in the stack, of a client or a client scope, that write a claim which is Keycloak's own to write. A
 * mapper with a fixed value or a user attribute for `acr` wins over Keycloak's, and the token names a level that nobody proved.
 *
 * @param owner the construct that holds the client or scope
 * @param place its id, in the mapper's attribute of this name
 */
export function forgedClaimProblems(
  owner: IConstruct,
  [attribute, id]: readonly ['client_id' | 'client_scope_id', string],
): string[] {
  const own = resolved(owner, id);
  return TerraformStack.of(owner)
    .node.findAll()
    .filter((node): node is TerraformResource => TerraformResource.isTerraformResource(node))
    .filter(({ terraformResourceType }) => /_protocol_mapper$/.test(terraformResourceType))
    .flatMap((mapper) => {
      const content = contentOf(mapper);
      const claim = claimOf(content);
      const meaning = claim === undefined ? undefined : CLAIMS[claim];
      if (content[attribute] !== own || meaning === undefined) return [];
      return describe({
        value: `mapper ${mapper.node.path}, which writes the claim "${claim}"`,
        why: `Keycloak writes ${meaning} into it, and the mapper's value would stand there instead, whatever was proved`,
        instead: 'Give the claim another name',
      });
    });
}

/** The name of the claim that a mapper writes; Keycloak's own mappers for acr and amr have none. */
function claimOf({ claim_name: named, config }: Readonly<Record<string, unknown>>): string | undefined {
  const name = named ?? (config as Record<string, unknown> | undefined)?.['claim.name'];
  return typeof name === 'string' ? name : undefined;
}
