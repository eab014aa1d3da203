/** What may not be recorded once more, because somebody took something out of it afterwards. */
import { resolve } from 'node:path'
import { CountersignError, attemptAsync } from '../errors.ts'
import type { Repository } from '../collect/git/repository.ts'
import { redactionsHere } from '../collect/session-records/redactions.ts'
import type { FoundRedaction } from '../collect/session-records/redactions.ts'
import { ownAllowedSigners, publicKey } from '../collect/session-records/signing-key.ts'
import { readSignerKeys } from '../collect/signatures/index.ts'
import { limits } from '../model/limits.ts'
import { readRegularFile } from '../platform/files.ts'
import type { World } from '../platform/world.ts'
import { replacementsHere } from './record-replacements.ts'

export interface RedactedBefore {
  /** Whether this very record was replaced; `byHand`: or its session had something taken out that no rule finds, which the transcript here still has. */
  isReplaced(record: OfSession & { readonly digest: string }): boolean
  isByHand(session: OfSession): boolean
  /** Digests of redactions of it that do not count here: whoever recorded it should look at them. */
  notCounted(session: OfSession): readonly string[]
}

interface OfSession {
  readonly tool: string
  readonly session: string | undefined
}

interface Asked {
  readonly world: World
  /** How records are signed here, and by which key where that is not the one of git's configuration. */
  readonly sign: 'ssh' | 'sigstore' | 'none'
  readonly signingKey: string | undefined
}

/**
 * By those redactions that count: whoever may push could else keep a colleague's sessions from being recorded. Whose signatures count the person
 * may have told git (SSH keys alone), and their own key does. Who signs with Sigstore has named nobody to anybody here: then a bundle is enough, since to record
 * less gives nothing away.
 */
export async function redactedBefore(repository: Repository, asked: Asked): Promise<RedactedBefore> {
  const { redactions } = await redactionsHere(repository)
  const signed = redactions.filter(({ found, bundle }) => found.isSigned || bundle !== undefined)
  const counts = signed.length === 0 ? undefined : await counting(repository, asked)
  const own = signed.filter((it) => counts?.(it) === true)
  const named = own.filter(({ said: { removed } }) => removed.words + removed.rows > 0)
  const replaced = new Set(
    own.flatMap((it) => [it.said.replaces, ...it.said.earlier].map((old) => `${nameOf(it)} ${old}`)),
  )
  const byHand = new Set(named.map(nameOf))
  const others = Map.groupBy(
    signed.filter((it) => !own.includes(it)),
    nameOf,
  )
  const key = ({ tool, session }: OfSession): string => `${tool}:${session ?? ''}`
  return {
    isReplaced: (it) => replaced.has(`${key(it)} ${it.digest}`),
    isByHand: (it) => byHand.has(key(it)),
    notCounted: (it) => (others.get(key(it)) ?? []).map(({ found }) => found.digest),
  }
}

function nameOf({ found: { header } }: FoundRedaction): string {
  return `${header.tool}:${header.session}`
}

async function counting(
  repository: Repository,
  { world, sign, signingKey }: Asked,
): Promise<(redaction: FoundRedaction) => boolean> {
  const told = await toldSigners(repository, world)
  const own = await publicKey(repository.git, signingKey, world.env)
  const allowedSigners = `${told ?? ''}\n${own === undefined ? '' : `* ${own}`}\n`
  const { replacements } = await replacementsHere(repository, { signers: { allowedSigners }, verifyRecords: undefined })
  const digests = new Set(replacements.map(({ digest }) => digest))
  const isByBundle = ({ bundle }: FoundRedaction): boolean =>
    sign === 'sigstore' && told === undefined && bundle !== undefined
  return (it) => digests.has(it.found.digest) || isByBundle(it)
}

/** The text of that file; undefined where git was told of none, or what it was told cannot be read. */
async function toldSigners({ git }: Repository, { cwd }: World): Promise<string | undefined> {
  const path = await ownAllowedSigners(git)
  if (path === undefined) return undefined
  const read = await attemptAsync(async () => {
    const text = await readRegularFile(resolve(cwd, path), limits.allowedSignersBytes, 'the file of allowed signers')
    readSignerKeys({ allowedSigners: text.toString('utf8') })
    return text.toString('utf8')
  })
  return read instanceof CountersignError ? undefined : read
}
