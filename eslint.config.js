import { builtinModules } from 'node:module'
import { dirname, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import tseslint from 'typescript-eslint'

const source = fileURLToPath(new URL('src/', import.meta.url))

/**
 * The rooms of the house and what each may import (DESIGN §2: bin → cli → index → flows → doors | minds → predicates →
 * model → errors). `from` are rooms and files below src/, `packages` the third parties that enter by this room; `pure`
 * rooms touch nothing of Node. Whatever is not listed is refused, and a file in no room too.
 */
const flows = [
  'attest.ts',
  'finish.ts',
  'inspect.ts',
  'judgement.ts',
  'local.ts',
  'output-place.ts',
  'resume.ts',
  'signing.ts',
  'trust.ts',
  'verify.ts',
  'verify-pool.ts',
  'verify-worker.ts',
]
const rooms = [
  { room: ['errors.ts'], from: [], packages: [], pure: true },
  { room: ['version.ts'], from: [], packages: [] },
  { room: ['model/'], from: ['errors.ts', 'model/'], packages: ['zod/mini'], pure: true },
  { room: ['predicates/'], from: ['errors.ts', 'model/', 'predicates/'], packages: ['zod/mini'], pure: true },
  { room: ['policy/'], from: ['errors.ts', 'model/', 'predicates/', 'policy/'], packages: [], pure: true },
  { room: ['report/'], from: ['errors.ts', 'model/', 'predicates/', 'report/'], packages: [], pure: true },
  { room: ['collect/'], from: ['errors.ts', 'model/', 'predicates/', 'collect/'], packages: ['zod/mini'] },
  { room: ['store/'], from: ['errors.ts', 'model/', 'store/'], packages: [] },
  {
    room: ['sigstore/'],
    from: ['errors.ts', 'model/', 'predicates/', 'sigstore/'],
    packages: ['@sigstore/', '@peculiar/', '@tufjs/models', 'jose', 'zod/mini'],
  },
  {
    room: flows,
    from: ['errors.ts', 'version.ts', 'model/', 'predicates/', 'collect/', 'sigstore/', 'store/', 'policy/', ...flows],
    packages: [],
  },
  { room: ['index.ts'], from: [''], packages: [] },
  { room: ['cli/'], from: ['index.ts', 'version.ts', 'cli/'], packages: ['commander'] },
]

/** Reports an import that leaves its room by a door that is not there. */
const roomRule = {
  meta: { type: 'problem', schema: [], messages: { closed: '{{from}} may not import {{name}} (DESIGN §2)' } },
  create(context) {
    const from = relative(source, context.filename)
    const here = rooms.find(({ room }) => room.some((it) => from.startsWith(it)))
    const check = (node) => {
      const name = node.source?.value
      if (typeof name !== 'string') return
      const target = relative(source, resolve(dirname(context.filename), name))
      const open = name.startsWith('.')
        ? here?.from.some((it) => target.startsWith(it))
        : name.startsWith('node:')
          ? here?.pure !== true || node.importKind === 'type'
          : here?.packages.some((it) => name === it || (it.endsWith('/') && name.startsWith(it)))
      if (open !== true) context.report({ node, messageId: 'closed', data: { from, name } })
    }
    return {
      ImportDeclaration: check,
      ImportExpression: check,
      ExportNamedDeclaration: check,
      ExportAllDeclaration: check,
    }
  },
}

export default tseslint.config(
  { ignores: ['dist/', 'node_modules/', '.cache/', '.countersign/'] },
  ...tseslint.configs.strictTypeChecked,
  {
    languageOptions: { parserOptions: { projectService: { allowDefaultProject: ['eslint.config.js'] } } },
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
            .filter((name) => !name.startsWith('_'))
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
    plugins: { countersign: { rules: { rooms: roomRule } } },
    rules: { 'countersign/rooms': 'error' },
  },
  {
    files: ['scripts/**', 'bin/**'],
    rules: { 'no-console': 'off' },
  },
  {
    files: ['test/**'],
    rules: { '@typescript-eslint/no-non-null-assertion': 'off', '@typescript-eslint/no-floating-promises': 'error' },
  },
  { files: ['eslint.config.js', 'bin/**'], ...tseslint.configs.disableTypeChecked },
  // CommonJS, so that every Node can read it.
  { files: ['bin/**'], rules: { '@typescript-eslint/no-require-imports': 'off' } },
)
