/** What a change of a realm does: pure functions on two realm models. */
export { type MovedLevel, movedLevels } from './moved-levels';
