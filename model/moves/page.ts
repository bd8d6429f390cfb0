import { MOVES, type Move } from './table';

/** The table of moves as a page. */
export function movesPage(): string {
  const row = ({ name, does, status, note, provedBy }: Move) => {
    const tests = provedBy.map((file) => `[${file.replace(/\.test\.ts$/, '')}](../test/live/${file})`).join(', ');
    return `| ${name} | ${does} | ${status}${note ? `. ${note}` : ''} | ${tests} |`;
  };
  return `${[
    '# Moves',
    '',
    'What somebody can do on the way to a token, and what `step-up explain` and `step-up check` make of it. Each is simulated and proved by logins,',
    'or logins have shown that it adds nothing, or it is not followed: then every answer that it could change says "can\'t tell".',
    '',
    'This page is written from the code: `npx tsx model/moves/write-page.ts`.',
    '',
    '| move | what is done | status | proved by |',
    '|---|---|---|---|',
    ...MOVES.map(row),
  ].join('\n')}\n`;
}
