/**
 * Witnesses who saw the log grow: each signs a checkpoint only after it has seen that nothing before was changed (C2SP tlog-cosignature,
 * tlog-witness). Who they are the policy says; a log cannot name its own.
 */
import { createPublicKey, verify } from 'node:crypto'
import type { KeyObject } from 'node:crypto'
import { readCheckpoint } from '../../../model/checkpoint.ts'
import type { Checkpoint } from '../../../model/checkpoint.ts'
import { parseWitnessKey } from '../../../model/witness-key.ts'
import type { WitnessKey } from '../../../model/witness-key.ts'
import { unseen } from '../row.ts'
import type { PolicyRule } from '../row.ts'

export const witnesses: PolicyRule = {
  id: 'provenance/witnesses',
  hint: 'log the signature where enough of these witnesses sign the checkpoints',
  check({ provenance: asked }, { provenance: { signed } }) {
    if (asked?.witnesses === undefined) return undefined
    const { atLeast, keys } = asked.witnesses
    const expected = `signatures of at least ${atLeast} of ${keys.length} witnesses`
    const checkpoints = signed.checkpoints.flatMap((it) => readCheckpoint(it) ?? [])
    if (checkpoints.length === 0) return [unseen(expected, 'no checkpoint')]
    const known = keys.flatMap((it) => parseWitnessKey(it) ?? [])
    const seen = known.filter((it) => checkpoints.some((checkpoint) => hasCosigned(it, checkpoint)))
    // Under two names the same key is still one witness.
    const count = new Set(seen.map(({ key }) => key.toString('hex'))).size
    const found = `of ${count}`
    return [
      count >= atLeast
        ? { outcome: 'pass', expected, found }
        : { outcome: 'fail', code: 'witnesses-too-few', expected, found },
    ]
  },
}

/** Seconds since 1970 in eight bytes, and an Ed25519 signature. */
const cosignatureBytes = 8 + 64

function hasCosigned({ name, hint, key }: WitnessKey, { note, signatures }: Checkpoint): boolean {
  const own = signatures.filter((it) => it.name === name && it.keyHint.equals(hint))
  return own.some(({ signature }) => {
    if (signature.length !== cosignatureBytes) return false
    const time = signature.readBigUInt64BE(0)
    const signed = Buffer.concat([Buffer.from(`cosignature/v1\ntime ${time}\n`), note])
    return verify(null, signed, publicKey(key), signature.subarray(8))
  })
}

/** SubjectPublicKeyInfo of Ed25519 (RFC 8410) before the 32 bytes of the key. */
const ed25519 = Buffer.from('302a300506032b6570032100', 'hex')

function publicKey(key: Buffer): KeyObject {
  return createPublicKey({ key: Buffer.concat([ed25519, key]), format: 'der', type: 'spki' })
}
