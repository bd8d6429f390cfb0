/**
 * A length of time that is a whole number of seconds, the unit in which Keycloak keeps ages and lifespans.
 *
 * A fraction or a negative number is kept as given and refused by the construct that gets it, which can name its path.
 */
export class Duration {
  private constructor(private readonly amountInSeconds: number) {}

  /** @param amount seconds, a whole number from 0 */
  static seconds(amount: number): Duration {
    return new Duration(amount);
  }

  /** @param amount minutes; must come to whole seconds */
  static minutes(amount: number): Duration {
    return new Duration(amount * 60);
  }

  /** @param amount hours; must come to whole seconds */
  static hours(amount: number): Duration {
    return new Duration(amount * 3600);
  }

  /** @param amount days of 24 hours; must come to whole seconds */
  static days(amount: number): Duration {
    return new Duration(amount * 86_400);
  }

  /** The length in seconds. */
  toSeconds(): number {
    return this.amountInSeconds;
  }

  /** The length as Terraform's Keycloak provider writes it: `36000s`. */
  toProviderString(): string {
    return `${this.amountInSeconds}s`;
  }
}
