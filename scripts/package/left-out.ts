/**
 * What the packages that are bundled have and Countersign never calls: a third of their bytes. What stands in its place throws where it
 * is called after all, but for texts that nobody reads. `test/package/left-out.test.ts` runs each of them beside the whole package.
 *
 * The build fails where a package is no longer what was looked at here.
 */
import { readFileSync } from 'node:fs'
import { transform } from 'esbuild'
import type { Plugin } from 'esbuild'
import { shortCommander } from './short-commander.ts'

/** Of each file, by the end of its path: its text without what is left out. */
const rewritten: { readonly [path: string]: (text: string, path: string) => string | Promise<string> } = {
  '@secretlint/secretlint-rule-preset-recommend/module/index.js': withoutMessages,
  '@bufbuild/cel/dist/esm/parser.js': withShortNames,
  'commander/lib/argument.js': shortCommander,
  'commander/lib/command.js': shortCommander,
  'commander/lib/help.js': shortCommander,
  'commander/lib/option.js': shortCommander,
  '@bufbuild/cel/dist/esm/plan.js': withoutChecked,
}

/** Files that no call comes to, and what they export. */
const uncalled: { readonly [path: string]: readonly string[] } = {
  // A file is read, and never written.
  'yaml/browser/dist/stringify/stringify.js': ['createStringifyContext', 'stringify'],
  'yaml/browser/dist/stringify/stringifyCollection.js': ['stringifyCollection'],
  'yaml/browser/dist/stringify/stringifyDocument.js': ['stringifyDocument'],
  'yaml/browser/dist/stringify/stringifyNumber.js': ['stringifyNumber'],
  'yaml/browser/dist/stringify/stringifyPair.js': ['stringifyPair'],
  'yaml/browser/dist/stringify/stringifyString.js': ['stringifyString'],
  'yaml/browser/dist/parse/cst-scalar.js': ['createScalarToken', 'resolveAsScalar', 'setScalarValue'],
  'yaml/browser/dist/parse/cst-stringify.js': ['stringify'],
  'yaml/browser/dist/parse/cst-visit.js': ['visit'],
  // Its schema is `core`, and tags are refused.
  'yaml/browser/dist/schema/yaml-1.1/binary.js': ['binary'],
  'yaml/browser/dist/schema/yaml-1.1/omap.js': ['omap'],
  'yaml/browser/dist/schema/yaml-1.1/pairs.js': ['pairs'],
  'yaml/browser/dist/schema/yaml-1.1/schema.js': ['schema'],
  'yaml/browser/dist/schema/yaml-1.1/set.js': ['set'],
  'yaml/browser/dist/schema/yaml-1.1/timestamp.js': ['timestamp', 'intTime', 'floatTime'],
  // A rule sees members of documents, and no messages.
  '@bufbuild/protobuf/dist/esm/from-json.js': [
    'fromJsonString',
    'mergeFromJsonString',
    'fromJson',
    'mergeFromJson',
    'enumFromJson',
    'isEnumJson',
  ],
  '@bufbuild/protobuf/dist/esm/to-json.js': ['toJson', 'toJsonString', 'enumToJson'],
  '@bufbuild/protobuf/dist/esm/to-binary.js': ['toBinary', 'writeField'],
}

const uncalledPackages: { readonly [name: string]: readonly string[] } = {
  // By which TUF's models look for a delegation; Sigstore's files are named at the top, and delegations are not followed.
  minimatch: ['minimatch'],
}

export const leftOut: Plugin = {
  name: 'left-out',
  setup(hooks) {
    const names = Object.keys(uncalledPackages)
    hooks.onResolve({ filter: new RegExp(`^(?:${names.join('|')})$`) }, ({ path }) => ({ path, namespace: 'uncalled' }))
    hooks.onLoad({ filter: /.*/, namespace: 'uncalled' }, ({ path }) => ({
      contents: throwing(uncalledPackages[path] ?? []),
    }))
    const files = new RegExp(
      `[\\\\/]node_modules[\\\\/](${[...Object.keys(rewritten), ...Object.keys(uncalled)].map(patternOf).join('|')})$`,
    )
    hooks.onLoad({ filter: files }, async ({ path }) => {
      const name = (files.exec(path)?.[1] ?? '').replaceAll('\\', '/')
      const text = readFileSync(path, 'utf8')
      const exported = uncalled[name]
      if (exported === undefined) return { contents: (await rewritten[name]?.(text, path)) ?? text }
      for (const it of exported)
        if (!new RegExp(`export (?:\\{[^}]*\\b|function )${it}\\b`).test(text)) throw changed(`${name}: ${it}`)
      return { contents: throwing(exported) }
    })
  },
}

function patternOf(path: string): string {
  return path.replaceAll('.', '\\.').replaceAll('/', '[\\\\/]')
}

function throwing(names: readonly string[]): string {
  return names.map((it) => `export function ${it}() { throw new Error('${it} is left out') }`).join('\n')
}

function changed(what: string): Error {
  return new Error(`${what} is not what it was; look again at what may be left out`)
}

/**
 * Of a rule only the places and the secrets are asked for, in no language. Which secrets are no secrets is for whoever runs
 * secretlint to say, and we say of none; it sorts and compares those with three parts of lodash.
 */
function withoutMessages(text: string): string {
  const start = text.indexOf('var commonjsGlobal = ')
  const last = 'var regexpStringMatcherExports = requireRegexpStringMatcher();'
  const end = text.indexOf(last)
  if (start < 0 || end < start) throw changed('what matches patterns in the preset of secretlint')
  const matcher = `const regexpStringMatcherExports = { matchPatterns(text, patterns) {
    if (patterns.length > 0) throw new Error('patterns are left out')
    return []
  } }`
  const rules = text.slice(end + last.length)
  const messages = /^const messages(?:\$\w+)? = \{$[\s\S]*?^\};$/gm
  if (/\bcommonjsGlobal\b|\blodash_|\brequire[A-Z]\w*\(\)/.test(rules) || !messages.test(rules)) {
    throw changed('the preset of secretlint')
  }
  const short = rules.replace(messages, (it) => `${it.slice(0, it.indexOf('{'))}{};`)
  return text.slice(0, start) + matcher + short.replace(/^ +docs: \{\s*url: [^{}]*\},$/gm, '')
}

/** What the parser's functions say to each other, six hundred times over; none of it leaves the file. */
async function withShortNames(text: string): Promise<string> {
  const { code } = await transform(text, {
    mangleProps: /^(?:success|remainder|failedExpectations|expectation)$/,
    sourcemap: 'inline',
  })
  return code
}

/** Types are for those who have them checked before a rule is run: what is planned comes from the parser. */
function withoutChecked(text: string): string {
  const short = text.replace(/^import \{ CheckedExprSchema, \} from .*\n/m, '')
  const asked = 'isMessage(expr, CheckedExprSchema)'
  if (short === text || short.split('CheckedExprSchema').length !== 2 || !short.includes(asked)) {
    throw changed('what plans an expression of CEL')
  }
  return short.replace(asked, 'false')
}
