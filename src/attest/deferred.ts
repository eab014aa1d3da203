/** What becomes of statements when services are out: they are kept unsigned, all of them, for `resume`. */
import { CountersignError, attemptAsync, option } from '../errors.ts'
import type { ErrorCode } from '../errors.ts'
import { sha256Hex } from '../model/digest.ts'
import { preparedIdentityOf } from '../model/prepared.ts'
import { keepUnsigned, removeUnsigned } from '../store/prepared-file.ts'
import { version } from '../version.ts'
import type { Attestation, UnsignedAttestation } from './request.ts'
import { signAndWrite } from './sign-and-write.ts'
import type { SigningGoal } from './sign-and-write.ts'

/** A statement that is still to be signed, made when it is its turn. */
export interface Pending {
  readonly make: () => UnsignedAttestation
  readonly goal: SigningGoal
}

/**
 * Signs the first. After an outage, and with `defer`, that and all others are kept in their order, without being tried: services that
 * are out for one are out for the next, and each would take the whole time for repetitions. Errors: those of signing; `DeferredError`.
 */
export async function signOrKeep(
  pending: readonly [Pending, ...Pending[]],
  onOutage: 'fail' | 'defer' | undefined,
): Promise<Attestation> {
  const [{ make, goal }] = pending
  const signed = await attemptAsync(() => signAndWrite(make(), goal))
  if (!(signed instanceof CountersignError)) return signed
  throw onOutage === 'defer' && isOutage(signed, goal) ? await keptAfter(signed, pending) : signed
}

/** What passes by itself; a refusal does not. */
const outages: readonly ErrorCode[] = [
  'service-unavailable',
  'service-answer-malformed',
  'trust-unavailable',
  'token-expired',
]

/** Whether an error is an outage after which a statement can be kept. */
export function isOutage({ code }: CountersignError, { out }: SigningGoal): boolean {
  return outages.includes(code) && out !== undefined
}

/** The error to end with: a `DeferredError` that says where all of them are, or, where one cannot be kept, that none is. */
async function keptAfter(
  outage: CountersignError,
  pending: readonly [Pending, ...Pending[]],
): Promise<CountersignError> {
  const kept: Kept[] = []
  for (const one of pending) {
    const made = await attemptAsync(() => keep(one))
    if (made instanceof CountersignError) {
      // A part of them would be taken for all.
      for (const { path, sha256 } of kept) await removeUnsigned(path, sha256)
      const what = pending.length === 1 ? 'the statement' : 'the statements'
      return new CountersignError(made.code, `${outage.message}; and ${what} could not be kept: ${made.message}`, {
        cause: outage,
      })
    }
    kept.push(made)
  }
  const [first = '', ...others] = kept.map(({ path }) => path)
  return new DeferredError(outage, [first, ...others])
}

interface Kept {
  readonly path: string
  readonly sha256: string
}

/** Errors: `output-failed`, `internal` (there is no output). */
async function keep({ make, goal: { token, out, world } }: Pending): Promise<Kept> {
  if (out === undefined) throw new CountersignError('internal', 'there is no place to keep a statement')
  const statement = Buffer.from(make().statement)
  const path = await keepUnsigned({
    ...{ statement, identity: preparedIdentityOf(token), out: out.path },
    ...{ preparedAt: world.now(), version },
  })
  return { path, sha256: sha256Hex(statement) }
}

/** Files that an error names; all of them stand in `preparedAll`. */
const namedFiles = 10

/**
 * Services failed, and the statement was kept in a file that `resume` signs; of several statements each in one, in the order in
 * which `resumeEach` signs them. Its code is that of the failure.
 *
 * @example
 * ```ts
 * import { DeferredError, attest, resume } from 'countersign/attest'
 * import { embeddedSigstore } from 'countersign/embedded'
 *
 * const sigstore = embeddedSigstore()
 * const out = { path: 'app.sigstore.json', whenPresent: 'replace' } as const
 * const made = await attest({ subjects: { paths: ['dist/app.tgz'] }, sigstore, out, onOutage: 'defer' }).catch(
 *   (error: unknown) => {
 *     if (error instanceof DeferredError) return resume({ prepared: error.prepared, sigstore, out })
 *     throw error
 *   },
 * )
 * console.log(made.written)
 * ```
 */
export class DeferredError extends CountersignError {
  /** Path of the file, or of the first of them. */
  readonly prepared: string
  readonly preparedAll: readonly string[]

  constructor(outage: CountersignError, files: readonly [string, ...string[]]) {
    const [first] = files
    const more = files.length - namedFiles
    const names = `${files.slice(0, namedFiles).join(', ')}${more > 0 ? ` and ${more} more` : ''}`
    const kept = files.length === 1 ? 'the unsigned statement is kept in' : 'the unsigned statements are kept in'
    super(outage.code, `${outage.message}; ${kept} ${names}`, {
      option: 'prepared',
      hint: `sign ${files.length === 1 ? 'it' : 'all of them'} later, in this run and with the same Sigstore (${option('prepared')} ${first}${files.length === 1 ? '' : ' …'})`,
      cause: outage,
    })
    this.prepared = first
    this.preparedAll = files
  }
}
