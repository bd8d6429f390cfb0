export { type ExploreOptions, explore, type LevelExplanation, type Way } from './explore';
export type { HeldProof } from './proofs';
export { parametersOf, type WitnessStep } from './witness';
