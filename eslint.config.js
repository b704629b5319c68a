import js from '@eslint/js';
import svelte from 'eslint-plugin-svelte';
import * as svelteParser from 'svelte-eslint-parser';
import { relative, sep } from 'node:path';
import { tsImport } from 'tsx/esm/api';
import typescript from 'typescript-eslint';

const { importProblem } = await tsImport('./test/architecture/importRules.ts', import.meta.url);

/** Reports imports that the architecture's table forbids, while typing; the same table is checked by the architecture test. */
const importRule = {
  meta: { type: 'problem', schema: [] },
  create(context) {
    const file = relative(import.meta.dirname, context.filename)
      .split(sep)
      .join('/');
    const check = (node) => {
      const specifier = (node.source ?? node.argument?.literal)?.value;
      const message = typeof specifier === 'string' ? importProblem(file, specifier) : undefined;
      if (message) context.report({ node, message });
    };
    return {
      ImportDeclaration: check,
      ExportNamedDeclaration: check,
      ExportAllDeclaration: check,
      ImportExpression: check,
      TSImportType: check,
    };
  },
};

export default typescript.config(
  { ignores: ['node_modules', 'out', 'coverage', '.venv', 'shared'] },
  js.configs.recommended,
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  {
    files: ['**/*.{js,mjs}'],
    languageOptions: { globals: { console: 'readonly', process: 'readonly', URL: 'readonly' } },
  },
  {
    files: ['src-main/**/*.{ts,mjs}', 'src-renderer/**/*.{ts,svelte}'],
    plugins: { ilium: { rules: { imports: importRule } } },
    rules: { 'ilium/imports': 'error' },
  },
  ...svelte.configs.recommended,
  {
    files: ['**/*.{ts,svelte}'],
    extends: [...typescript.configs.strictTypeChecked],
    languageOptions: {
      parserOptions: {
        projectService: true,
        tsconfigRootDir: import.meta.dirname,
        extraFileExtensions: ['.svelte'],
      },
    },
    rules: {
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      '@typescript-eslint/no-import-type-side-effects': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      // Typed arrays are read with an index that may be out of range as far as types know; a default is not "unnecessary".
      '@typescript-eslint/no-unnecessary-condition': ['error', { allowConstantLoopConditions: true }],
      // Interfaces here are made of closures, which need no `this`.
      '@typescript-eslint/unbound-method': 'off',
      '@typescript-eslint/no-meaningless-void-operator': 'off',
      '@typescript-eslint/no-misused-spread': ['error', { allow: ['string'] }],
      eqeqeq: 'error',
      'no-console': 'error',
    },
  },
  {
    files: ['**/*.svelte', '**/*.svelte.ts'],
    languageOptions: {
      parser: svelteParser,
      parserOptions: {
        parser: typescript.parser,
        projectService: true,
        tsconfigRootDir: import.meta.dirname,
        extraFileExtensions: ['.svelte'],
      },
    },
  },
  {
    // `$state` and `$props` must be `let`, and types of the template's own code are checked by svelte-check.
    files: ['**/*.svelte'],
    rules: { 'prefer-const': 'off', 'svelte/prefer-const': 'error', 'no-undef': 'off' },
  },
  {
    // Parsed patient files and JSON are `unknown` and go through zod; tests may be blunter about what they read back.
    files: ['test/**/*.ts'],
    rules: {
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unnecessary-type-parameters': 'off',
      '@typescript-eslint/require-await': 'off',
      'no-console': 'off',
    },
  },
);
