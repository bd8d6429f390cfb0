import { sameDuration } from '../../../sandbox/provider/engine/codecs';
import { planResource } from '../../../sandbox/provider/engine/plan';
import { at, block, held, type ResourceTable } from '../../../sandbox/provider/engine/table';
import type { ResourceSchema } from '../../../sandbox/provider/protocol/schema';
import { type Obj, UNKNOWN } from '../../../sandbox/provider/protocol/values';

const schema: ResourceSchema = {
  version: 0,
  block: {
    attributes: {
      id: { type: 'string', optional: true, computed: true },
      realm_id: { type: 'string', required: true },
      alias: { type: 'string', optional: true },
      note: { type: 'string', optional: true },
      enabled: { type: 'bool', optional: true },
      lifespan: { type: 'string', optional: true, computed: true },
      uris: { type: ['set', 'string'], optional: true },
      secret: { type: 'string', optional: true, write_only: true },
    },
    block_types: {
      policy: {
        nesting_mode: 'list',
        max_items: 1,
        block: {
          attributes: {
            digits: { type: 'number', optional: true },
            names: { type: ['set', 'string'], optional: true, computed: true },
          },
        },
      },
      password: {
        nesting_mode: 'list',
        max_items: 1,
        block: { attributes: { value: { type: 'string', required: true } } },
      },
    },
  },
};

const table = {
  fields: {
    realm_id: held({ forceNew: true }),
    alias: at('alias'),
    note: at('note', { keepUnset: true }),
    enabled: at('enabled', { default: true }),
    lifespan: at('lifespan', { same: sameDuration }),
    uris: at('uris'),
    secret: held(),
    policy: block({ digits: at('digits', { default: 6 }), names: at('names') }, { computed: true }),
    password: block({ value: held() }, { createOnly: true }),
  },
  update: async () => undefined,
} as unknown as ResourceTable;

const silent: Obj = {
  id: null,
  realm_id: 'bank',
  alias: null,
  note: null,
  enabled: null,
  lifespan: null,
  uris: null,
  secret: null,
  policy: [],
  password: [],
};

const existing: Obj = {
  ...silent,
  id: '1',
  alias: 'a',
  note: 'kept',
  enabled: true,
  lifespan: '5m0s',
  uris: ['b', 'a'],
  policy: [{ digits: 6, names: ['x'] }],
  password: [{ value: 'first' }],
};

const plan = (config: Obj, prior: Obj | null = existing) =>
  planResource(schema, table, { ...silent, ...config }, prior);

describe('A plan', () => {
  it('of a new object has its defaults, and unknown for what Keycloak fills', () => {
    expect(plan({}, null).planned).toEqual({
      ...silent,
      id: UNKNOWN,
      enabled: true,
      lifespan: UNKNOWN,
      policy: UNKNOWN,
    });
  });

  it('keeps what the server has where the configuration is silent on a computed or kept value', () => {
    expect(plan({}).planned).toMatchObject({
      id: '1',
      lifespan: '5m0s',
      note: 'kept',
      policy: [{ digits: 6, names: ['x'] }],
    });
  });

  it('clears an optional value that the configuration no longer has', () => {
    expect(plan({}).planned).toMatchObject({ alias: null, uris: null });
  });

  it('is the state itself where the configuration says the same in another way', () => {
    const config = {
      alias: 'a',
      note: 'kept',
      lifespan: '300s',
      uris: ['a', 'b'],
      policy: [{ digits: null, names: null }],
    };

    expect(plan(config)).toEqual({ planned: existing, requiresReplace: [] });
  });

  it('takes an empty value for an unset one', () => {
    const empty: Obj = { ...existing, alias: '', uris: [] };

    expect(plan({ alias: null, uris: null }, empty).planned).toMatchObject({ alias: '', uris: [] });
    expect(plan({ lifespan: '' }).planned).toMatchObject({ lifespan: '5m0s' });
  });

  it('asks for a replacement where a fixed value changes or may change', () => {
    const path = [{ steps: [{ attribute_name: 'realm_id' }] }];

    expect(plan({ realm_id: 'other' }).requiresReplace).toEqual(path);
    expect(plan({ realm_id: UNKNOWN }).requiresReplace).toEqual(path);
    expect(plan({ alias: 'b' }).requiresReplace).toEqual([]);
  });

  it('never holds a write-only value', () => {
    expect(plan({ secret: 'hidden' }, null).planned.secret).toBeNull();
    expect(plan({ secret: 'hidden' }).planned.secret).toBeNull();
  });

  it('ignores later changes of what counts at creation alone', () => {
    expect(plan({ password: [{ value: 'second' }] }, null).planned.password).toEqual([{ value: 'second' }]);
    expect(plan({ password: [{ value: 'second' }] }).planned.password).toEqual([{ value: 'first' }]);
    expect(plan({ password: [] }).planned.password).toEqual([{ value: 'first' }]);
  });

  it('completes a nested block element by element', () => {
    expect(plan({ policy: [{ digits: 8, names: null }] }).planned.policy).toEqual([{ digits: 8, names: ['x'] }]);
    expect(plan({ policy: [{ digits: null, names: null }] }, null).planned.policy).toEqual([
      { digits: 6, names: UNKNOWN },
    ]);
  });
});
