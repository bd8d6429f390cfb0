import RandExp from 'randexp';
import { matchesJavaPattern, parseJavaBoolean } from '../keycloak/java';
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

/** Examples tried for a pattern until one is found that no other condition takes, too. */
const EXAMPLES = 40;

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
    const value = regex ? exampleOf(test, tests) : expected;
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

function exampleOf({ name, expected }: AttributeTest, tests: readonly AttributeTest[]): string | undefined {
  if (matchesJavaPattern(expected, '') === 'undetermined' || matchesJavaPattern(expected, '') === 'invalid') {
    return undefined;
  }
  const generator = new RandExp(expected);
  generator.max = 3;
  let seed = 1;
  // The same examples every time, so that answers don't change.
  generator.randInt = (from, to) => {
    seed = (seed * 48_271) % 2_147_483_647;
    return from + (seed % (to - from + 1));
  };
  const others = tests.filter((each) => each.name === name && each.expected !== expected);
  let best: { readonly value: string; readonly taken: number } | undefined;
  for (let count = 0; count < EXAMPLES && best?.taken !== 0; count++) {
    const value = generator.gen();
    if (matchesJavaPattern(expected, value) !== 'matches') continue;
    const taken = others.filter((other) => takes(other, value)).length;
    if (!best || taken < best.taken) best = { value, taken };
  }
  return best?.value;
}

function takes({ expected, regex }: AttributeTest, value: string): boolean {
  return regex ? matchesJavaPattern(expected, value) === 'matches' : value === expected;
}
