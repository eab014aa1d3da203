import { builtinModules } from 'node:module'
import tseslint from 'typescript-eslint'
import { house, pureRooms } from './scripts/lint/house.js'

/** What a pure function cannot touch: it would give another answer another time. */
const impureGlobals = ['process', 'fetch', 'performance', 'setTimeout', 'setInterval', 'setImmediate']
const impureSyntax = [
  ['Date.now', "MemberExpression[object.name='Date'][property.name='now']"],
  ['Math.random', "MemberExpression[object.name='Math'][property.name='random']"],
  ['new Date()', "NewExpression[callee.name='Date'][arguments.length=0]"],
  ['random bytes', 'ImportSpecifier[imported.name=/^(random|generateKey)/]'],
]

/** A test that waits or looks at a clock passes on an idle machine and fails on a busy one. */
const clocks = [
  ['setTimeout', 'CallExpression[callee.name=/^set(Timeout|Interval)$/]'],
  ['performance.now', "MemberExpression[object.name='performance'][property.name='now']"],
  ['Date.now', "MemberExpression[object.name='Date'][property.name='now']"],
  ['process.hrtime', "MemberExpression[object.name='process'][property.name='hrtime']"],
  ['timers', 'ImportDeclaration[source.value=/^node:timers/]'],
]

export default tseslint.config(
  { ignores: ['dist/', 'node_modules/', '.cache/', '.countersign/'] },
  ...tseslint.configs.strictTypeChecked,
  {
    languageOptions: {
      parserOptions: {
        projectService: {
          allowDefaultProject: ['eslint.config.js', 'scripts/lint/house.js', 'scripts/dependencies.cjs'],
        },
      },
    },
    rules: {
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'separate-type-imports' }],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/no-unnecessary-condition': ['error', { allowConstantLoopConditions: true }],
      'no-restricted-imports': [
        'error',
        {
          paths: builtinModules
            .filter((name) => !/^(?:_|node:)/.test(name))
            .map((name) => ({ name, message: 'node:' + name })),
        },
      ],
      '@typescript-eslint/no-unused-vars': ['error', { ignoreRestSiblings: true }],
      eqeqeq: 'error',
      'no-console': 'error',
    },
  },
  {
    files: ['src/**'],
    plugins: { house },
    rules: { 'house/rooms': 'error', 'house/circles': 'error', 'house/flags': 'error' },
  },
  { files: ['src/**'], ignores: ['src/platform/**'], rules: { 'house/system': 'error' } },
  {
    // Here other programs are run, with flags of their own.
    files: [
      'src/capture/**',
      'src/cli/**',
      'src/collect/ai-configuration/**',
      'src/collect/git/**',
      'src/collect/change/**',
      'src/collect/session-records/**',
      'src/collect/signatures/**',
      'src/collect/sessions/readers/**',
      'src/providers/**',
    ],
    rules: { 'house/flags': 'off' },
  },
  {
    files: ['src/**'],
    ignores: ['src/cli/**'],
    rules: {
      'no-restricted-properties': [
        'error',
        ...['exit', 'exitCode'].map((property) => ({ object: 'process', property, message: 'cli/ alone ends' })),
      ],
    },
  },
  {
    files: pureRooms,
    rules: {
      'no-restricted-globals': [
        'error',
        ...impureGlobals.map((name) => ({ name, message: 'a pure room touches nothing' })),
      ],
      'no-restricted-syntax': [
        'error',
        ...impureSyntax.map(([what, selector]) => ({ selector, message: `${what}: a pure room touches nothing` })),
      ],
    },
  },
  {
    files: ['scripts/**', 'bin/**'],
    rules: { 'no-console': 'off' },
  },
  {
    files: ['test/**'],
    // Peers are servers and clients of other people: what they need is waited for. The counter is a program that measures.
    ignores: ['test/peers/**', 'test/evidence-counter/**'],
    rules: {
      'no-restricted-syntax': [
        'error',
        ...clocks.map(([what, selector]) => ({
          selector,
          message: `${what}: a test waits for nothing (stepped-clock)`,
        })),
        {
          selector: "Property[key.name='unit'][value.value='binary']",
          message: 'its table of all characters takes a second, and 180 megabytes of the process: anyText',
        },
      ],
    },
  },
  {
    files: ['test/**'],
    rules: { '@typescript-eslint/no-non-null-assertion': 'off', '@typescript-eslint/no-floating-promises': 'error' },
  },
  { files: ['eslint.config.js', 'scripts/lint/**', 'scripts/*.cjs', 'bin/**'], ...tseslint.configs.disableTypeChecked },
  // CommonJS, so that every Node can read it.
  { files: ['bin/**', 'scripts/*.cjs'], rules: { '@typescript-eslint/no-require-imports': 'off' } },
)
