const SYNTHESIS = 'Command output on stderr:';

/** The place in the generated JSON, which nobody wrote, cdktf's own status lines, or a second error. */
const END = /^(with|on) \S+.*,$|^\d+ Stacks? |Synthesizing$|^Error:/;

/** More lines than a summary and its detail have; a stack trace has more. */
const LINES = 4;

/**
 * What went wrong in a `cdktf deploy`, in one line: the app's own words if it could not be synthesized, else Terraform's first
 * error with its summary and detail.
 *
 * @param output all that cdktf printed, without terminal control sequences
 * @returns undefined if no error is found in it
 */
export function deployFailure(output: string): string | undefined {
  const lines = output
    .split('\n')
    .map((line) =>
      line
        .replace(/^\w+ {2,}/, '')
        .replace(/^[\s│╷╵]+/, '')
        .trim(),
    )
    .filter((line) => line && !/\bnpm warn\b/.test(line));
  const synthesis = lines.indexOf(SYNTHESIS);
  const start = synthesis >= 0 ? synthesis + 1 : lines.findIndex((line) => line.startsWith('Error:'));
  if (start < 0) return undefined;
  const error = lines.slice(start, start + LINES);
  const end = error.findIndex((line, at) => at > 0 && END.test(line));
  return error
    .slice(0, end < 0 ? LINES : end)
    .join(' ')
    .slice(0, 500);
}
