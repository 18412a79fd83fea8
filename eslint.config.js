import { defineConfig, globalIgnores } from 'eslint/config';
import tseslint from 'typescript-eslint';

/** decide/ is pure: the same inputs give the same Decision, on any machine and at any time. */
const impure = [
  { object: 'Date', property: 'now', message: 'decide/ is pure: time is a parameter.' },
  { object: 'Math', property: 'random', message: 'decide/ is pure: no chance in a decision.' },
];

export default defineConfig(
  globalIgnores(['coverage', 'dist', 'test/fixtures', 'src/api/generated']),
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        { allowNumber: true, allowBoolean: true },
      ],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/no-unnecessary-condition': [
        'error',
        { allowConstantLoopConditions: 'only-allowed-literals' },
      ],
      '@typescript-eslint/consistent-type-definitions': 'off',
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
    },
  },
  {
    files: ['src/**/*.ts'],
    ignores: ['src/main.ts'],
    rules: {
      'no-restricted-properties': [
        'error',
        { object: 'process', property: 'exit', message: 'Only main.ts ends the process: return or throw.' },
        { object: 'process', property: 'argv', message: 'Only main.ts reads argv.' },
      ],
      'no-console': 'error',
    },
  },
  {
    files: [
      'src/decide/**/*.ts',
      'src/lib/duration.ts',
      'src/lib/quantity.ts',
      'src/lib/remember.ts',
      'src/lib/selector.ts',
      'src/lib/selector-requirement.ts',
    ],
    rules: {
      'no-restricted-properties': ['error', ...impure],
      'no-restricted-globals': [
        'error',
        ...[
          'process',
          'console',
          'setTimeout',
          'setInterval',
          'setImmediate',
          'performance',
          'fetch',
          'crypto',
        ].map((name) => ({ name, message: 'decide/ is pure: no clock, no I/O.' })),
      ],
      'no-restricted-syntax': [
        'error',
        {
          selector: 'NewExpression[callee.name="Date"][arguments.length=0]',
          message: 'decide/ is pure: time is a parameter.',
        },
      ],
    },
  },
  {
    files: ['test/**/*.ts'],
    rules: {
      '@typescript-eslint/no-unused-expressions': 'off',
      '@typescript-eslint/no-non-null-assertion': 'off',
    },
  },
);
