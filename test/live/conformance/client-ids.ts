import { clientIdOf } from './realm-flows';

/** The clients of a case beside its own. */
export const secondClientIdOf = (index: number) => `${clientIdOf(index)}-second`;
export const samlClientIdOf = (index: number) => `${clientIdOf(index)}-saml`;
export const serviceClientIdOf = (index: number) => `${clientIdOf(index)}-service`;
