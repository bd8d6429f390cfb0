import type { ResourceTable } from '../engine/table';
import { authenticationBindings } from './authentication-bindings';
import { authenticationExecution } from './authentication-execution';
import { authenticationExecutionConfig } from './authentication-execution-config';
import { authenticationFlow } from './authentication-flow';
import { authenticationSubflow } from './authentication-subflow';
import { authorizationPermission, authorizationResource, authorizationScope } from './authorization';
import {
  aggregatePolicy,
  clientPolicy,
  clientScopePolicy,
  genericAuthorizationPolicy,
  groupPolicy,
  regexPolicy,
  rolePolicy,
  timePolicy,
  userPolicy,
} from './authorization-policies';
import { realmClientPolicyProfile, realmClientPolicyProfilePolicy } from './client-policies';
import { openidClientScope } from './client-scope';
import { openidClientDefaultScopes, openidClientOptionalScopes } from './client-scopes-of-client';
import { customUserFederation } from './custom-user-federation';
import { genericRoleMapper } from './generic-role-mapper';
import { group } from './group';
import { openidClient } from './openid-client';
import { genericProtocolMapper, openidAudienceProtocolMapper } from './protocol-mapper';
import { realm } from './realm';
import { realmDefaultClientScopes, realmOptionalClientScopes } from './realm-client-scopes';
import { realmEvents } from './realm-events';
import { realmUserProfile } from './realm-user-profile';
import { requiredAction } from './required-action';
import { role } from './role';
import { groupRoles, userRoles } from './role-mappings';
import { user } from './user';
import { userGroups } from './user-groups';

/** The resource types that the offline provider serves. */
export const tables: Record<string, ResourceTable> = {
  keycloak_realm: realm,
  keycloak_realm_events: realmEvents,
  keycloak_realm_user_profile: realmUserProfile,
  keycloak_realm_default_client_scopes: realmDefaultClientScopes,
  keycloak_realm_optional_client_scopes: realmOptionalClientScopes,
  keycloak_realm_client_policy_profile: realmClientPolicyProfile,
  keycloak_realm_client_policy_profile_policy: realmClientPolicyProfilePolicy,
  keycloak_authentication_flow: authenticationFlow,
  keycloak_authentication_subflow: authenticationSubflow,
  keycloak_authentication_execution: authenticationExecution,
  keycloak_authentication_execution_config: authenticationExecutionConfig,
  keycloak_authentication_bindings: authenticationBindings,
  keycloak_required_action: requiredAction,
  keycloak_custom_user_federation: customUserFederation,
  keycloak_openid_client: openidClient,
  keycloak_openid_client_scope: openidClientScope,
  keycloak_openid_client_default_scopes: openidClientDefaultScopes,
  keycloak_openid_client_optional_scopes: openidClientOptionalScopes,
  keycloak_generic_protocol_mapper: genericProtocolMapper,
  keycloak_openid_audience_protocol_mapper: openidAudienceProtocolMapper,
  keycloak_generic_role_mapper: genericRoleMapper,
  keycloak_role: role,
  keycloak_group: group,
  keycloak_group_roles: groupRoles,
  keycloak_user: user,
  keycloak_user_roles: userRoles,
  keycloak_user_groups: userGroups,
  keycloak_openid_client_authorization_resource: authorizationResource,
  keycloak_openid_client_authorization_scope: authorizationScope,
  keycloak_openid_client_authorization_permission: authorizationPermission,
  keycloak_openid_client_regex_policy: regexPolicy,
  keycloak_openid_client_role_policy: rolePolicy,
  keycloak_openid_client_group_policy: groupPolicy,
  keycloak_openid_client_time_policy: timePolicy,
  keycloak_openid_client_user_policy: userPolicy,
  keycloak_openid_client_client_policy: clientPolicy,
  keycloak_openid_client_aggregate_policy: aggregatePolicy,
  keycloak_openid_client_authorization_client_scope_policy: clientScopePolicy,
  keycloak_generic_client_authorization_policy: genericAuthorizationPolicy,
};
