import js from '@eslint/js'
import prettier from 'eslint-config-prettier'
import { createTypeScriptImportResolver } from 'eslint-import-resolver-typescript'
import importX from 'eslint-plugin-import-x'
import vue from 'eslint-plugin-vue'
import globals from './build/lint-globals.mjs'
import ts from 'typescript-eslint'

/** The house's arrows (docs/house.md): what a room may not import. */
const arrows = [
  {
    target: './contract',
    from: ['./src', './server', './admin', './emulator', './tests'],
    message: 'contract/ is the bottom: it imports nothing of ours.',
  },
  {
    target: './server',
    from: ['./src', './admin', './emulator', './tests'],
    message: 'The server knows the contract only.',
  },
  {
    target: './emulator',
    from: ['./src', './server', './admin', './contract', './tests'],
    message: 'The emulator meets the others as WeChat does: over HTTP and over the built files.',
  },
  {
    target: './src',
    from: ['./server', './admin', './emulator', './tests', './build', './scripts'],
    message: 'The phone runs src/ and the types of contract/, nothing else.',
  },
  {
    target: './src/wechat',
    from: ['./src/api', './src/stores', './src/pages'],
    message: 'wechat/ speaks to the host and knows nobody.',
  },
  {
    target: './src/api',
    from: ['./src/stores', './src/pages'],
    message: 'api/ is called by stores; it does not call them.',
  },
  { target: './src/stores', from: ['./src/pages'], message: 'Stores do not know pages.' },
  {
    target: './src/pages',
    from: ['./src/api', './src/wechat'],
    message: 'A page dispatches a store action; the store talks to api/ and wechat/.',
  },
  {
    target: './server/src/db',
    from: ['./server/src/domain', './server/src/http', './server/src/wechat', './server/src/jeecgboot'],
    message: 'db/ is the bottom of the server.',
  },
  {
    target: './server/src/wechat',
    from: ['./server/src/domain', './server/src/http', './server/src/db', './server/src/jeecgboot'],
    message: 'wechat/ speaks to api.weixin.qq.com and knows nothing of the domain.',
  },
  {
    target: './server/src/jeecgboot',
    from: ['./server/src/domain', './server/src/http', './server/src/db', './server/src/wechat'],
    message: 'jeecgboot/ speaks to the customer’s JeecgBoot and knows nothing of the domain.',
  },
  {
    target: './admin',
    from: ['./src', './server', './emulator', './tests', './build', './scripts'],
    message: 'The back office knows the contract only.',
  },
  {
    target: './admin/src/api',
    from: ['./admin/src/stores', './admin/src/composables', './admin/src/components', './admin/src/pages'],
    message: 'api/ is called by stores and pages; it does not call them.',
  },
  {
    target: ['./admin/src/stores', './admin/src/composables', './admin/src/components'],
    from: ['./admin/src/pages'],
    message: 'What pages share does not know pages.',
  },
  { target: './server/src/domain', from: ['./server/src/http'], message: 'domain/ does not know HTTP.' },
]

export default ts.config(
  { ignores: ['**/node_modules/', '**/dist/', 'unpackage/', 'coverage/', '.data/', 'server/migrations/'] },
  js.configs.recommended,
  ...ts.configs.strict,
  // Its rules would take any call of a function named `component` for a Vue component.
  ...vue.configs['flat/recommended'].map((config) => ({ ...config, files: ['**/*.vue'] })),
  {
    files: ['**/*.vue'],
    languageOptions: { parserOptions: { parser: ts.parser } },
    rules: {
      // the page's own folder gives it its name; uni-app tags are custom elements to this plugin
      'vue/multi-word-component-names': 'off',
      'vue/block-order': ['error', { order: ['script', 'template', 'style'] }],
    },
  },
  {
    plugins: { 'import-x': importX },
    settings: {
      'import-x/resolver-next': [
        createTypeScriptImportResolver({
          project: ['tsconfig.json', 'server/tsconfig.json', 'admin/tsconfig.json', 'emulator/tsconfig.json'],
          noWarnOnMultipleProjects: true,
        }),
      ],
    },
    languageOptions: { globals: { ...globals.node } },
    rules: {
      'import-x/no-restricted-paths': ['error', { zones: arrows }],
      'import-x/no-cycle': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      eqeqeq: 'error',
      'no-console': 'error',
    },
  },
  {
    files: ['src/**'],
    languageOptions: { globals: globals.phone },
    rules: {
      '@typescript-eslint/no-restricted-imports': [
        'error',
        {
          paths: [
            {
              name: '@leadbell/contract',
              allowTypeImports: true,
              message: 'Types only: not a byte of the validator may reach the phone.',
            },
          ],
        },
      ],
      'no-restricted-syntax': [
        'error',
        {
          selector: "MemberExpression[object.name='uni'][property.name='request']",
          message: 'Call a function of src/api instead.',
        },
        {
          selector: 'MemberExpression[property.name=/^err(Msg|Code)$/]',
          message: 'Only src/wechat reads errMsg and errCode; branch on its outcome instead.',
        },
        {
          selector: "MemberExpression[object.name='uni'][property.name='addInterceptor']",
          message: 'An interceptor can delay or swallow the call a tap pays for (wechat-platform.md §10.4).',
        },
      ],
    },
  },
  {
    files: ['src/wechat/**', 'src/api/**'],
    rules: { 'no-restricted-syntax': 'off' },
  },
  {
    files: ['tests/setup.ts', 'scripts/**', 'bench/**', 'build/**', '**/bin/**', '**/*.config.*', '**/*.cjs'],
    rules: { 'no-console': 'off', '@typescript-eslint/no-require-imports': 'off' },
  },
  {
    files: ['emulator/src/client/**'],
    languageOptions: { globals: globals.browser },
  },
  {
    files: ['admin/src/**'],
    // TypeScript knows the DOM's names, and that this page runs in one
    rules: { 'no-undef': 'off' },
  },
  prettier,
)
