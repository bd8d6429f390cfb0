export { type ExploreOptions, explore, type LevelExplanation } from './explore';
export { exploreGoals, type Goal, type GoalExplanation, type GoalOptions } from './goals';
export type { HeldProof } from './proofs';
export type { Way } from './ways';
export { parametersOf, type WitnessStep } from './witness';
