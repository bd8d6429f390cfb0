/** Titles of sections of Keycloak's Server Administration Guide and other places that rules refer to. */
const GUIDE = 'Keycloak, Server Administration Guide';

export function guide(section: string): string {
  return `${GUIDE}, "${section}"`;
}

/** A class of Keycloak 26.7.4. */
export function source(name: string): string {
  return `Keycloak 26.7.4, ${name}`;
}
