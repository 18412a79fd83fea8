/** Mutation testing of what decides: `npm run mutation`; docs/mutation.md says how to read it. */
export default {
  testRunner: 'mocha',
  plugins: ['@stryker-mutator/mocha-runner'],
  mutate: ['src/decide/**/*.ts'],
  mochaOptions: { spec: ['test/decide/**/*.test.ts'] },
  // The sandbox holds what these tests need and nothing else, so that half a change elsewhere does not disturb a run.
  ignorePatterns: [
    '**',
    '!src/decide/**',
    '!src/lib/**',
    '!test/decide/**',
    '!.mocharc.json',
    '!package.json',
  ],
  coverageAnalysis: 'perTest',
  concurrency: 2,
  timeoutMS: 10_000,
  incremental: true,
  incrementalFile: 'coverage/mutation/incremental.json',
  tempDirName: 'coverage/mutation/tmp',
  reporters: ['progress-append-only', 'clear-text', 'html', 'json'],
  clearTextReporter: { allowColor: false, reportTests: false },
  htmlReporter: { fileName: 'coverage/mutation/report.html' },
  jsonReporter: { fileName: 'coverage/mutation/report.json' },
  // Below 85 % the script fails.
  thresholds: { high: 95, low: 85, break: 85 },
};
