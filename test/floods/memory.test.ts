/**
 * Files of tens of megabytes that anybody can put beside an artifact: before a signature is checked, none may cost more memory
 * than a small machine has. Each is read in a process of its own, because a peak is that of the whole process.
 */
import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { encode, tags } from '../../src/sigstore/verify/asn1.ts'
import { part } from '../world/runs.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'countersign-test-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const script = fileURLToPath(new URL('./peak.ts', import.meta.url))

/** Megabytes. */
const most = 300

async function peak(what: 'index' | 'inspect', content: string): Promise<number> {
  const path = join(folder, 'flood')
  writeFileSync(path, content)
  const { stdout } = await promisify(execFile)(process.execPath, ['--max-old-space-size=4000', script, what, path])
  return Number(stdout)
}

const statement = (predicate: string): string =>
  `{"_type":"https://in-toto.io/Statement/v1","subject":[{"digest":{"sha256":"${'a'.repeat(64)}"}}],` +
  `"predicateType":"https://example.com/x","predicate":{"x":${predicate}}}`

interface Flood {
  /** Base64 */
  readonly certificate?: string
  readonly timestamp?: string
  readonly predicate?: string
  /** JSON of a member that nobody knows. */
  readonly unknown?: string
}

/** A bundle as text. */
function bundle({ certificate = 'MAA=', timestamp = 'MAA=', predicate = '0', unknown = '0' }: Flood): string {
  const payload = Buffer.from(statement(predicate)).toString('base64')
  const material =
    `{"certificate":{"rawBytes":"${certificate}"},"tlogEntries":[],` +
    `"timestampVerificationData":{"rfc3161Timestamps":[{"signedTimestamp":"${timestamp}"}]}}`
  return (
    `{"mediaType":"application/vnd.dev.sigstore.bundle.v0.3+json","verificationMaterial":${material},` +
    `"dsseEnvelope":{"payload":"${payload}","payloadType":"x","signatures":[{"sig":"AAAA"}]},"unknown":${unknown}}`
  )
}

const nulls = (count: number): string =>
  encode(tags.sequence, Buffer.alloc(2 * count, Buffer.of(5, 0))).toString('base64')
const list = (part: string, count: number): string => `[${`${part},`.repeat(count - 1)}${part}]`
const lines = (line: string, count: number): string => `${line}\n`.repeat(count)

/** Entries of a list, with so many characters in the predicate of each. */
const entries = (count: number, characters: number): string =>
  list(`{"bundle":${bundle({ predicate: `"${'x'.repeat(characters)}"` })}}`, count).slice(1, -1)

function names(count: number): string {
  return `{${Array.from({ length: count }, (_, index) => `"${index.toString(36)}x":0`).join()}}`
}

it.each<[string, 'index' | 'inspect', () => string]>(
  part(
    [
      ['a certificate of very many elements', 'inspect', () => bundle({ certificate: nulls(4_000_000) })],
      ['a timestamp of very many elements', 'inspect', () => bundle({ timestamp: nulls(4_000_000) })],
      ['several of them', 'inspect', () => lines(bundle({ certificate: nulls(1_500_000) }), 6)],
      ['very many objects where nobody looks', 'index', () => bundle({ unknown: list('{}', 10_000_000) })],
      ['very many names where nobody looks', 'index', () => bundle({ unknown: names(3_000_000) })],
      ['very many objects in each statement', 'inspect', () => lines(bundle({ predicate: list('{}', 400_000) }), 30)],
      ['very many bundles in one document', 'inspect', () => `{"attestations":[${entries(9_999, 1_800)}]}`],
      ['very many more of them than are read', 'inspect', () => `{"attestations":[${entries(60_000, 100)}]}`],
      ['a document longer than any is', 'inspect', () => `{"attestations":[${entries(9_999, 4_400)}]}`],
      ['documents with nothing between them', 'index', () => `{"attestations":[${entries(2_400, 4_400)}]}`.repeat(4)],
      ['one that is never closed', 'index', () => `{"half":\n${' 1,\n'.repeat(16_000_000)}`],
      ['two of the largest lines', 'index', () => lines(bundle({ unknown: `"${'x'.repeat(31_000_000)}"` }), 2)],
    ],
    4,
  ),
)('a file with %s costs little memory to %s', async (_, what, content) => {
  expect(await peak(what, content())).toBeLessThan(most)
})
