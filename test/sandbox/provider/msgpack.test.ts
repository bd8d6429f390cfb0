import { encode } from '@msgpack/msgpack';
import fc from 'fast-check';
import { conform, decodeJson, decodeValue, encodeValue } from '../../../sandbox/provider/protocol/msgpack';
import type { CtyType } from '../../../sandbox/provider/protocol/schema';
import { hasUnknown, UNKNOWN, type Value, withoutUnknown } from '../../../sandbox/provider/protocol/values';

interface Typed {
  type: CtyType;
  value: Value;
}

const key = fc.string({ maxLength: 8 }).filter((text) => text !== '__proto__');

/** A type together with a value of it, unknown or null in places, nested up to a few levels. */
const { typed } = fc.letrec<{ typed: Typed; known: Typed }>((tie) => ({
  typed: fc
    .tuple(tie('known'), fc.constantFrom('known', 'known', 'known', 'null', 'unknown'))
    .map(([{ type, value }, form]) => {
      if (form === 'known') return { type, value };
      return { type, value: form === 'null' ? null : UNKNOWN };
    }),
  known: fc.oneof(
    { maxDepth: 4, depthIdentifier: 'value' },
    fc.string().map((value): Typed => ({ type: 'string', value })),
    fc.boolean().map((value): Typed => ({ type: 'bool', value })),
    fc
      .oneof(fc.maxSafeInteger(), fc.double({ noNaN: true, noDefaultInfinity: true }))
      .map((value): Typed => ({ type: 'number', value: value + 0 })),
    fc
      .tuple(fc.constantFrom<'list' | 'set'>('list', 'set'), tie('typed'), fc.nat({ max: 3 }))
      .map(([kind, { type, value }, count]): Typed => ({ type: [kind, type], value: Array(count).fill(value) })),
    fc.tuple(tie('typed'), fc.uniqueArray(key, { maxLength: 3 })).map(
      ([{ type, value }, keys]): Typed => ({
        type: ['map', type],
        value: Object.fromEntries(keys.map((name) => [name, value])),
      }),
    ),
    fc.dictionary(key, tie('typed'), { maxKeys: 3 }).map((attributes): Typed => {
      const entries = Object.entries(attributes);
      return {
        type: ['object', Object.fromEntries(entries.map(([name, { type }]) => [name, type]))],
        value: Object.fromEntries(entries.map(([name, { value }]) => [name, value])),
      };
    }),
  ),
}));

describe('The msgpack of Terraform values', () => {
  it('reads what it wrote, whatever the type', () => {
    fc.assert(
      fc.property(typed, ({ type, value }) => {
        expect(decodeValue(encodeValue(value, type), type)).toEqual(value);
      }),
      { numRuns: 500 },
    );
  });

  it('reads the JSON of a state file to the same value', () => {
    fc.assert(
      fc.property(typed, ({ type, value }) => {
        fc.pre(!hasUnknown(value));
        expect(decodeJson(JSON.stringify(value), type)).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });

  it('takes unknowns out without touching the rest', () => {
    fc.assert(
      fc.property(typed, ({ value }) => {
        const known = withoutUnknown(value);
        expect(hasUnknown(known)).toBe(false);
        if (!hasUnknown(value)) expect(known).toEqual(value);
      }),
    );
  });

  it('writes an unknown value as extension 0, as cty does', () => {
    expect([...encodeValue(UNKNOWN, 'string')]).toEqual([0xd4, 0x00, 0x00]);
  });

  it('reads a refined unknown value, extension 12, as unknown', () => {
    // {1: false} in an extension of type 12: "unknown, but not null".
    expect(decodeValue(Uint8Array.from([0xc7, 3, 12, 0x81, 0x01, 0xc2]), 'string')).toBe(UNKNOWN);
  });

  it('writes every attribute of an object and drops those that its type lacks', () => {
    const type: CtyType = ['object', { name: 'string', count: 'number' }];

    expect(decodeValue(encodeValue({ name: 'a', gone: true }, type), type)).toEqual({ name: 'a', count: null });
  });

  it('reads a number that cty wrote as text, and a text that an older schema kept as a number', () => {
    expect(decodeValue(encode('12.5'), 'number')).toBe(12.5);
    expect(decodeJson('7', 'string')).toBe('7');
  });

  it.each([
    ['a text', 'abc', ['list', 'string']],
    ['a list', [1], ['map', 'string']],
    ['a text', 'abc', 'number'],
    ['an empty text', '', 'number'],
    ['a boolean', true, 'number'],
  ] as [string, Value, CtyType][])('refuses %s for another type', (_, value, type) => {
    expect(() => conform(value, type)).toThrow(TypeError);
  });
});
