/** Signatures of commits → who signed each. Only what is asked about is looked at, and git's own configuration is asked nothing. */
import { CountersignError, option } from '../../errors.ts'
import type { CommitSigner } from '../../model/change.ts'
import type { CertifiedRefusal, VerifyCertified } from '../../model/certified-signature.ts'
import { limits } from '../../model/limits.ts'
import type { ReaderReport, Signer } from '../../model/session.ts'
import type { Repository } from '../git/repository.ts'
import { parseAllowedSigners } from './allowed-signers.ts'
import type { AllowedSigner, AllowedSigners } from './allowed-signers.ts'
import { base64In, kindOf } from './armour.ts'
import { readCommitObjects } from './commit-objects.ts'
import { newGpgv } from './gpgv.ts'
import type { Gpgv } from './gpgv.ts'
import { knownKeys } from './known-keys.ts'
import type { KnownKey } from './known-keys.ts'
import { keyringBytes, openPgpSignature } from './openpgp.ts'
import { signedCommit } from './signed-commit.ts'
import type { SignedCommit } from './signed-commit.ts'
import { verifySshSignature } from './ssh-signature.ts'
import { recordKeyName, whoseKnownKey, whoseRecordKey, whoseSshKey } from './whose-key.ts'
import type { Whose } from './whose-key.ts'

/** Among the readers of a range, though it reads no records. */
export const signatureReader = 'commit-signature'

/** What can be found about a signature that does not count. */
export const signatureFindings = {
  'signature-malformed': 'a signature of a commit that could not be read, or two of them',
  'signature-wrong': 'a signature that is not one of this commit by its key, or not of a commit at all',
  'signature-not-verified':
    'a signature of a kind that is not verified here: a certificate of S/MIME, an unknown key of SSH',
  'signature-unlogged': 'a signature of gitsign in which neither a log entry nor a timestamp says when it was made',
  'signature-untrusted': 'a signature of gitsign whose certificate, log entry or time does not hold',
  'signature-weak': 'a signature by a key or a digest that is too weak, or of a security key that nobody touched',
  'signature-unbound': 'a good signature by a known key that is not the committer’s, or not then',
  'allowed-signer-unused': 'a line of the allowed signers that lets nobody in here',
  'allowed-signers-empty': 'a file of allowed signers, or of the keys of a forge, with no key in it: it lets nobody in',
} as const
type SignatureCode = keyof typeof signatureFindings

/** Whose keys the caller knows. */
export interface SignerKeys {
  /** As ssh-keygen(1) describes it, "ALLOWED SIGNERS". */
  readonly allowedSigners?: string | undefined
  /** In the same form: keys of the caller's own forge, which signs what people do on its pages. They make nobody a person. */
  readonly forgeSigners?: string | undefined
  /** OpenPGP public keys, one after another or a keybox; armoured or not. */
  readonly keyring?: Buffer | undefined
  /** Verifies signatures under certificates of identities that the caller knows; another room's. Undefined: none is known. */
  readonly verifyCertified?: VerifyCertified | undefined
}

/** The same, read. */
export interface KnownSigners {
  readonly allowed: readonly AllowedSigner[]
  readonly unused: readonly { readonly line: number; readonly why: string }[]
  /** Files that were named and have no line for anybody, as a variable of a job leaves them that is not set. */
  readonly empty: readonly string[]
  readonly keyring: Buffer | undefined
  readonly verifyCertified: VerifyCertified | undefined
  readonly known: readonly KnownKey[]
  /** False where the caller named no keys: then nobody asked for signatures. */
  readonly wasAsked: boolean
}

/** Errors: `allowed-signers-malformed`, `keyring-malformed`. */
export function readSignerKeys(keys: SignerKeys | undefined, known = knownKeys): KnownSigners {
  const { allowedSigners, forgeSigners, keyring, verifyCertified } = keys ?? {}
  const { signers, unused } = parseAllowedSigners(allowedSigners ?? '')
  const ofForge = parseAllowedSigners(forgeSigners ?? '', 'forgeSigners')
  const bytes = keyring === undefined ? undefined : keyringBytes(keyring)
  if (keyring !== undefined && bytes === undefined) {
    throw new CountersignError('keyring-malformed', `${option('keyring')} holds no OpenPGP public keys`, {
      option: 'keyring',
    })
  }
  return {
    ...{
      allowed: signers,
      unused,
      empty: [
        ...(allowedSigners !== undefined && isEmpty({ signers, unused }) ? ['the file of allowed signers'] : []),
        ...(forgeSigners !== undefined && isEmpty(ofForge) ? ['the file of the forge’s keys'] : []),
      ],
      keyring: bytes,
      verifyCertified,
      known: [...known, ...forgeKeys(ofForge)],
    },
    wasAsked: allowedSigners !== undefined || keyring !== undefined || verifyCertified !== undefined,
  }
}

/** Whatever name and time stand beside a key: a forge writes any, and its key raises nothing at any time. */
function forgeKeys({ signers }: AllowedSigners): KnownKey[] {
  return signers.map(({ fingerprint }) => ({
    ...{ signer: 'forge', name: 'a forge that the caller names', fingerprint },
    ...{ since: '1970-01-01', source: 'the caller' },
  }))
}

function isEmpty({ signers, unused }: AllowedSigners): boolean {
  return signers.length + unused.length === 0
}

export interface Signatures {
  /** Commit → who signed it, where that is known. */
  readonly signers: ReadonlyMap<string, Signer>
  /** Commit → their name, where the certificate or the list of allowed signers has it. */
  readonly names: ReadonlyMap<string, CommitSigner>
  /** Undefined where nobody asked and none is signed. */
  readonly report: ReaderReport | undefined
}

type Say = (code: SignatureCode, commit: string | undefined, detail: string) => void

/**
 * Who signed each of the commits; those among `records` name nobody, and their key alone says it. Where git fails, nobody did. Errors: `object-altered`, and `git-failed` where the run itself
 * was stopped.
 */
export async function readSignatures(
  repository: Repository,
  commits: ReadonlySet<string>,
  keys: KnownSigners,
  finding: Say,
  records: ReadonlySet<string> = new Set(),
): Promise<Signatures> {
  for (const it of keys.empty) finding('allowed-signers-empty', undefined, it)
  for (const { line, why } of keys.unused) finding('allowed-signer-unused', undefined, `line ${line}: ${why}`)
  const gpgv = keys.keyring === undefined ? undefined : newGpgv(repository.git, keys.keyring)
  const look = newLook(keys, gpgv, finding, records)
  const asked = [...commits].slice(0, limits.signedCommits)
  if (asked.length < commits.size)
    look.unseen('commits beyond the most that are looked at', commits.size - asked.length)
  try {
    for await (const { commit, object } of readCommitObjects(repository, asked)) {
      if (object === 'too-large') look.unseen('commits that are too large', 1)
      else await look.at(commit, signedCommit(object, repository.objectFormat))
    }
  } catch (thrown) {
    if (!(thrown instanceof CountersignError) || thrown.code !== 'git-failed') throw thrown
    if (repository.git.signal?.aborted === true) throw thrown
    const report = { reader: signatureReader, outcome: 'could-not-look', claims: 0, detail: thrown.message } as const
    return { signers: new Map(), names: new Map(), report }
  } finally {
    await gpgv?.close()
  }
  return { signers: look.signers, names: look.names, report: look.report() }
}

interface Looking {
  readonly signers: ReadonlyMap<string, Signer>
  readonly names: ReadonlyMap<string, CommitSigner>
  at(commit: string, signed: SignedCommit | 'unsigned' | 'malformed'): Promise<void>
  unseen(what: string, count: number): void
  report(): ReaderReport | undefined
}

function newLook(keys: KnownSigners, gpgv: Gpgv | undefined, finding: Say, records: ReadonlySet<string>): Looking {
  const signers = new Map<string, Signer>()
  const names = new Map<string, CommitSigner>()
  const unseen = new Map<string, number>()
  let signatures = 0
  let runs = 0
  let certified = 0

  function addUnseen(what: string, count: number): void {
    unseen.set(what, (unseen.get(what) ?? 0) + count)
  }

  async function whose(commit: string, signed: SignedCommit): Promise<Whose> {
    const kind = kindOf(signed.signature)
    if (kind === 'ssh') return whoseSsh(commit, signed)
    if (kind === 'openpgp') return whoseOpenPgp(commit, signed)
    if (kind === 'x509') return whoseCertified(commit, signed)
    finding('signature-malformed', commit, 'a signature of no known kind')
    return undefined
  }

  async function whoseCertified(commit: string, { signature, payload }: SignedCommit): Promise<Whose> {
    const der = base64In(signature, 'SIGNED MESSAGE')
    if (der === undefined) finding('signature-malformed', commit, 'a signature with a certificate that cannot be read')
    else if (keys.verifyCertified === undefined) addUnseen('signatures with certificates, and no identity was named', 1)
    else if (certified === limits.certifiedSignatures) {
      addUnseen('signatures with certificates beyond the most that are looked at', 1)
    } else {
      const answer = await keys.verifyCertified(der, payload)
      // One of nobody who was named costs next to nothing.
      if (answer.outcome !== 'unnamed') certified += 1
      if (answer.outcome === 'signed') {
        names.set(commit, answer.by)
        return answer.signer
      }
      if (answer.outcome === 'undecided') addUnseen(`signatures with certificates, and ${answer.detail}`, 1)
      else if (answer.outcome === 'refused') {
        const [code, why] = certifiedFailures[answer.code]
        finding(code, commit, `${why} (${answer.detail})`)
      }
    }
    return undefined
  }

  function whoseSsh(commit: string, signed: SignedCommit): Whose {
    const key = verifySshSignature(signed.signature, signed.payload)
    if (typeof key === 'object') {
      const whoseOwn = records.has(commit) ? whoseRecordKey : whoseSshKey
      const whose =
        whoseKnownKey([key.fingerprint], signed, keys.known) ?? whoseOwn(key.fingerprint, signed, keys.allowed)
      const { committer } = signed
      // A name only where the key is the committer's own, and not the author's alone.
      const isOwn = whoseSshKey(key.fingerprint, { committer, author: undefined }, keys.allowed) === 'person'
      if (whose === 'person' && isOwn && committer !== undefined)
        names.set(commit, { kind: 'person', name: committer.address, issuer: undefined })
      else if (whose === 'person' && records.has(commit))
        names.set(commit, {
          ...{ kind: 'person', name: recordKeyName(key.fingerprint, signed, keys.allowed) },
          issuer: undefined,
        })
      return whose
    }
    const [code, why] = sshFailures[key]
    finding(code, commit, why)
    return undefined
  }

  async function whoseOpenPgp(commit: string, signed: SignedCommit): Promise<Whose> {
    const signature = openPgpSignature(signed.signature)
    if (signature === undefined) {
      finding('signature-malformed', commit, 'an OpenPGP signature that cannot be read')
      return undefined
    }
    if (gpgv === undefined) addUnseen('OpenPGP signatures, for which no keyring was given', 1)
    else if (runs === limits.openPgpSignatures) addUnseen('OpenPGP signatures beyond the most that are looked at', 1)
    else {
      runs += 1
      const answer = await gpgv.verify(signature, signed.payload)
      if (answer === 'cannot-look') addUnseen('OpenPGP signatures, and gpgv cannot be started', 1)
      else if (answer === 'wrong') finding('signature-wrong', commit, 'an OpenPGP signature that gpgv does not accept')
      else if (answer === 'weak') finding('signature-weak', commit, 'an OpenPGP signature over a weak digest')
      else if (answer !== 'unknown-key') return whoseKnownKey(answer, signed, keys.known) ?? 'person'
    }
    return undefined
  }

  return {
    signers,
    names,
    unseen: addUnseen,
    async at(commit, signed) {
      if (signed === 'unsigned') return
      signatures += 1
      if (signed === 'malformed') finding('signature-malformed', commit, 'a signature without end, or two')
      else {
        const signer = await whose(commit, signed)
        if (typeof signer === 'string') signers.set(commit, signer)
        else if (signer !== undefined) finding('signature-unbound', commit, signer.unbound)
      }
    },
    report() {
      if (signatures === 0 && unseen.size === 0 && !keys.wasAsked) return undefined
      const report = { reader: signatureReader, claims: signers.size }
      if (unseen.size === 0) return { ...report, outcome: signers.size === 0 ? 'nothing' : 'found' }
      const detail = [...unseen].map(([what, count]) => `${count} ${what}`).join('; ')
      return { ...report, outcome: 'could-not-look', detail }
    },
  }
}

const certifiedFailures: { readonly [refusal in CertifiedRefusal]: readonly [SignatureCode, string] } = {
  malformed: ['signature-malformed', 'a signature with a certificate that cannot be read'],
  uncertified: ['signature-not-verified', 'a signature with a certificate of another kind than gitsign’s'],
  wrong: ['signature-wrong', 'a signature with a certificate that is not of this commit'],
  unlogged: ['signature-unlogged', 'a signature of gitsign without the entry of its log'],
  untrusted: ['signature-untrusted', 'a signature of gitsign under no trusted root'],
}

type Failure = Exclude<ReturnType<typeof verifySshSignature>, object>

const sshFailures: { readonly [failure in Failure]: readonly [SignatureCode, string] } = {
  malformed: ['signature-malformed', 'an SSH signature that cannot be read'],
  unsupported: ['signature-not-verified', 'an SSH signature of a kind that is not verified here'],
  weak: ['signature-weak', 'an SSH signature by a key that is too short'],
  'no-presence': ['signature-weak', 'an SSH signature by a security key that nobody touched'],
  'wrong-namespace': ['signature-wrong', 'an SSH signature of something that is no commit'],
  wrong: ['signature-wrong', 'an SSH signature that is not of this commit'],
}
