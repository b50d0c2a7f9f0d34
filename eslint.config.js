import js from '@eslint/js';
import svelte from 'eslint-plugin-svelte';
import globals from 'globals';
import ts from 'typescript-eslint';
import svelteConfig from './svelte.config.js';

/** Code that runs on the server, where a forgotten promise loses data silently. */
const SERVER_SOURCES = ['src/lib/{server,agent,sandbox}/**/*.ts', 'src/*.server.ts'];

export default ts.config(
  {
    ignores: [
      '.runtime/',
      '.svelte-kit/',
      '.test-output/',
      'build/',
      'coverage/',
      'data/',
      'playwright-report/',
      'test-results/',
    ],
  },
  js.configs.recommended,
  ts.configs.recommended,
  svelte.configs['flat/recommended'],
  {
    languageOptions: { globals: { ...globals.node, ...globals.browser } },
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    rules: {
      // TypeScript reports unknown names itself, and knows more of them.
      'no-undef': 'off',
      eqeqeq: ['error', 'always', { null: 'ignore' }],
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'separate-type-imports' }],
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-non-null-assertion': 'error',
      '@typescript-eslint/no-unused-vars': [
        'error',
        { argsIgnorePattern: '^_', varsIgnorePattern: '^_', caughtErrorsIgnorePattern: '^_' },
      ],
      'max-lines': ['error', { max: 300 }],
    },
  },
  {
    files: ['**/*.svelte', '**/*.svelte.ts'],
    languageOptions: {
      parserOptions: { extraFileExtensions: ['.svelte'], parser: ts.parser, svelteConfig },
    },
    rules: {
      // The pages are always served from the root of their origin.
      'svelte/no-navigation-without-resolve': 'off',
    },
  },
  {
    files: SERVER_SOURCES,
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': 'error',
      '@typescript-eslint/await-thenable': 'error',
    },
  },
  {
    // These also run outside Vite: as commands, in workers, in the sandbox and straight from their source.
    files: ['src/lib/{contracts,server,agent,sandbox}/**/*.ts'],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          patterns: [
            {
              regex: '^[$]',
              message:
                'Import by a relative path with its .ts: this code also runs where Vite’s aliases are unknown.',
            },
          ],
        },
      ],
    },
  },
  {
    files: ['src/**'],
    ignores: ['src/lib/server/settings/**', '**/*.test.ts'],
    rules: {
      // An entry may hand the whole environment to settings; nobody else looks into it.
      'no-restricted-syntax': [
        'error',
        ...[
          'MemberExpression[object.object.name="process"][object.property.name="env"]',
          'VariableDeclarator[id.type="ObjectPattern"][init.object.name="process"][init.property.name="env"]',
        ].map((selector) => ({
          selector,
          message:
            'Only src/lib/server/settings reads the environment. Take the value from Settings, or through deps.',
        })),
      ],
    },
  },
  {
    files: ['src/routes/**'],
    ignores: ['src/routes/form-reply.ts'],
    rules: {
      'no-restricted-properties': [
        'error',
        {
          property: 'formData',
          message: 'Call readForm: a body that is no form answers 400 there, not 500.',
        },
      ],
    },
  },
  {
    files: ['src/{routes,lib/components}/**', 'src/*.ts'],
    ignores: ['src/lib/components/refresh-page.ts'],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          patterns: [
            {
              regex: '^[$]env/',
              message:
                'Only src/lib/server/settings reads the environment. Load the value in a +page.server.ts.',
            },
            {
              regex: '^[$]app/navigation$',
              importNames: ['invalidate', 'invalidateAll'],
              message: 'Call refreshPage: these drop a navigation that is on its way.',
            },
          ],
        },
      ],
    },
  },
  {
    files: ['scripts/**/*.mjs', '.dependency-cruiser.cjs'],
    languageOptions: { globals: globals.node },
    rules: { 'no-undef': 'error', '@typescript-eslint/no-require-imports': 'off' },
  },
);
