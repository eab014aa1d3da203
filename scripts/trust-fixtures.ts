/**
 * Makes `fixtures/trust` anew: bundles signed at an embedded Sigstore whose keys are thrown away, and its trusted root, whole and
 * edited in every way that matters. What is committed stays as it is; `scripts/fixtures.ts trust` writes the answers to it.
 */
import { generateKeyPairSync } from 'node:crypto'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startLocalSigstore } from '../src/embedded/index.ts'
import type { Json } from '../src/model/json.ts'
import { fixtureFolder, indented } from '../test/fixtures/renewed.ts'
import type { AskedOfVector } from '../test/fixtures/vector.ts'
import { releaseJob } from '../test/forgeries/row.ts'
import { artifactBytes, startRelease } from '../test/world/release.ts'

type Entry = Record<string, Json>
type Root = Record<'certificateAuthorities' | 'timestampAuthorities' | 'tlogs' | 'ctlogs', Entry[]>
type List = keyof Root

interface Case {
  readonly what: string
  /** Each is a file of its own; `shared/…` is one that is there. */
  readonly roots: readonly (Root | string)[]
  readonly bundle?: 'rekor-v2'
}

/** An entry with another validity, whose place depends on the list. */
function valid(list: List, entry: Entry, validFor: Json): Entry {
  if (list === 'certificateAuthorities' || list === 'timestampAuthorities') return { ...entry, validFor }
  return withKey(entry, { validFor })
}

function withKey(entry: Entry, change: Entry): Entry {
  return { ...entry, publicKey: { ...(entry['publicKey'] as Entry), ...change } }
}

const lists: readonly (readonly [List, string, string])[] = [
  ['certificateAuthorities', 'certificate-authority', 'certificate authority'],
  ['timestampAuthorities', 'timestamp-authority', 'timestamp authority'],
  ['tlogs', 'log', 'transparency log'],
  ['ctlogs', 'certificate-log', 'certificate log'],
]

const chain = (rawBytes: string): Entry => ({ certChain: { certificates: [{ rawBytes }] } })

const unknownKey = generateKeyPairSync('ml-dsa-65').publicKey.export({ type: 'spki', format: 'der' }).toString('base64')

function cases(own: Root, foreign: Root): { readonly [name: string]: Case } {
  const edited = (what: string, edit: (root: Root) => unknown, bundle?: 'rekor-v2'): Case => {
    const root = structuredClone(own)
    edit(root)
    return { what, roots: [root], ...(bundle === undefined ? {} : { bundle }) }
  }
  const text = (what: string, root: string): Case => ({ what, roots: [root] })
  const whole = JSON.stringify(own)
  const made: { [name: string]: Case } = {
    private: text('The root of a private Sigstore: what it signed passes.', 'shared/trusted_root.json'),
    'private-rekor-v2': { ...text('The same, logged in Rekor v2.', 'shared/trusted_root.json'), bundle: 'rekor-v2' },
    'private-proto-names': text(
      'The same under the names that the .proto file has.',
      whole.replace(/"(\w+)":/g, (name) => name.replace(/[A-Z]/g, (it) => `_${it.toLowerCase()}`)),
    ),
    'private-in-configuration': text(
      'The same in a ClientTrustConfig, as clients of a private instance get it.',
      JSON.stringify({ mediaType: 'application/vnd.dev.sigstore.clienttrustconfig.v0.1+json', trustedRoot: own }),
    ),
    'private-without-addresses': edited('The same without the addresses of its services.', (root) => {
      for (const entry of [...root.tlogs, ...root.ctlogs]) delete entry['baseUrl']
      for (const entry of [...root.certificateAuthorities, ...root.timestampAuthorities]) delete entry['uri']
    }),
    'several-in-a-file': text(
      'Two roots in a file, as lines; the second is that of the bundle.',
      `${JSON.stringify(foreign)}\n${whole}\n`,
    ),
    'several-files': {
      what: 'Two files, of which one is that of the bundle.',
      roots: ['shared/foreign_root.json', 'shared/trusted_root.json'],
    },
    foreign: text('The root of another Sigstore with the same names.', 'shared/foreign_root.json'),
    'mixed-over-two-files': {
      what: 'The authority of the bundle in one root and its logs in the other: it must hold under one as a whole.',
      roots: [
        { ...own, certificateAuthorities: foreign.certificateAuthorities },
        { ...own, tlogs: foreign.tlogs, ctlogs: foreign.ctlogs, timestampAuthorities: foreign.timestampAuthorities },
      ],
    },
    'foreign-key-of-log': edited('The log has the id of the real one and a key of somebody else.', (root) => {
      root.tlogs = root.tlogs.map((it, at) => ({ ...it, publicKey: foreign.tlogs[at]?.['publicKey'] ?? null }))
    }),
    'null-lists': edited('A list may be null: it is the same as none.', (root) =>
      Object.assign(root, { ctlogs: null }),
    ),
    'without-logs-and-times': edited('Neither a log nor a timestamp authority: nobody could say when.', (root) => {
      Object.assign(root, { tlogs: [], timestampAuthorities: [] })
    }),
    'lax-all': edited('No entry says since when it is valid.', (root) => {
      for (const [list] of lists) root[list] = root[list].map((it) => valid(list, it, {}))
    }),
    'broken-empty-file': text('An empty file.', ''),
    'broken-no-json': text('Text that is no JSON.', 'root'),
    'broken-cut-off': text('A root that breaks off.', whole.slice(0, 1_000)),
    'broken-duplicate': text('Two members of one name: one reader takes the first.', '{"tlogs":[],"tlogs":[]}'),
    'broken-prototype': text('A member that changes objects in JavaScript.', '{"__proto__":{}}'),
    'broken-list': text('A list.', '[]'),
    'broken-empty-object': text('An empty object.', '{}'),
    'broken-two-names': text('A member under both of its names.', whole.replace('{', '{"media_type":null,')),
    'broken-lists': text('Logs that are no list.', whole.replace('"tlogs":[', '"tlogs":{},"other":[')),
  }
  for (const [list, name, words] of lists) {
    const each = (what: string, edit: (entry: Entry) => Entry): Case =>
      edited(what, (root) => (root[list] = root[list].map(edit)))
    const beside = (what: string, edit: (entry: Entry) => Entry): Case =>
      edited(what, (root) => root[list].push(...root[list].slice(0, 1).map(edit)))
    made[`without-${name}`] ??= edited(`No ${words}.`, (root) => (root[list] = []))
    made[`foreign-${name}`] = edited(`The ${words} of another Sigstore.`, (root) => (root[list] = foreign[list]))
    made[`old-${name}`] = each(`The ${words} was over when the bundle was signed.`, (it) =>
      valid(list, it, { start: '2020-01-01T00:00:00Z', end: '2021-01-01T00:00:00Z' }),
    )
    made[`young-${name}`] = each(`The ${words} began after the bundle was signed.`, (it) =>
      valid(list, it, { start: '2040-01-01T00:00:00Z' }),
    )
    made[`lax-${name}`] = each(`The ${words} does not say since when it is valid.`, (it) => valid(list, it, {}))
    made[`lax-${name}-beside`] = beside(`The same beside a good one: it is left out, and said.`, (it) =>
      valid(list, it, {}),
    )
    made[`broken-start-of-${name}`] = beside(`A start that is no time, beside a good ${words}.`, (it) =>
      valid(list, it, { start: 'long ago' }),
    )
    const isLog = list === 'tlogs' || list === 'ctlogs'
    const spoiled = (it: Entry): Entry => (isLog ? withKey(it, { rawBytes: 'AAAA' }) : { ...it, ...chain('AAAA') })
    made[`broken-${name}`] = each(`The ${words} cannot be read.`, spoiled)
    made[`broken-${name}-beside`] = beside(`The same beside a good one: it is left out, and said.`, spoiled)
    if (isLog) {
      made[`unknown-key-of-${name}`] = beside(`A key of a new kind, beside a good ${words}.`, (it) =>
        withKey(it, { rawBytes: unknownKey, keyDetails: 'ML_DSA_65' }),
      )
      made[`unknown-hash-of-${name}`] = each(`The tree of the ${words} has a hash that nobody knows here.`, (it) => ({
        ...it,
        hashAlgorithm: 'SHA3_256',
      }))
    } else {
      made[`empty-${name}`] = beside(`A ${words} without certificates, beside a good one.`, (it) => ({
        ...it,
        certChain: { certificates: [] },
      }))
    }
  }
  return made
}

const target = fixtureFolder('trust')
const folder = mkdtempSync(join(tmpdir(), 'countersign-trust-'))
const [sigstore, foreign] = [await startLocalSigstore(), await startLocalSigstore()]
try {
  const release = startRelease(folder, sigstore)
  mkdirSync(join(target, 'shared'), { recursive: true })
  const shared = (name: string, content: string): void => writeFileSync(join(target, 'shared', name), content)
  shared('app.tgz', artifactBytes)
  shared('trusted_root.json', JSON.stringify(sigstore.trustedRoot))
  shared('foreign_root.json', JSON.stringify(foreign.trustedRoot))
  shared('rekor-v1.sigstore.json', JSON.stringify(await release.attested(releaseJob)))
  shared('rekor-v2.sigstore.json', JSON.stringify(await release.attested(releaseJob, { rekor: 2 })))
  const made = cases(sigstore.trustedRoot as unknown as Root, foreign.trustedRoot as unknown as Root)
  for (const [name, { what, roots, bundle = 'rekor-v1' }] of Object.entries(made)) {
    const at = join(target, name)
    rmSync(at, { recursive: true, force: true })
    mkdirSync(at)
    const trustedRoots = roots.map((root, index) => {
      if (typeof root === 'string' && root.startsWith('shared/')) return `../${root}`
      const several = typeof root === 'string' && root.includes('}\n{')
      const file = `trusted_root${roots.length === 1 ? '' : `-${index + 1}`}.json${several ? 'l' : ''}`
      writeFileSync(join(at, file), typeof root === 'string' ? root : JSON.stringify(root))
      return file
    })
    const question: AskedOfVector = {
      ...{ bundle: `../shared/${bundle}.sigstore.json`, artifact: '../shared/app.tgz', trustedRoots },
      ask: release.question(releaseJob),
    }
    writeFileSync(join(at, 'question.json'), indented(question))
    writeFileSync(join(at, 'expect.json'), indented({ what }))
  }
  console.log(
    `${Object.keys(made).length} roots are in ${target}; \`node scripts/fixtures.ts trust\` writes the answers`,
  )
} finally {
  await Promise.all([sigstore.close(), foreign.close()])
  rmSync(folder, { recursive: true, force: true })
}
