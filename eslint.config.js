import { builtinModules } from 'node:module'
import { dirname, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import tseslint from 'typescript-eslint'

const source = fileURLToPath(new URL('src/', import.meta.url))

/**
 * The rooms of the house and what each may import (DESIGN §2: bin → cli → index → flows → doors | minds → predicates →
 * providers → model → errors; platform/ is the ground under the doors). `from` are rooms and files below src/, `packages` the
 * third parties that enter by this room; `pure` rooms touch nothing of Node. Whatever is not listed is refused, and a file in
 * no room too. Of several rows the first counts.
 */
const ground = ['errors.ts', 'model/']
const doors = ['platform/', 'collect/', 'sigstore/', 'store/']
const minds = ['predicates/', 'policy/', 'report/']
const rooms = [
  { room: ['errors.ts'], from: [], packages: [], pure: true },
  { room: ['version.ts'], from: [], packages: [] },
  { room: ['model/'], from: ground, packages: ['zod/mini'], pure: true },
  { room: ['predicates/'], from: [...ground, 'predicates/'], packages: ['zod/mini'], pure: true },
  { room: ['policy/'], from: [...ground, 'predicates/', 'policy/'], packages: [], pure: true },
  { room: ['report/'], from: [...ground, 'predicates/', 'report/'], packages: [], pure: true },
  { room: ['platform/'], from: [...ground, 'platform/'], packages: [] },
  { room: ['collect/'], from: [...ground, 'predicates/', 'platform/', 'collect/'], packages: ['zod/mini'] },
  { room: ['store/'], from: [...ground, 'platform/', 'store/'], packages: [] },
  { room: ['sigstore/verify/'], from: [...ground, 'sigstore/'], packages: ['zod/mini'] },
  {
    room: ['sigstore/trust/'],
    from: [...ground, 'platform/', 'sigstore/'],
    packages: ['@tufjs/models', '@sigstore/tuf/', 'zod/mini'],
  },
  {
    room: ['sigstore/sign/'],
    from: [...ground, 'platform/', 'sigstore/sign/', 'sigstore/verify/'],
    packages: ['zod/mini'],
  },
  { room: ['sigstore/token/'], from: [...ground, 'platform/', 'sigstore/token/'], packages: ['jose', 'zod/mini'] },
  {
    room: ['embedded/'],
    from: [...ground, 'platform/', 'sigstore/', 'embedded/'],
    packages: ['@peculiar/', '@sigstore/core', '@tufjs/models', 'jose', 'zod/mini'],
  },
  { room: ['inspect/'], from: [...ground, ...doors, ...minds, 'inspect/'], packages: [] },
  { room: ['trust/'], from: [...ground, ...doors, ...minds, 'trust/'], packages: [] },
  { room: ['verify/'], from: [...ground, ...doors, ...minds, 'verify/'], packages: [] },
  {
    room: ['attest/'],
    from: [...ground, ...doors, ...minds, 'version.ts', 'verify/', 'embedded/', 'attest/'],
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
