import { isUnknown, type Unknown } from '../../realm-model';

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
 * references and the functions that realms are commonly written with. Anything else is unknown.
 *
 * @see https://developer.hashicorp.com/terraform/language/syntax/json
 */
export function evaluateTemplate(template: string, scope: Scope): Value {
  return new Parser(template, scope).wholeTemplate();
}

type Token = { readonly kind: 'name' | 'number' | 'punctuation'; readonly text: string } | { readonly kind: 'end' };

class Parser {
  private at = 0;

  constructor(
    private readonly text: string,
    private readonly scope: Scope,
  ) {}

  /** A template that is one expression and nothing else has the expression's type; any other is text. */
  wholeTemplate(): Value {
    try {
      return join(this.template(() => this.at >= this.text.length));
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

  private quoted = false;

  private expression(): Value {
    const value = this.postfix(this.primary());
    const next = this.peek();
    // An operator or a conditional: its value can differ, so that nothing is said about it.
    if (next.kind === 'punctuation' && '?+-*/%<>=!&|'.includes(next.text)) throw new NotEvaluated();
    return value;
  }

  private primary(): Value {
    this.skipSpace();
    if (this.text[this.at] === '"') return this.quotedTemplate();
    const token = this.next();
    if (token.kind === 'number') return Number(token.text);
    if (token.kind === 'punctuation' && token.text === '[') return this.list();
    if (token.kind === 'punctuation' && token.text === '{') return this.object();
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
    return join(parts);
  }

  private referenceFrom(first: string): Value {
    const path = [first];
    for (;;) {
      this.skipSpace();
      if (this.text[this.at] === '.') {
        this.at++;
        const part = this.next();
        if (part.kind !== 'name' && part.kind !== 'number') throw new NotEvaluated();
        path.push(part.text);
      } else if (this.text[this.at] === '[') {
        this.at++;
        const index = this.expression();
        this.expect(']');
        if (typeof index !== 'string' && typeof index !== 'number') throw new NotEvaluated();
        path.push(String(index));
      } else {
        return this.scope(path);
      }
    }
  }

  private postfix(value: Value): Value {
    let current = value;
    for (;;) {
      this.skipSpace();
      if (this.text[this.at] === '[') {
        this.at++;
        const index = this.expression();
        this.expect(']');
        current = member(current, String(index));
      } else if (this.text[this.at] === '.') {
        this.at++;
        const part = this.next();
        if (part.kind === 'end') throw new NotEvaluated();
        current = member(current, part.text);
      } else {
        return current;
      }
    }
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
      if (typeof key !== 'string' && typeof key !== 'number') throw new NotEvaluated();
      entries.push([String(key), this.expression()]);
      this.accept(',');
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

  private call(name: string): Value {
    const values: Value[] = [];
    while (!this.accept(')')) {
      values.push(this.expression());
      if (this.accept(',')) continue;
      this.expect(')');
      break;
    }
    const apply = FUNCTIONS[name];
    if (!apply) throw new NotEvaluated();
    const open = values.map(firstOpen).find((value) => value !== undefined);
    if (open !== undefined) return isUnknown(open) ? open : { unknown: `${name}(…) rests on ${open.reference}` };
    return apply(values);
  }

  private accept(text: string): boolean {
    this.skipSpace();
    if (!this.text.startsWith(text, this.at)) return false;
    this.at += text.length;
    return true;
  }

  private expect(text: string): void {
    if (!this.accept(text)) throw new NotEvaluated();
  }

  private peek(): Token {
    const before = this.at;
    const token = this.next();
    this.at = before;
    return token;
  }

  private next(): Token {
    this.skipSpace();
    if (this.at >= this.text.length) return { kind: 'end' };
    const rest = this.text.slice(this.at);
    const number = /^-?\d+(\.\d+)?/.exec(rest);
    const name = /^[A-Za-z_][A-Za-z0-9_-]*/.exec(rest);
    const text = number?.[0] ?? name?.[0] ?? (rest[0] as string);
    this.at += text.length;
    return { kind: number ? 'number' : name ? 'name' : 'punctuation', text };
  }

  private skipSpace(): void {
    while (/\s/.test(this.text[this.at] ?? '')) this.at++;
  }
}

/** The language is more than this reader evaluates. */
class NotEvaluated extends Error {}

function join(parts: readonly Value[]): Value {
  if (parts.length === 1) return parts[0] as Value;
  const open = parts.find((part) => isUnknown(part) || isReference(part));
  if (open !== undefined) return isUnknown(open) ? open : { unknown: `rests on ${(open as Reference).reference}` };
  return parts.map(String).join('');
}

/** The first unknown or reference anywhere in a value. */
function firstOpen(value: Value): Unknown | Reference | undefined {
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

/** Terraform keeps the keys of objects in order, which the text of a map shows. */
function sorted(value: Value): Value {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value as Record<string, Value>).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, inner]) => [key, sorted(inner)]));
}

const FUNCTIONS: Readonly<Record<string, (values: readonly Value[]) => Value>> = {
  jsonencode: ([value]) => JSON.stringify(sorted(value as Value)),
  jsondecode: ([text]) => {
    try {
      return JSON.parse(String(text));
    } catch {
      throw new NotEvaluated();
    }
  },
  tostring: ([value]) => String(value),
  tonumber: ([value]) => Number(value),
  tolist: ([value]) => value as Value,
  toset: ([value]) => value as Value,
  tomap: ([value]) => value as Value,
  lower: ([text]) => String(text).toLowerCase(),
  upper: ([text]) => String(text).toUpperCase(),
  join: ([separator, items]) => (items as readonly Value[]).map(String).join(String(separator)),
  concat: (lists) => lists.flatMap((list) => list as readonly Value[]),
  merge: (objects) => Object.assign({}, ...objects),
  sensitive: ([value]) => value as Value,
  nonsensitive: ([value]) => value as Value,
};
