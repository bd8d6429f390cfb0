import { evaluateTemplate, member, type Value } from '../../../model/readers/terraform/expression';

const VALUES: Record<string, Value> = {
  'var.names': ['silver', 'gold'],
  'var.map': { b: 2, a: 1 },
  'var.env': 'dev',
  'var.on': true,
  'var.objects': [{ id: 'x' }, { id: 'y' }],
};
const evaluate = (text: string) =>
  evaluateTemplate(`\${${text}}`, ([first, second, ...rest]) => {
    const value = VALUES[`${first}.${second}`];
    return value === undefined ? { unknown: `${first}.${second} is not known` } : rest.reduce(member, value);
  });

test.each<[string, unknown]>([
  ['1 + 2 * 3', 7],
  ['(1 + 2) * 3', 9],
  ['10 - 2 - 3', 5],
  ['7 % 4', 3],
  ['-1', -1],
  ['1 < 2 && !(2 <= 1)', true],
  ['var.env == "dev"', true],
  ['var.env != "dev" || false', false],
  ['var.on ? "yes" : "no"', 'yes'],
  ['var.env == "prod" ? var.gone[0].x : "else"', 'else'],
  ['false && var.gone', false],
  ['[for n in var.names : upper(n)]', ['SILVER', 'GOLD']],
  ['[for i, n in var.names : "${i}-${n}" if n != "gold"]', ['0-silver']],
  ['{ for i, n in var.names : n => i + 1 }', { silver: 1, gold: 2 }],
  ['[for k, v in var.map : k]', ['a', 'b']],
  [
    '{ for k, v in var.map : upper(k) => [for n in var.names : "${n}${v}"] }',
    { A: ['silver1', 'gold1'], B: ['silver2', 'gold2'] },
  ],
  ['[for n in [] : n.x]', []],
  ['var.objects[*].id', ['x', 'y']],
  ['var.objects[1].id', 'y'],
  ['{ # a comment\n a = 1 // another\n b /* and one */ = 2 }', { a: 1, b: 2 }],
  ['format("%s-%d", var.env, 2)', 'dev-2'],
  ['formatdate("YYYY-MM-DD hh:mm:ss", "2026-11-25T16:02:17Z")', '2026-11-25 16:02:17'],
  ['formatdate("YYYYMMDDhhmmss", plantimestamp())', '19700101000000'],
  ['replace("a.b.c", ".", "-")', 'a-b-c'],
  ['try(var.objects[5].id, "fallback")', 'fallback'],
  ['can(var.objects[5].id)', false],
  ['lookup(var.map, "c", 3)', 3],
  ['keys(var.map)', ['a', 'b']],
  ['values(var.map)', [1, 2]],
  ['length(var.names)', 2],
  ['contains(var.names, "gold")', true],
  ['flatten([["a"], ["b", ["c"]]])', ['a', 'b', 'c']],
  ['merge(var.map, { c = 3 })', { a: 1, b: 2, c: 3 }],
  ['zipmap(var.names, [1, 2])', { silver: 1, gold: 2 }],
  ['range(3)', [0, 1, 2]],
  ['coalesce("", "b")', 'b'],
  ['concat([1], [2])', [1, 2]],
  ['max([1, 3]...)', 3],
  ['jsonencode({ for i, n in var.names : n => i + 1 })', '{"gold":2,"silver":1}'],
])('%s', (text, expected) => {
  expect(evaluate(text)).toEqual(expected);
});

test.each([
  'var.gone',
  'var.gone ? 1 : 2',
  'var.gone + 1',
  '[for n in var.gone : n]',
  'replace("abc", "/a(b)/", "$1")',
  'format("%05d", 1)',
  'formatdate("DD MMM YYYY", plantimestamp())',
  'formatdate("YYYY", "2026-11-25T16:02:17+01:00")',
  'filemd5("x")',
  'var.objects[var.gone].id',
  'true && var.gone',
  'lookup(var.map, "c")',
  'var.names.gone',
  '1 +',
  'a b',
])('%s is unknown', (text) => {
  expect(evaluate(text)).toEqual({ unknown: expect.any(String) });
});
