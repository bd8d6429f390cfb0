export { type AccessToken, IssuerUnavailable } from './access-token';
export { clientAddress, type Peer } from './client-address';
export type { DpopOptions, ProvenRequest } from './dpop';
export { accessTokenOf, type Middleware, protect } from './express';
export type { Levels } from './levels';
export { fromNetworks, type Network, NetworkRule } from './networks';
export { type Nonces, rollingNonces } from './nonces';
export type { Refusal } from './refusal';
export { inMemoryReplayGuard, type ReplayGuard } from './replay-guard';
export {
  type Grant,
  type Guard,
  type ProtectedRequest,
  type Requirement,
  ResourceServer,
  type ResourceServerOptions,
} from './resource-server';
