/** The history of names and numbers of levels: pure functions on what a committed file holds. */
export * from './level-history';
export * from './level-numbers';
export * from './record-levels';
export * from './report';
