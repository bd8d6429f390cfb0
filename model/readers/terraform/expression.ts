import { isUnknown, type Unknown } from '../../realm-model';
import { FUNCTIONS } from './functions';

/** A value of a Terraform configuration as far as it can be known without running Terraform. */
export type Value =
  | string
  | number
  | boolean
  | null
  | readonly Value[]
  | { readonly [key: string]: Value }
  | Unknown
  | Reference;

/** An attribute that only the provider knows, of a resource that is known. */
export interface Reference {
  /** Address of the resource. */
  readonly reference: string;
  readonly attribute: string;
}

export function isReference(value: unknown): value is Reference {
  return typeof value === 'object' && value !== null && typeof (value as Reference).reference === 'string';
}

/** Finds out what a name stands for: `['var', 'levels']`, `['keycloak_realm', 'acme', 'id']`. */
export type Scope = (path: readonly string[]) => Value;

/**
 * Evaluates a string of Terraform's JSON syntax, in which `${…}` is an expression of its language: literals, lists, objects,
 * references, operators, `for`, and the functions that realms are commonly written with. Anything else is unknown.
 *
 * @see https://developer.hashicorp.com/terraform/language/syntax/json
 */
export function evaluateTemplate(template: string, scope: Scope): Value {
  return new Parser(template, scope).wholeTemplate();
}

type Token = { readonly kind: 'name' | 'number' | 'punctuation'; readonly text: string } | { readonly kind: 'end' };

/** Operators by how strongly they bind. */
const OPERATORS: readonly (readonly string[])[] = [
  ['||'],
  ['&&'],
  ['==', '!='],
  ['<=', '>=', '<', '>'],
  ['+', '-'],
  ['*', '/', '%'],
];

class Parser {
  private at = 0;
  /** Names that `for` gives. */
  private names: Readonly<Record<string, Value>> = {};
  /** Whether what is parsed is passed over: its values count for nothing and need not exist. */
  private passing = false;
  private quoted = false;

  constructor(
    private readonly text: string,
    private readonly scope: Scope,
  ) {}

  /** A template that is one expression and nothing else has the expression's type; any other is text. */
  wholeTemplate(): Value {
    try {
      return joined(this.template(() => this.at >= this.text.length));
    } catch (error) {
      if (error instanceof NotEvaluated) return { unknown: `${this.text} can't be read without Terraform` };
      throw error;
    }
  }

  private template(atEnd: () => boolean): Value[] {
    const parts: Value[] = [];
    let literal = '';
    while (!atEnd()) {
      if (this.at >= this.text.length) throw new NotEvaluated();
      if (this.text.startsWith('$${', this.at) || this.text.startsWith('%%{', this.at)) {
        literal += this.text.slice(this.at + 1, this.at + 3);
        this.at += 3;
      } else if (this.text.startsWith('%{', this.at)) {
        throw new NotEvaluated();
      } else if (this.text.startsWith('${', this.at)) {
        this.at += 2;
        if (literal !== '') parts.push(literal);
        literal = '';
        parts.push(this.expression());
        this.expect('}');
      } else {
        literal += this.character();
      }
    }
    if (literal !== '' || parts.length === 0) parts.push(literal);
    return parts;
  }

  /** One character of a template; in a quoted one, after its escapes. */
  private character(): string {
    const character = this.text[this.at++] as string;
    if (character !== '\\' || !this.quoted) return character;
    const escaped = this.text[this.at++] as string;
    return ({ n: '\n', t: '\t', r: '\r' } as Record<string, string>)[escaped] ?? escaped;
  }

  private expression(): Value {
    const condition = this.binary(0);
    if (!this.accept('?')) return condition;
    const known = typeof condition === 'boolean' || condition === 'true' || condition === 'false';
    const met = String(condition) === 'true';
    const yes = this.branch(known && met);
    this.expect(':');
    const no = this.branch(known && !met);
    if (known) return met ? yes : no;
    return this.open(condition, 'a condition');
  }

  private branch(taken: boolean): Value {
    return taken ? this.expression() : this.pass(() => this.expression());
  }

  private binary(strength: number): Value {
    if (strength >= OPERATORS.length) return this.unary();
    let left = this.binary(strength + 1);
    for (;;) {
      const operator = this.operator(OPERATORS[strength] as readonly string[]);
      if (operator === undefined) return left;
      left = this.apply(operator, left, this.binary(strength + 1));
    }
  }

  private operator(candidates: readonly string[]): string | undefined {
    this.skipSpace();
    // `=>` and `=` end an expression; `//` and `/*` are comments, which are skipped.
    return candidates.find((candidate) => this.accept(candidate));
  }

  private apply(operator: string, left: Value, right: Value): Value {
    if (this.passing) return null;
    const decided = operator === '&&' ? false : operator === '||' ? true : undefined;
    if (decided !== undefined && [left, right].some((side) => String(side) === String(decided))) return decided;
    const open = firstOpen(left) ?? firstOpen(right);
    if (open !== undefined) return this.open(open, operator);
    const [a, b] = [Number(left), Number(right)];
    const results: Readonly<Record<string, () => Value>> = {
      '||': () => false,
      '&&': () => true,
      '==': () => JSON.stringify(left) === JSON.stringify(right),
      '!=': () => JSON.stringify(left) !== JSON.stringify(right),
      '<': () => a < b,
      '>': () => a > b,
      '<=': () => a <= b,
      '>=': () => a >= b,
      '+': () => a + b,
      '-': () => a - b,
      '*': () => a * b,
      '/': () => a / b,
      '%': () => a % b,
    };
    return (results[operator] as () => Value)();
  }

  private unary(): Value {
    this.skipSpace();
    if (this.text[this.at] === '!') {
      this.at++;
      const value = this.unary();
      return firstOpen(value) !== undefined ? this.open(value, '!') : String(value) !== 'true';
    }
    if (this.text[this.at] === '-') {
      this.at++;
      const value = this.unary();
      return firstOpen(value) !== undefined ? this.open(value, '-') : -Number(value);
    }
    return this.postfix(this.primary());
  }

  private primary(): Value {
    this.skipSpace();
    if (this.text[this.at] === '"') return this.quotedTemplate();
    const token = this.next();
    if (token.kind === 'number') return Number(token.text);
    if (token.kind === 'punctuation' && token.text === '[') return this.repeated(']') ?? this.list();
    if (token.kind === 'punctuation' && token.text === '{') return this.repeated('}') ?? this.object();
    if (token.kind === 'punctuation' && token.text === '(') {
      const inner = this.expression();
      this.expect(')');
      return inner;
    }
    if (token.kind !== 'name') throw new NotEvaluated();
    if (token.text === 'true') return true;
    if (token.text === 'false') return false;
    if (token.text === 'null') return null;
    if (this.accept('(')) return this.call(token.text);
    return this.referenceFrom(token.text);
  }

  private quotedTemplate(): Value {
    this.at++;
    const outer = this.quoted;
    this.quoted = true;
    const parts = this.template(() => this.text[this.at] === '"');
    this.quoted = outer;
    this.at++;
    return joined(parts);
  }

  private referenceFrom(first: string): Value {
    const path = [first];
    for (;;) {
      this.skipSpace();
      if (this.text[this.at] === '.' && this.text[this.at + 1] !== '*') {
        this.at++;
        const part = this.next();
        if (part.kind !== 'name' && part.kind !== 'number') throw new NotEvaluated();
        // `a.0.b` is tokenized as the number 0 alone, since a digit must follow a point.
        path.push(part.text);
      } else if (this.text[this.at] === '[' && !/^\[\s*\*/.test(this.text.slice(this.at))) {
        this.at++;
        const index = this.expression();
        this.expect(']');
        if (this.passing) continue;
        if (isUnknown(index)) return this.afterUnknown(index);
        if (typeof index !== 'string' && typeof index !== 'number') throw new NotEvaluated();
        path.push(String(index));
      } else {
        if (this.passing) return null;
        return Object.hasOwn(this.names, first)
          ? path.slice(1).reduce(member, this.names[first] as Value)
          : this.scope(path);
      }
    }
  }

  /** Goes past the rest of a reference whose key is unknown. */
  private afterUnknown(unknown: Unknown): Value {
    this.pass(() => this.postfix(null));
    return unknown;
  }

  private postfix(value: Value): Value {
    let current = value;
    for (;;) {
      this.skipSpace();
      if (/^(\[\s*\*\s*\]|\.\*)/.test(this.text.slice(this.at))) {
        this.at += (/^(\[\s*\*\s*\]|\.\*)/.exec(this.text.slice(this.at)) as RegExpExecArray)[0].length;
        return this.splat(current);
      }
      if (this.text[this.at] === '[') {
        this.at++;
        const index = this.expression();
        this.expect(']');
        if (!this.passing) current = isUnknown(index) ? index : member(current, String(index));
      } else if (this.text[this.at] === '.' && !this.text.startsWith('...', this.at)) {
        this.at++;
        const part = this.next();
        if (part.kind === 'end') throw new NotEvaluated();
        if (!this.passing) current = member(current, part.text);
      } else {
        return current;
      }
    }
  }

  /** `list[*].a.b`: what follows, of each item. */
  private splat(value: Value): Value {
    const start = this.at;
    if (this.passing || firstOpen(value) !== undefined) {
      this.pass(() => this.postfix(null));
      return this.open(value, 'a splat');
    }
    const items = Array.isArray(value) ? value : value === null ? [] : [value];
    if (items.length === 0) this.pass(() => this.postfix(null));
    return items.map((item) => {
      this.at = start;
      return this.postfix(item as Value);
    });
  }

  private list(): Value {
    const items: Value[] = [];
    while (!this.accept(']')) {
      items.push(this.expression());
      if (this.accept(',')) continue;
      this.expect(']');
      break;
    }
    return items;
  }

  private object(): Value {
    const entries: [string, Value][] = [];
    while (!this.accept('}')) {
      this.skipSpace();
      const key = this.text[this.at] === '"' ? this.quotedTemplate() : this.objectKey();
      if (!this.accept('=')) this.expect(':');
      const value = this.expression();
      this.accept(',');
      if (this.passing) continue;
      if (typeof key !== 'string' && typeof key !== 'number') throw new NotEvaluated();
      entries.push([String(key), value]);
    }
    return Object.fromEntries(entries);
  }

  private objectKey(): Value {
    if (this.accept('(')) {
      const key = this.expression();
      this.expect(')');
      return key;
    }
    const token = this.next();
    if (token.kind !== 'name' && token.kind !== 'number') throw new NotEvaluated();
    return token.text;
  }

  /** `[for v in list : …]` or `{for k, v in map : … => …}`, if it is one. */
  private repeated(end: ']' | '}'): Value | undefined {
    this.skipSpace();
    if (!/^for\s/.test(this.text.slice(this.at))) return undefined;
    this.at += 3;
    const names = [this.name()];
    if (this.accept(',')) names.push(this.name());
    if (this.name() !== 'in') throw new NotEvaluated();
    const collection = this.expression();
    this.expect(':');
    const start = this.at;
    const items = this.passing ? undefined : entriesOf(collection);
    const results: [Value, Value][] = [];
    const outer = this.names;
    const turn = () => {
      const first = this.expression();
      if (end === '}') this.expect('=>');
      const second = end === '}' ? this.expression() : null;
      const grouped = end === '}' && this.accept('...');
      const kept = this.acceptName('if') ? this.expression() : true;
      this.expect(end);
      if (this.passing) return;
      if (grouped || firstOpen(kept) !== undefined) throw new NotEvaluated();
      if (String(kept) === 'true') results.push([first, second]);
    };
    if (!items || items.length === 0) this.pass(turn);
    for (const [key, value] of items ?? []) {
      this.at = start;
      this.names = {
        ...outer,
        ...(names.length === 2
          ? { [names[0] as string]: key, [names[1] as string]: value }
          : { [names[0] as string]: value }),
      };
      turn();
    }
    this.names = outer;
    if (!items) return this.open(collection, 'for');
    if (end === ']') return results.map(([first]) => first);
    if (results.some(([key]) => typeof key !== 'string' && typeof key !== 'number')) throw new NotEvaluated();
    return Object.fromEntries(results);
  }

  private call(name: string): Value {
    if (name === 'try' || name === 'can') return this.attempt(name);
    const values: Value[] = [];
    while (!this.accept(')')) {
      const value = this.expression();
      if (this.accept('...')) values.push(...(Array.isArray(value) ? value : [value]));
      else values.push(value);
      if (this.accept(',')) continue;
      this.expect(')');
      break;
    }
    if (this.passing) return null;
    const apply = Object.hasOwn(FUNCTIONS, name) ? FUNCTIONS[name] : undefined;
    if (!apply) return { unknown: `${name}(…) can't be read without Terraform` };
    const open = values.map(firstOpen).find((value) => value !== undefined);
    if (open !== undefined) return this.open(open, `${name}(…)`);
    const result = apply(values);
    if (result === undefined) throw new NotEvaluated();
    return result;
  }

  /** The first argument that can be evaluated; `can` says whether there is one. */
  private attempt(name: 'try' | 'can'): Value {
    const starts: number[] = [];
    this.pass(() => {
      while (!this.accept(')')) {
        starts.push(this.at);
        this.expression();
        if (this.accept(',')) continue;
        this.expect(')');
        break;
      }
    });
    if (this.passing) return null;
    const end = this.at;
    for (const start of starts) {
      this.at = start;
      try {
        const value = this.expression();
        this.at = end;
        return name === 'can' && firstOpen(value) === undefined ? true : value;
      } catch (error) {
        if (!(error instanceof NotEvaluated)) throw error;
      }
    }
    this.at = end;
    if (name === 'can') return false;
    throw new NotEvaluated();
  }

  private pass(parse: () => unknown): null {
    const outer = this.passing;
    this.passing = true;
    parse();
    this.passing = outer;
    return null;
  }

  private open(value: Value, what: string): Value {
    if (this.passing) return null;
    const open = firstOpen(value);
    if (isUnknown(open)) return open;
    if (open !== undefined) return { unknown: `${what} rests on ${open.reference}` };
    throw new NotEvaluated();
  }

  private name(): string {
    const token = this.next();
    if (token.kind !== 'name') throw new NotEvaluated();
    return token.text;
  }

  private acceptName(name: string): boolean {
    const before = this.at;
    const token = this.next();
    if (token.kind === 'name' && token.text === name) return true;
    this.at = before;
    return false;
  }

  private accept(text: string): boolean {
    this.skipSpace();
    if (!this.text.startsWith(text, this.at)) return false;
    const after = this.text[this.at + text.length];
    // An `=` is no arrow, no `<` of `<=`, no `!` of `!=`, no `&` alone.
    if (text === '=' && (after === '=' || after === '>')) return false;
    this.at += text.length;
    return true;
  }

  private expect(text: string): void {
    if (!this.accept(text)) throw new NotEvaluated();
  }

  private next(): Token {
    this.skipSpace();
    if (this.at >= this.text.length) return { kind: 'end' };
    const rest = this.text.slice(this.at);
    const number = /^\d+(\.\d+)?/.exec(rest);
    const name = /^[\p{L}_][\p{L}\p{N}_-]*/u.exec(rest);
    const text = number?.[0] ?? name?.[0] ?? (rest[0] as string);
    this.at += text.length;
    return { kind: number ? 'number' : name ? 'name' : 'punctuation', text };
  }

  private skipSpace(): void {
    const space = /(?:\s|#[^\n]*|\/\/[^\n]*|\/\*[\s\S]*?\*\/)*/y;
    space.lastIndex = this.at;
    space.exec(this.text);
    this.at = space.lastIndex;
  }
}

/** The language is more than this reader evaluates. */
export class NotEvaluated extends Error {}

function joined(parts: readonly Value[]): Value {
  if (parts.length === 1) return parts[0] as Value;
  const open = parts.map(firstOpen).find((part) => part !== undefined);
  if (open !== undefined) return isUnknown(open) ? open : { unknown: `rests on ${open.reference}` };
  if (parts.some((part) => typeof part === 'object')) throw new NotEvaluated();
  return parts.map(String).join('');
}

/** The first unknown or reference anywhere in a value. */
export function firstOpen(value: Value): Unknown | Reference | undefined {
  if (isUnknown(value) || isReference(value)) return value;
  if (typeof value !== 'object' || value === null) return undefined;
  for (const inner of Object.values(value)) {
    const open = firstOpen(inner as Value);
    if (open !== undefined) return open;
  }
  return undefined;
}

/** An attribute of an object or an item of a list. */
export function member(value: Value, key: string): Value {
  if (isUnknown(value) || isReference(value)) return value;
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) throw new NotEvaluated();
  return (value as Record<string, Value>)[key] as Value;
}

/** What `for` and `for_each` go through, in Terraform's order; undefined if it isn't known. */
export function entriesOf(collection: Value): [Value, Value][] | undefined {
  if (isUnknown(collection) || isReference(collection)) return undefined;
  if (Array.isArray(collection)) return collection.map((item, index): [Value, Value] => [index, item]);
  if (typeof collection !== 'object' || collection === null) return undefined;
  const entries = Object.entries(collection as Record<string, Value>);
  return entries.sort(([a], [b]) => (a < b ? -1 : 1));
}
