import type { Role } from '@cdktf/provider-keycloak/lib/role';
import type { IConstruct } from 'constructs';
import type { StepUpClient } from '../client/step-up-client';
import { insist } from '../support/configuration-error';
import { resolved } from '../support/resolved';
import type { StepUpRealm } from './step-up-realm';

/** A role and the client that it is a role of. */
export interface ClientRole {
  /** A `StepUpClient`, or anything that has the client's resource. */
  readonly client: Pick<StepUpClient, 'clientId' | 'resource'> &
    Partial<Pick<StepUpClient, 'minimumLevel' | 'browserFlow'>>;
  readonly role: Role;
}

/**
 * Checks that the role is one of this client and realm: Keycloak takes a role that is not there as one that never matches.
 *
 * @throws ConfigurationError at `user`
 */
export function insistOnRoleOf(user: IConstruct, realm: StepUpRealm, { client, role }: ClientRole): void {
  const same = (one: unknown, other: unknown) => resolved(user, one) === resolved(user, other);
  insist(user, same(role.clientIdInput, client.resource.id), () => ({
    value: `role ${role.node.path} of client "${client.clientId}"`,
    why: 'it is not a role of this client, and a role that is not there never matches',
    instead: `Make the role with clientId set to the id of ${client.resource.node.path}`,
  }));
  insistOnRealmOf(user, realm, role);
}

/**
 * Checks that the role is a realm role of the realm.
 *
 * @throws ConfigurationError at `user`
 */
export function insistOnRealmRole(user: IConstruct, realm: StepUpRealm, role: Role): void {
  insist(user, role.clientIdInput === undefined, () => ({
    value: `realm role ${role.node.path}`,
    why: 'it is a role of a client, and by its bare name it never matches',
    instead: 'Name the client too, for example When.clientRole(client, role)',
  }));
  insistOnRealmOf(user, realm, role);
}

function insistOnRealmOf(user: IConstruct, realm: StepUpRealm, role: Role): void {
  const own = [realm.realmId, realm.resource.realm, realm.resource.realmInput].map((name) => resolved(user, name));
  insist(user, own.includes(resolved(user, role.realmIdInput)), () => ({
    value: `role ${role.node.path}`,
    why: `it is not a role of ${realm.node.path}, and a role that is not there never matches`,
    instead: `Make the role with realmId set to the realmId of ${realm.node.path}`,
  }));
}
