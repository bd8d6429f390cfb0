import { matchesJavaPattern } from './java';

/** A repeated part is written out this often at least, so that `.+` has something in it. */
const FILLER = 'a';

/**
 * A text that a Java pattern matches as a whole, undefined if none was found: only plain patterns are understood, of literals,
 * classes, groups, alternatives and repetitions.
 */
export function exampleOf(pattern: string): string | undefined {
  const parser = new Parser(pattern);
  const candidates = [parser.parse(), pattern, FILLER, '1', ''];
  return candidates.find((text) => text !== undefined && matchesJavaPattern(pattern, text) === 'matches');
}

/** A text that the pattern doesn't match, undefined if none was found. */
export function counterexampleOf(pattern: string): string | undefined {
  return ['none', '', '0', '~ none of these ~'].find((text) => matchesJavaPattern(pattern, text) === 'differs');
}

/** Reads a pattern from left to right and writes the first text that comes to mind for each part. */
class Parser {
  private at = 0;

  constructor(private readonly pattern: string) {}

  parse(): string | undefined {
    const text = this.alternatives();
    return this.at === this.pattern.length ? text : undefined;
  }

  /** The first alternative; the others are read over. */
  private alternatives(): string | undefined {
    const first = this.sequence();
    while (this.pattern[this.at] === '|') {
      this.at++;
      this.sequence();
    }
    return first;
  }

  private sequence(): string | undefined {
    let text: string | undefined = '';
    while (this.at < this.pattern.length && !'|)'.includes(this.pattern[this.at] as string)) {
      const atom = this.atom();
      const times = this.repetition();
      text = text === undefined || atom === undefined ? undefined : text + atom.repeat(times);
    }
    return text;
  }

  private atom(): string | undefined {
    const character = this.pattern[this.at++] as string;
    if (character === '^' || character === '$') return '';
    if (character === '.') return FILLER;
    if (character === '(') {
      const rest = this.pattern.slice(this.at);
      const opening = /^\?(:|<[A-Za-z]\w*>)/.exec(rest)?.[0] ?? '';
      // Looking ahead or behind is left to the check of the result.
      const looks = /^\?(=|!|<=|<!)/.exec(rest)?.[0] ?? '';
      this.at += opening.length + looks.length;
      const inner = this.alternatives();
      this.at++;
      return looks === '' ? inner : '';
    }
    if (character === '[') return this.characterClass();
    return character === '\\' ? this.escaped() : character;
  }

  private escaped(): string | undefined {
    const character = this.pattern[this.at++];
    if (character === undefined) return undefined;
    const examples: Readonly<Record<string, string>> = { d: '1', w: FILLER, s: ' ', D: FILLER, W: '-', S: FILLER };
    if (character === 'b' || character === 'B') return '';
    return examples[character] ?? character;
  }

  private characterClass(): string | undefined {
    const end = this.pattern.indexOf(']', this.at + 1);
    if (end < 0) return undefined;
    const source = this.pattern.slice(this.at - 1, end + 1);
    this.at = end + 1;
    try {
      const characters = new RegExp(`^${source}$`);
      for (let code = 97; code < 97 + 96; code++) {
        const candidate = String.fromCharCode(code < 128 ? code : code - 96);
        if (characters.test(candidate)) return candidate;
      }
    } catch {
      return undefined;
    }
    return undefined;
  }

  /** How often the part before is to be there. */
  private repetition(): number {
    const quantifier = /^(?:[*+?]|\{(\d+)(?:,\d*)?\})\??/.exec(this.pattern.slice(this.at));
    if (!quantifier) return 1;
    this.at += quantifier[0].length;
    return quantifier[1] === undefined ? 1 : Number(quantifier[1]);
  }
}
