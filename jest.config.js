/** Packages that ship ES modules only: jest runs CommonJS, so they are transformed with our own code. */
const ES_MODULES = [
  '@keycloak/keycloak-admin-client',
  'openid-client',
  'oauth4webapi',
  'jose',
  'otpauth',
  '@noble/hashes',
  'fetch-cookie',
  'tough-cookie',
  'get-port',
  'env-paths',
  'is-safe-filename',
  'url-template',
  'camelize-ts',
  '@microsoft/kiota-[^/]+',
  'execa',
];

const shared = {
  testEnvironment: 'node',
  setupFiles: ['<rootDir>/test/support/no-level-history.js'],
  transform: {
    '^.+\\.[cm]?[jt]s$': [
      '@swc/jest',
      { jsc: { target: 'es2022', parser: { syntax: 'typescript' } }, module: { type: 'commonjs' } },
    ],
  },
  transformIgnorePatterns: [`/node_modules/(?!(${ES_MODULES.join('|')})/)`, '/lib/bindings/lib/'],
  // Node's rules want the extension of the compiled file where CommonJS imports lazily.
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  modulePathIgnorePatterns: ['<rootDir>/dist/', '<rootDir>/cdktf.out/'],
};

/** @type {import('jest').Config} */
module.exports = {
  projects: [
    {
      ...shared,
      displayName: 'unit',
      testMatch: ['<rootDir>/test/**/*.test.ts'],
      testPathIgnorePatterns: ['/node_modules/', '<rootDir>/test/live/'],
    },
    {
      ...shared,
      displayName: 'live',
      testMatch: ['<rootDir>/test/live/**/*.test.ts'],
      globalSetup: '<rootDir>/test/live/support/setup.ts',
      globalTeardown: '<rootDir>/test/live/support/teardown.ts',
    },
  ],
  maxWorkers: 2,
  testTimeout: 120_000,
  reporters: ['default', '<rootDir>/test/support/skipped-reporter.js'],
};
