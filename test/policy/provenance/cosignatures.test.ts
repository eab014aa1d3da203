/** Witnesses of a log: who signed its checkpoint, by keys that the policy has, each once. */
import { createHash, generateKeyPairSync, sign } from 'node:crypto'
import type { KeyObject } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { codeOfAsync } from '../../world/failure.ts'
import { judgeBy, policyText, refusalsIn, releaseJob } from '../../world/policy-release.ts'
import { edited, useRelease } from '../../world/release.ts'
import type { EditableBundle } from '../../world/release.ts'

const release = useRelease()

interface Witness {
  readonly name: string
  readonly privateKey: KeyObject
  readonly bytes: Buffer
}

function witness(name: string): Witness {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519')
  return { name, privateKey, bytes: publicKey.export({ format: 'der', type: 'spki' }).subarray(-32) }
}

const hint = (name: string, algorithm: number, bytes: Buffer): Buffer =>
  createHash('sha256').update(`${name}\n`).update(Buffer.of(algorithm)).update(bytes).digest().subarray(0, 4)

function keyOf({ name, bytes }: Witness, algorithm = 4): string {
  const text = Buffer.concat([Buffer.of(algorithm), bytes]).toString('base64')
  return `${name}+${hint(name, algorithm, bytes).toString('hex')}+${text}`
}

interface Signing {
  readonly note?: (own: string) => string
  readonly word?: string
  readonly said?: bigint
}

/** The line of a witness below a checkpoint (C2SP tlog-cosignature). */
function line(
  { name, privateKey, bytes }: Witness,
  note: string,
  { note: of = (it) => it, word, said }: Signing,
): string {
  const time = 1_795_000_000n
  const stamp = Buffer.alloc(8)
  stamp.writeBigUInt64BE(said ?? time)
  const signed = sign(null, Buffer.from(`${word ?? 'cosignature/v1'}\ntime ${time}\n${of(note)}`), privateKey)
  return `\u2014 ${name} ${Buffer.concat([hint(name, 4, bytes), stamp, signed]).toString('base64')}\n`
}

const cosigned = (bundle: EditableBundle, all: readonly Witness[], signing: Signing = {}): EditableBundle =>
  edited(bundle, ({ verificationMaterial: { tlogEntries } }) => {
    const { checkpoint } = tlogEntries[0]!.inclusionProof!
    const note = checkpoint.envelope.slice(0, checkpoint.envelope.indexOf('\n\n') + 1)
    checkpoint.envelope += all.map((it) => line(it, note, signing)).join('')
  })

const [one, two, other] = [
  witness('one.witness.example'),
  witness('two.witness.example'),
  witness('one.witness.example'),
]
const few = ['provenance/witnesses fail witnesses-too-few']

async function rows(bundle: EditableBundle, atLeast: number, keys = [keyOf(one), keyOf(two)]): Promise<string[]> {
  const text = policyText(release(), { provenance: { witnesses: { atLeast, keys } } })
  return refusalsIn(await judgeBy(release(), [bundle], text))
}

describe('provenance/witnesses', () => {
  test('are those who signed the checkpoint', async () => {
    const bundle = await release().genuine(releaseJob)
    expect(await rows(bundle, 1)).toEqual(few)
    expect(await rows(cosigned(bundle, [one]), 1)).toEqual([])
    expect(await rows(cosigned(bundle, [one]), 2)).toEqual(few)
    expect(await rows(cosigned(bundle, [one, two]), 2)).toEqual([])
  })

  test.each<[string, readonly Witness[], Signing]>([
    ['somebody else by the same name', [other], {}],
    ['one of them twice', [one, one], {}],
    ['one of another tree', [one, two], { note: (it) => it.replace(/\n\d+\n/, '\n1\n') }],
    ['one who signed as a log does', [one, two], { word: 'checkpoint' }],
    ['one whose time was changed', [one, two], { said: 1n }],
  ])('are not %s', async (_, all, signing) => {
    expect(await rows(cosigned(await release().genuine(releaseJob), all, signing), 2)).toEqual(few)
  })

  test('are one where one key has two names', async () => {
    const alias = { ...one, name: 'alias.witness.example' }
    const bundle = cosigned(await release().genuine(releaseJob), [one, alias])
    expect(await rows(bundle, 2, [keyOf(one), keyOf(alias)])).toEqual(few)
  })

  test.each([
    ['a key of a log', () => keyOf(one, 1)],
    ['another hash', () => keyOf(one).replace(/\+[0-9a-f]{8}\+/, '+00000000+')],
    ['a name alone', () => 'one.witness.example'],
    ['bytes that are no key', () => 'one+00000000+AAAA'],
  ])('are known by no %s', async (_, key) => {
    const asked = release()
      .genuine(releaseJob)
      .then((it) => rows(it, 1, [key()]))
    expect(await codeOfAsync(() => asked)).toBe('policy-malformed')
  })
})
