import bindings = require('@cdktf/provider-keycloak');

export { fromNetworks, type Network, NetworkRule } from '../resource-server/networks';
export * from './assurance/assurance-level';
export * from './assurance/duration';
export * from './assurance/factor';
export * from './assurance/unenrolled';
export * from './checks/step-up-checks';
export type { ClientAcrMap } from './client/client-acr-map';
export * from './client/step-up-client';
export * from './client/step-up-client-scope';
export * from './flow/authentication-flow';
export * from './flow/flow-node';
export * from './flow/otp-if-header';
export * from './flow/otp-unless-header';
export * from './flow/post-broker-flow';
export * from './flow/proof-flow';
export * from './flow/step-up-flow';
export * from './flow/step-up-rule';
export * from './network/otp-unless-from';
export * from './policy/request-condition';
export * from './policy/step-up-policy';
export * from './protection/access-rule';
export * from './protection/resource-protection';
export type { Span, TimeWindow } from './protection/time-window';
export { KeycloakProvider, type KeycloakProviderConfig } from './provider-line/keycloak-provider';
export type { ProviderSource } from './provider-line/provider-line';
export * from './realm/kerberos-federation';
export type { LevelHistoryProps } from './realm/level-numbers';
export * from './realm/otp-policy';
export type { ClientRole } from './realm/own-role';
export type { SelfRegistration } from './realm/self-service';
export * from './realm/step-up-realm';
export type { WebAuthnPolicy } from './realm/web-authn-policy';
export { ConfigurationError, type Problem } from './support/configuration-error';

/** The generated bindings of every resource and data source of the provider: `new bindings.group.Group(...)`. */
export { bindings };
