/** `countersign verify --vsa`: flags → SummaryRequest, and what is said of the summary. Loaded where one is asked for. */
import { verifyForSummary } from '../../attest.ts'
import type { SignedSummary, SummaryRequest, VerifiedForSummary } from '../../attest.ts'
import { CountersignError } from '../../index.ts'
import type { ArtifactInput } from '../../index.ts'
import { unsteering } from '../../report.ts'
import type { BulkRequest, Verdict } from '../../verify.ts'
import { withFlags } from '../flags.ts'
import { shellCommand } from '../shell.ts'
import { say, worldOf } from '../terminal.ts'
import type { Terminal } from '../terminal.ts'
import { signerOf } from './receipt-signer-flags.ts'
import { sigstoreChoice } from './sigstore-choice.ts'
import type { SummaryFlags } from './summary-flags.ts'

type Flags = SummaryFlags & { readonly vsa: string; readonly localState?: string }

/** A verification of one artifact, and the summary of it. */
interface CommandSummary {
  /** Errors: `usage`, `question-incomplete`, those of `verifyForSummary`. */
  judge(artifacts: readonly ArtifactInput[], request: BulkRequest): AsyncGenerator<Verdict>
  /** A "no" stays one, whatever becomes of its summary; after a "yes" the error is thrown. */
  sign(): Promise<void>
}

export async function openSummary(flags: Flags, terminal: Terminal): Promise<CommandSummary> {
  const { vsa: path, resourceUri, verifierId, overwrite, append } = flags
  if (resourceUri === undefined) {
    const words = 'a summary says where its artifact is fetched from (`resourceUri`)'
    throw new CountersignError('question-incomplete', words, { option: 'resourceUri' })
  }
  if (overwrite === true && append === true) {
    throw new CountersignError('usage', '--overwrite and --append do not go together')
  }
  const whenPresent = overwrite === true ? 'replace' : append === true ? 'append' : 'refuse'
  const signed = {
    ...{ resourceUri, out: { path, whenPresent } as const, world: worldOf(terminal) },
    ...(verifierId === undefined ? {} : { verifierId }),
    ...(await signerAsked(flags, terminal)),
  }
  let verified: VerifiedForSummary | undefined
  return {
    async *judge(artifacts, request) {
      const artifact = theOnly(artifacts)
      verified = await signing(() => verifyForSummary({ ...request, ...signed, artifact }))
      yield verified.verdict
    },
    sign: () => (verified === undefined ? Promise.resolve() : signSummary(verified, flags, terminal)),
  }
}

/** Error: `usage`. */
function theOnly(artifacts: readonly ArtifactInput[]): ArtifactInput {
  const [artifact, ...more] = artifacts
  if (artifact !== undefined && more.length === 0) return artifact
  throw new CountersignError('usage', `a summary is of one artifact, and here are ${artifacts.length}`, {
    option: 'vsa',
    hint: 'each artifact is fetched from an address of its own: verify them one by one',
  })
}

type Signing = Pick<SummaryRequest, 'signer' | 'sigstore' | 'identityTokenFile' | 'publishPrivate'>

/** Error: `usage` (a key and an identity), those of keys. */
async function signerAsked(flags: Flags, terminal: Terminal): Promise<Signing> {
  const { vsaSigstore, localState, identityTokenFile, publishPrivate } = flags
  const asksKey = [flags.keyFile, flags.signerCommand, flags.publicKey, flags.keyId].some((it) => it !== undefined)
  if (asksKey || flags.signerArgument !== undefined) {
    if (vsaSigstore !== undefined || identityTokenFile !== undefined) {
      throw new CountersignError('usage', 'a key and an identity do not sign together')
    }
    return { signer: await signerOf('verify --vsa', flags, terminal) }
  }
  const folder = vsaSigstore === 'local' && localState !== undefined ? { localState } : {}
  const sigstore = vsaSigstore === undefined ? undefined : sigstoreChoice({ sigstore: vsaSigstore, ...folder })
  return {
    ...(sigstore === undefined ? {} : { sigstore }),
    ...(identityTokenFile === undefined ? {} : { identityTokenFile }),
    ...(publishPrivate === undefined ? {} : { publishPrivate }),
  }
}

/** Which Sigstore signs here is said by another flag than which one is trusted: errors of signing name that one. */
async function signing<T>(sign: () => Promise<T>): Promise<T> {
  try {
    return await sign()
  } catch (thrown) {
    if (!(thrown instanceof CountersignError) || thrown.hint === undefined) throw thrown
    const hint = withFlags(thrown.hint).replaceAll('--sigstore', '--vsa-sigstore')
    const detail = thrown.option === undefined ? { hint } : { hint, option: thrown.option }
    throw new CountersignError(thrown.code, thrown.message, { ...detail, cause: thrown })
  }
}

async function signSummary(verified: VerifiedForSummary, flags: Flags, terminal: Terminal): Promise<void> {
  try {
    const signed = await signing(() => verified.sign())
    if (signed === undefined) say(terminal, 'note: nothing was decided, so no summary was written')
    else talk(signed, flags, terminal)
  } catch (thrown) {
    if (!(thrown instanceof CountersignError) || verified.verdict.outcome === 'pass') throw thrown
    say(terminal, `warning: ${thrown.message} (${thrown.code})`)
    if (thrown.hint !== undefined) say(terminal, `hint: ${thrown.hint}`)
  }
}

function talk({ notes, verifierId }: SignedSummary, { vsa, resourceUri = '' }: Flags, terminal: Terminal): void {
  for (const note of notes) say(terminal, `note: ${note}`)
  say(terminal, `wrote a summary of the verdict to ${unsteering(vsa)}, as ${unsteering(verifierId)}`)
  const words = ['countersign', 'vsa-verify', 'ARTIFACT', '--vsa', vsa, '--verifier-id', verifierId]
  say(
    terminal,
    `others ask with: ${shellCommand([...words, '--resource-uri', resourceUri, '--level', 'LEVEL'])} and who signs`,
  )
}
