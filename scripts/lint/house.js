/**
 * The rules of the house (DESIGN §2) as lint: which room may import which, no circles, no flag outside the command line, and
 * pure rooms that touch neither clock nor network.
 */
import { existsSync, readFileSync } from 'node:fs'
import { dirname, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

const source = fileURLToPath(new URL('../../src/', import.meta.url))

const ground = ['one-line.ts', 'errors.ts', 'model/']
const doors = ['platform/', 'collect/', 'sigstore/', 'store/']
// capture/ is a door, too, but of no flow: what a hook starts loads nothing of the rest.
const minds = ['predicates/', 'policy/', 'providers/', 'graph/']

/** Public subpaths: what the package exports, and what the command line may import. */
const subpaths = [
  'index.ts',
  'attest.ts',
  'verify.ts',
  'policy.ts',
  'gate.ts',
  'inspect.ts',
  'trust.ts',
  'report.ts',
  'store.ts',
  'graph.ts',
  'embedded.ts',
  'vouch.ts',
  'hooks.ts',
]

/**
 * bin → cli → subpaths → flows → doors | minds → predicates → providers → model → errors; platform/ is the ground under the
 * doors. `from` are rooms and files below src/, `packages` the third parties that enter by this room; `pure` rooms may use
 * nothing of Node but hashes and signatures. Whatever is not listed is refused, and a file in no room too. Of several rows the
 * first counts.
 */
const rooms = [
  { room: ['one-line.ts'], from: [], packages: [], pure: true },
  { room: ['errors.ts'], from: ['one-line.ts'], packages: [], pure: true },
  { room: ['version.ts'], from: [], packages: [] },
  { room: ['model/yaml/'], from: ground, packages: ['yaml'], pure: true },
  { room: ['model/'], from: ground, packages: ['zod/mini'], pure: true },
  { room: ['providers/'], from: [...ground, 'providers/'], packages: [], pure: true },
  { room: ['predicates/'], from: [...ground, 'providers/', 'predicates/'], packages: ['zod/mini'], pure: true },
  {
    room: ['policy/cel/'],
    from: [...ground, 'providers/', 'predicates/', 'policy/'],
    packages: ['@bufbuild/cel'],
    pure: true,
  },
  { room: ['policy/'], from: [...ground, 'providers/', 'predicates/', 'policy/'], packages: [], pure: true },
  { room: ['graph/'], from: [...ground, 'predicates/', 'graph/'], packages: [], pure: true },
  { room: ['report/'], from: [...ground, 'predicates/', 'report/'], packages: [], pure: true },
  { room: ['platform/'], from: [...ground, 'platform/'], packages: [] },
  { room: ['collect/redact/'], from: ['one-line.ts', 'collect/redact/'], packages: ['@secretlint/'] },
  {
    room: ['collect/config/'],
    from: [...ground, 'platform/', 'collect/'],
    packages: ['zod/mini'],
  },
  {
    room: ['collect/ai-configuration/'],
    from: [...ground, 'platform/', 'collect/'],
    packages: ['smol-toml'],
  },
  {
    room: ['collect/receipts/'],
    from: [...ground, 'platform/', 'collect/'],
    packages: ['jose'],
  },
  {
    room: ['collect/'],
    from: [...ground, 'predicates/', 'providers/', 'platform/', 'collect/'],
    packages: ['zod/mini'],
  },
  { room: ['capture/install/'], from: [...ground, 'platform/', 'capture/'], packages: [] },
  { room: ['capture/'], from: ['capture/', 'model/patch-path.ts'], packages: [] },
  { room: ['store/'], from: [...ground, 'platform/', 'store/'], packages: [] },
  { room: ['sigstore/verify/'], from: [...ground, 'sigstore/verify/'], packages: ['zod/mini'], pure: true },
  {
    room: ['sigstore/trust/'],
    from: [...ground, 'platform/', 'sigstore/trust/', 'sigstore/verify/'],
    packages: ['@tufjs/models', 'zod/mini'],
  },
  {
    room: ['sigstore/sign/'],
    from: [...ground, 'platform/', 'sigstore/sign/', 'sigstore/verify/'],
    packages: ['zod/mini'],
  },
  { room: ['sigstore/token/'], from: [...ground, 'providers/', 'platform/', 'sigstore/token/'], packages: ['jose'] },
  {
    room: ['embedded/'],
    from: [...ground, 'providers/', 'platform/', 'sigstore/', 'embedded/'],
    packages: ['@noble/curves/', '@tufjs/models', 'canonicalize', 'jose', 'zod/mini'],
  },
  // Of verify/: how the bundle of an artifact is found.
  { room: ['inspect/'], from: [...ground, ...doors, ...minds, 'verify/', 'inspect/'], packages: [] },
  { room: ['reasoning/'], from: [...ground, 'platform/', 'report/', 'reasoning/'], packages: [] },
  { room: ['ci-output/'], from: [...ground, 'platform/', 'report/', 'ci-output/'], packages: [] },
  { room: ['notify/'], from: [...ground, 'platform/', 'report/', 'notify/'], packages: [] },
  // What a forge is told of a change, the only writes to one: a flow with a door of its own.
  {
    room: ['marks/'],
    from: [...ground, 'platform/', 'collect/forge/', 'collect/git/', 'report/', 'marks/'],
    packages: [],
  },
  { room: ['trust/'], from: [...ground, ...doors, 'trust/'], packages: [] },
  { room: ['verify/'], from: [...ground, ...doors, ...minds, 'verify/'], packages: [] },
  { room: ['attest/'], from: [...ground, ...doors, ...minds, 'version.ts', 'verify/', 'attest/'], packages: [] },
  { room: ['gate/'], from: [...ground, ...doors, ...minds, 'verify/', 'attest/', 'gate/'], packages: [] },
  { room: ['vouch/serve/'], from: [...ground, 'platform/', 'collect/', 'vouch/'], packages: ['jose'] },
  { room: ['vouch/'], from: [...ground, 'platform/', 'collect/', 'vouch/'], packages: [] },
  { room: ['hooks.ts'], from: [...ground, 'capture/install/'], packages: [] },
  { room: ['embedded.ts'], from: ['embedded/', 'providers/'], packages: [] },
  { room: ['render-gate.ts', 'verdict-document.ts'], from: ['model/', 'report/', 'version.ts'], packages: [] },
  {
    room: subpaths,
    from: [
      ...ground,
      ...doors,
      ...minds,
      'report/',
      'inspect/',
      'ci-output/',
      'notify/',
      'trust/',
      'verify/',
      'attest/',
      'gate/',
      'marks/',
      'vouch/',
      'reasoning/',
      'version.ts',
      'render-gate.ts',
      'verdict-document.ts',
    ],
    packages: [],
  },
  { room: ['cli/'], from: [...subpaths, 'cli/'], packages: ['commander'] },
]

const pureModules = ['node:crypto', 'node:buffer']

/** Reports an import that leaves its room by a door that is not there. */
const roomsRule = {
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
          ? here !== undefined && (!here.pure || node.importKind === 'type' || pureModules.includes(name))
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

const imports = new Map()

/** Files that a file imports, types included; a lazy import is no part of a circle, since it comes when all is loaded. */
function importsOf(file) {
  const known = imports.get(file)
  if (known !== undefined) return known
  const text = existsSync(file) ? readFileSync(file, 'utf8') : ''
  const found = [...text.matchAll(/^(?:import|export) [^'"]*?from '(\.[^']*)'/gms)].map((it) =>
    resolve(dirname(file), it[1]),
  )
  imports.set(file, found)
  return found
}

/** The way from a file back to itself, the shortest; undefined if there is none. */
function circleAt(start) {
  const from = new Map(importsOf(start).map((it) => [it, start]))
  const queue = [...from.keys()]
  for (let file = queue.shift(); file !== undefined; file = queue.shift()) {
    if (file === start) {
      const way = [start]
      for (let at = from.get(start); at !== start && at !== undefined; at = from.get(at)) way.unshift(at)
      return [start, ...way]
    }
    for (const next of importsOf(file)) {
      if (from.has(next)) continue
      from.set(next, file)
      queue.push(next)
    }
  }
  return undefined
}

const circlesRule = {
  meta: { type: 'problem', schema: [], messages: { circle: 'imports itself: {{way}}' } },
  create: (context) => ({
    Program(node) {
      const way = circleAt(context.filename)
        ?.map((it) => relative(source, it))
        .join(' → ')
      if (way !== undefined) context.report({ node, messageId: 'circle', data: { way } })
    },
  }),
}

const flag = /(^|[\s'"`(=])--[a-z][a-z-]+/

/** A command of git that a person is told to type, in brackets. */
const gitCommand = /\(git [^()`]*\)/g

/** A flag in a text that a person may read. Other programs' flags stand in the files that run them, or in a command in brackets. */
const flagsRule = {
  meta: {
    type: 'problem',
    schema: [],
    messages: { flag: 'a flag is named in cli/ alone; name the option (`option`)' },
  },
  create(context) {
    const check = (node, text) => {
      if (typeof text === 'string' && flag.test(text.replace(gitCommand, '')))
        context.report({ node, messageId: 'flag' })
    }
    return {
      Literal: (node) => check(node, node.value),
      TemplateElement: (node) => check(node, node.value.cooked),
    }
  },
}

/** Files that may start a shell: hooks of git are run by one on every system. */
const shells = ['capture/']

/**
 * What one system alone has. `src/platform/` decides by an argument, so that tests can be on each; a colon in a file name is a stream of
 * another file on Windows.
 */
const systemRule = {
  meta: {
    type: 'problem',
    schema: [],
    messages: { system: '{{what}} is for src/platform/ alone, which takes the system as an argument' },
  },
  create(context) {
    const from = relative(source, context.filename)
    let joinsPaths = false
    const report = (node, what) => context.report({ node, messageId: 'system', data: { what } })
    const colon = (node) => joinsPaths && report(node, ': in a file name')
    const check = (node, text) => {
      if (typeof text !== 'string') return
      if (/^\/proc(?:\/|$)/.test(text)) report(node, '/proc')
      if (/^(?:\/bin\/)?sh$/.test(text) && !shells.some((it) => from.startsWith(it))) report(node, 'sh')
    }
    return {
      ImportDeclaration: (node) => (joinsPaths ||= node.source.value === 'node:path'),
      Literal: (node) => check(node, node.value),
      TemplateElement: (node) => check(node, node.value.cooked),
      Identifier: (node) => node.name === 'O_NOFOLLOW' && report(node, 'O_NOFOLLOW'),
      'MemberExpression[object.name="process"][property.name="platform"]': (node) => report(node, 'process.platform'),
      'CallExpression[callee.name=/^(join|resolve)$/] > Literal[value=/:/]': colon,
      'CallExpression[callee.name=/^(join|resolve)$/] > TemplateLiteral > TemplateElement[value.cooked=/:/]': colon,
    }
  },
}

export const house = { rules: { rooms: roomsRule, circles: circlesRule, flags: flagsRule, system: systemRule } }

/** Globs of the pure rooms. */
export const pureRooms = rooms
  .filter((it) => it.pure)
  .flatMap(({ room }) => room.map((it) => `src/${it}${it.endsWith('/') ? '**' : ''}`))
