import { matchesJavaPattern, parseJavaBoolean } from '../keycloak/java';
import { exampleOf } from '../keycloak/pattern-example';
import { type AuthenticatorExecution, isUnknown } from '../realm-model';

/** What a condition asks of an attribute. */
interface AttributeTest {
  readonly name: string;
  readonly expected: string;
  readonly regex: boolean;
}

/** A value that an account may have, for all conditions that look at the attribute. */
export interface AttributeValue {
  readonly name: string;
  readonly value: string;
  /** The pattern that the value is an example of, if a condition asks for one. */
  readonly pattern?: string;
}

/**
 * Values that differ to the conditions on attributes: each literal, and an example for each pattern. An example that as few other
 * conditions as possible take is preferred, as only that tells the pattern apart.
 */
export function attributeValues(conditions: readonly AuthenticatorExecution[]): {
  readonly values: AttributeValue[];
  /** Patterns without an example, as they are Java's own or match nothing. */
  readonly withoutExample: string[];
} {
  const tests = conditions.flatMap(testOf);
  const values: AttributeValue[] = [];
  const withoutExample: string[] = [];
  for (const test of tests) {
    const { name, expected, regex } = test;
    const value = regex ? valueFor(test, tests) : expected;
    if (value === undefined) withoutExample.push(`${name}=~${expected}`);
    else if (!values.some((each) => each.name === name && each.value === value)) {
      values.push({ name, value, ...(regex && { pattern: expected }) });
    }
  }
  return { values, withoutExample };
}

function testOf({ config }: AuthenticatorExecution): AttributeTest[] {
  const { attribute_name: name, attribute_expected_value: expected, regex } = config?.values ?? {};
  if (name === undefined || expected === undefined || isUnknown(name) || isUnknown(expected)) return [];
  return [{ name, expected, regex: !isUnknown(regex) && parseJavaBoolean(regex) }];
}

/** An example that as few other conditions as possible take. */
function valueFor({ name, expected }: AttributeTest, tests: readonly AttributeTest[]): string | undefined {
  const others = tests.filter((each) => each.name === name && each.expected !== expected);
  return exampleOf(expected, (value) => others.filter((other) => takes(other, value)).length);
}

function takes({ expected, regex }: AttributeTest, value: string): boolean {
  return regex ? matchesJavaPattern(expected, value) === 'matches' : value === expected;
}
