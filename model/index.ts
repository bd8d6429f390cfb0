/**
 * The realm model and what can be worked out from it: pure functions on plain data. Fetching a live realm is apart, in
 * `readers/keycloak/live`.
 */
export * from './explore';
export * from './readers';
export * from './realm-model';
export * from './simulate';
