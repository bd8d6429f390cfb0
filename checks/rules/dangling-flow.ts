import type { Rule } from '../rule';
import { clientLocation } from '../support/inspection';
import { REALM } from '../support/levels';
import { guide, source } from '../support/sources';

export const danglingFlow: Rule = {
  id: 'dangling-flow',
  code: 'SU108',
  level: 'error',
  summary: 'A binding or a client override names a flow that does not exist.',
  cause:
    "A client override holds a flow's id. If no flow has it, Keycloak uses the realm's flow without a word; so whatever the override was there to " +
    'ask is not asked. Keycloak 26.7.4 refuses to save such an override; one that is older, or was written to the database, stays.',
  attack: [
    'A client has an override with a stronger flow. The flow is replaced, and the override keeps the old id.',
    'The attacker logs in to the client with a stolen password.',
    "The realm's flow runs instead, and asks for the password only.",
  ],
  remedy: "Refer to the flow's id as a reference to its resource, so that the override moves with it.",
  sources: [
    guide('Overriding flows by client'),
    source('AuthenticationFlowResolver.resolveBindingOverrideFlowForClient'),
  ],
  inspect(inspection) {
    const { model } = inspection;
    const exists = (alias: string) => model.flows.some((flow) => flow.alias === alias);
    for (const [binding, value] of Object.entries(model.bindings)) {
      const alias = inspection.known<string>(value, `the ${binding} binding`, REALM);
      if (alias === undefined || exists(alias)) continue;
      if (!model.complete)
        inspection.cannotTell(REALM, `the flow ${alias}, which the realm binds, is not in this source`);
      else
        inspection.found(REALM, {
          what: `The ${binding} binding names flow "${alias}", which does not exist`,
          gain: 'No such login can succeed.',
          instead: 'Bind a flow of the realm',
        });
    }
    for (const client of inspection.clients) {
      const at = clientLocation(client);
      for (const [kind, override] of Object.entries(client.flowOverrides)) {
        const value = inspection.known(override, `the ${kind} override`, at);
        if (value === undefined || (value.alias !== undefined && exists(value.alias))) continue;
        const name = value.alias ?? value.dangling ?? '';
        if (name === '') continue;
        if (value.dangling === undefined && !model.complete) {
          inspection.cannotTell(at, `the flow ${name} is not in this source`);
          continue;
        }
        inspection.found(at, {
          what: `Client "${client.clientId}" overrides the ${kind} flow by "${name}", which does not exist`,
          gain: "Keycloak falls back to the realm's flow: proofs that only the override asks for are not asked.",
          instead: "Refer to the flow's resource, or remove the override",
        });
      }
    }
  },
};
