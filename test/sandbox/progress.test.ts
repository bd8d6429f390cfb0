import { PassThrough } from 'node:stream';
import { createProgress, during } from '../../sandbox/progress';

function watch(terminal: boolean) {
  const stream = Object.assign(new PassThrough(), { isTTY: terminal, columns: 80 });
  return {
    progress: createProgress(stream as unknown as NodeJS.WriteStream),
    shown: () => String(stream.read() ?? ''),
  };
}

describe('progress', () => {
  test('has a line for the start and the end of a step where there is no terminal', async () => {
    const { progress, shown } = watch(false);
    await during(
      progress,
      'Digging',
      async (step) => step.update('deeper'),
      () => 'a hole',
    );
    expect(shown()).toMatch(/^… Digging\n✔ Digging: a hole \(\d\.\d s\)\n$/);
  });

  test('gives a sign of life in long steps', () => {
    jest.useFakeTimers();
    const { progress, shown } = watch(false);
    const step = progress.step('Digging');
    step.update('deeper');
    jest.advanceTimersByTime(10_000);
    step.done();
    jest.useRealTimers();
    expect(shown()).toContain('\n… Digging: deeper (');
  });

  test('says that a step failed and passes the error on', async () => {
    const { progress, shown } = watch(false);
    const work = during(progress, 'Digging', () => Promise.reject(new Error('rock')));
    await expect(work).rejects.toThrow('rock');
    expect(shown()).toContain('✖ Digging');
  });

  test('rewrites one line for all steps under way on a terminal', () => {
    const { progress, shown } = watch(true);
    const [digging, filling] = [progress.step('Digging'), progress.step('Filling')];
    expect(shown()).toContain('Digging');
    digging.done();
    const text = shown();
    expect(text).toContain('Digging');
    expect(text.split('\n').at(-1)).toContain('Filling');
    filling.done();
    expect(shown().endsWith('\n')).toBe(true);
  });
});
