/** Lists every skipped test by name, so that a skip is never taken for a pass. */
module.exports = class SkippedReporter {
  /**
   * @param {unknown} _contexts
   * @param {import('@jest/reporters').AggregatedResult} result
   */
  onRunComplete(_contexts, result) {
    const skipped = result.testResults.flatMap((file) =>
      file.testResults
        .filter(({ status }) => status === 'pending' || status === 'todo')
        .map(({ fullName }) => fullName),
    );
    if (skipped.length > 0) {
      console.log(`\nSkipped, because this machine lacks a part:\n${skipped.map((name) => `  - ${name}`).join('\n')}`);
    }
    console.log(`\n${result.numPassedTests} passed, ${result.numFailedTests} failed, ${skipped.length} skipped`);
  }
};
