/**
 * Makes `fixtures/bundles/forged` anew: each forgery of docs/forgeries.md's table that one file of bundles can show, signed at an
 * embedded Sigstore whose keys are thrown away. What is committed stays as it is, so that other verifiers can count on it; this
 * is run where a row is added, with its number: `node scripts/vectors.ts 22k`. Without a number all are made anew.
 */
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { startLocalSigstore } from '../src/embedded/index.ts'
import type { LooseQuestion } from '../src/model/question.ts'
import { parseQuestion } from '../src/policy/question.ts'
import { answerOf } from '../test/fixtures/vector.ts'
import type { AskedOfVector, VectorExpectation, VectorQuestion } from '../test/fixtures/vector.ts'
import { rootsOf } from '../test/forgeries/ask.ts'
import type { Forgery, Handed, Scene } from '../test/forgeries/row.ts'
import { forgeries } from '../test/forgeries/rows.ts'
import { withoutVector } from '../test/forgeries/without-vector.ts'
import { startRelease } from '../test/world/release.ts'

const target = fileURLToPath(new URL('../fixtures/bundles/forged/', import.meta.url))

/** Numbers of rows; none for all. */
const asked = process.argv.slice(2)

/** What a row was handed, and what was said of it. */
interface Made {
  readonly row: Forgery
  readonly forged: Handed
  readonly genuine: Handed
  readonly unasked: Handed | undefined
  readonly reasons: readonly string[]
}

async function made(row: Forgery, scene: Scene): Promise<Made> {
  const { forged, genuine, unasked } = await row.make(scene)
  if (forged.handed === undefined || genuine.handed === undefined) {
    throw new Error(`(${row.id}) hands over no file of bundles: say in without-vector.ts why`)
  }
  const reasons = await forged()
  if (JSON.stringify(reasons) !== JSON.stringify(row.stoppedBy)) {
    throw new Error(`(${row.id}) is stopped by ${reasons.join(', ')}`)
  }
  if ((await genuine()).length > 0) throw new Error(`(${row.id}) what it imitates does not pass`)
  return {
    row,
    reasons,
    forged: await forged.handed(),
    genuine: await genuine.handed(),
    unasked: await unasked?.handed?.(),
  }
}

/** A file that a vector names. */
interface File {
  readonly name: string
  /** Its name in `shared`, where it lies if several vectors name it. */
  readonly shared: string
  readonly text: string
}

class Files {
  readonly #users = new Map<string, Set<string>>()
  readonly #shared = new Map<string, string>()

  add(row: string, { text, shared }: File): void {
    const users = (this.#users.get(text) ?? new Set()).add(row)
    this.#users.set(text, users)
    // A few rows alone share nothing: what is shared already is named by other folders.
    if (asked.length === 0 && users.size === 2 && !this.#shared.has(text))
      this.#shared.set(text, this.#freeName(shared))
  }

  /** Writes it; its path from the folder of the row. */
  write(row: string, { name, text }: File): string {
    const shared = this.#shared.get(text)
    const path = shared === undefined ? name : `../shared/${shared}`
    if (text.length <= mostPlain) {
      writeFileSync(join(target, row, path), text)
      return path
    }
    writeFileSync(join(target, row, `${path}.gz`), gzipSync(text, { level: 9 }))
    return `${path}.gz`
  }

  #freeName(name: string): string {
    const taken = new Set(this.#shared.values())
    const [first = '', ...rest] = name.split('.')
    for (let count = 1; ; count += 1) {
      const free = [count === 1 ? first : `${first}-${count}`, ...rest].join('.')
      if (!taken.has(free)) return free
    }
  }
}

/** Characters of a file that is kept as it is. */
const mostPlain = 1_000_000

const textOf = (content: unknown): string => (typeof content === 'string' ? content : JSON.stringify(content))

function filesOf(
  handed: Handed,
  bundleName: string,
): {
  readonly bundle: File
  readonly artifact: File
  readonly roots: readonly File[]
  readonly key: File | undefined
  readonly policy: File | undefined
  readonly approval: File | undefined
} {
  const roots = rootsOf(handed.trust)
  const { key } = handed.question
  const { policy } = handed
  const prefix = bundleName.startsWith('genuine') ? 'genuine-' : ''
  return {
    bundle: { name: bundleName, shared: 'genuine.sigstore.json', text: textOf(handed.bundle) },
    artifact: {
      name: basename(handed.artifact),
      shared: basename(handed.artifact),
      text: readFileSync(handed.artifact, 'utf8'),
    },
    roots: roots.map((json, index) => ({
      name: roots.length === 1 ? 'trusted_root.json' : `trusted_root-${index + 1}.json`,
      shared: 'trusted_root.json',
      text: textOf(json),
    })),
    key: typeof key === 'string' ? { name: 'key.pem', shared: 'key.pem', text: key } : undefined,
    policy: policy && { name: `${prefix}policy.yaml`, shared: 'policy.yaml', text: policy.text },
    approval: policy?.approved && {
      name: `${prefix}policy.sigstore.json`,
      shared: 'policy.sigstore.json',
      text: textOf(policy.approved.approval),
    },
  }
}

function written(row: string, files: Files, handed: Handed, bundleName: string): AskedOfVector {
  const { bundle, artifact, roots, key: keyed, policy, approval } = filesOf(handed, bundleName)
  const isQuestion = handed.summary === undefined && policy === undefined
  const meaning = isQuestion ? meaningOf(handed.question) : undefined
  const { approved } = handed.policy ?? {}
  return {
    bundle: files.write(row, bundle),
    artifact: files.write(row, artifact),
    trustedRoots: roots.map((it) => files.write(row, it)),
    ask: keyed === undefined ? handed.question : { ...handed.question, key: files.write(row, keyed) },
    ...(handed.summary === undefined ? {} : { summary: handed.summary }),
    ...(meaning === undefined ? {} : { means: meaning }),
    ...(policy && {
      policy: {
        file: files.write(row, policy),
        ...(approved &&
          approval && {
            approved: { signer: approved.signer, issuer: approved.issuer, bundle: files.write(row, approval) },
          }),
      },
    }),
    ...(handed.at === undefined ? {} : { at: handed.at }),
  }
}

/** The question in whole; none of a question that cannot be asked. */
function meaningOf(question: LooseQuestion): { readonly [part: string]: string } | undefined {
  try {
    return parseQuestion(question).written
  } catch {
    return undefined
  }
}

const without = (row: Made): readonly string[] =>
  Object.keys(row.forged.question).filter((it) => row.unasked !== undefined && !(it in row.unasked.question))

function write(rows: readonly Made[]): void {
  const files = new Files()
  for (const { row, forged, genuine } of rows) {
    for (const { bundle, artifact, roots, ...others } of [filesOf(forged, ''), filesOf(genuine, '')]) {
      const { key, policy, approval } = others
      const known = [key, policy, approval].filter((it) => it !== undefined)
      for (const file of [bundle, artifact, ...roots, ...known]) files.add(row.id, file)
    }
  }
  mkdirSync(join(target, 'shared'), { recursive: true })
  for (const one of rows) {
    const { id, forger } = one.row
    rmSync(join(target, id), { recursive: true, force: true })
    mkdirSync(join(target, id))
    const asked = written(id, files, one.forged, 'bundle.sigstore.json')
    const genuine = written(id, files, one.genuine, 'genuine.sigstore.json')
    const imitated = Object.fromEntries(
      Object.entries(genuine).filter(
        ([name, it]) => JSON.stringify(it) !== JSON.stringify(asked[name as keyof typeof asked]),
      ),
    )
    const question: VectorQuestion = { ...asked, imitated }
    const expected: VectorExpectation = {
      what: `the forger ${forger}`,
      ...answerOf(one.reasons),
      ...(one.unasked === undefined ? {} : { passesWithout: without(one) }),
    }
    for (const [name, json] of Object.entries({ question, expect: expected })) {
      writeFileSync(join(target, id, `${name}.json`), `${JSON.stringify(json, null, 2)}\n`)
    }
  }
}

const chosen = forgeries.filter(({ id }) => !withoutVector.has(id) && (asked.length === 0 || asked.includes(id)))
if (chosen.length === 0) throw new Error(`no forgery has one of these numbers: ${asked.join(' ')}`)
if (asked.length === 0) {
  for (const it of readdirSync(target, { withFileTypes: true })) {
    if (it.isDirectory()) rmSync(join(target, it.name), { recursive: true })
  }
}

const folder = mkdtempSync(join(tmpdir(), 'countersign-vectors-'))
const [sigstore, foreign] = [await startLocalSigstore(), await startLocalSigstore()]
try {
  const checkout = (): never => {
    throw new Error('a vector needs no checkout')
  }
  const scene: Scene = { release: startRelease(folder, sigstore), foreign, checkout }
  const rows: Made[] = []
  for (const row of chosen) rows.push(await made(row, scene))
  write(rows)
  console.log(`${rows.length} vectors are in ${target}`)
} finally {
  await Promise.all([sigstore.close(), foreign.close()])
  rmSync(folder, { recursive: true, force: true })
}
