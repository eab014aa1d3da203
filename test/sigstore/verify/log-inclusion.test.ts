/** Inclusion in a log: by promise, by proof and signed checkpoint, for every place in every small tree. */
import { createHash, generateKeyPairSync, sign } from 'node:crypto'
import type { KeyObject } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { inclusionProblem } from '../../../src/sigstore/verify/log-inclusion.ts'
import type { LogKey } from '../../../src/sigstore/verify/log-key.ts'
import type { LogEntryMaterial } from '../../../src/sigstore/verify/material.ts'
import { hashLeaf, treeHash, verifiesInclusion } from '../../embedded/rfc6962.ts'

const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' })
const log: LogKey = {
  id: createHash('sha256')
    .update(publicKey.export({ type: 'spki', format: 'der' }))
    .digest(),
  key: publicKey,
  validFor: { start: new Date('2025-01-01T00:00:00Z'), end: new Date('2025-12-31T00:00:00Z') },
  host: 'log.test.localhost',
}
const during = new Date('2025-06-01T00:00:00Z')

const bodies = Array.from({ length: 20 }, (_, index) => Buffer.from(`entry ${index}`))
const leaves = bodies.map(hashLeaf)

/** PATH of RFC 6962 §2.1.1, by its recursive definition. */
function pathOf(index: number, from: readonly Buffer[]): Buffer[] {
  if (from.length <= 1) return []
  let half = 1
  while (half * 2 < from.length) half *= 2
  return index < half
    ? [...pathOf(index, from.slice(0, half)), treeHash(from.slice(half))]
    : [...pathOf(index - half, from.slice(half)), treeHash(from.slice(0, half))]
}

interface NoteShape {
  readonly name?: string
  readonly key?: KeyObject
  readonly hint?: Buffer
  readonly origin?: string
  readonly size?: string
  readonly root?: string
  readonly lines?: readonly string[]
  readonly end?: string
}

function checkpoint(size: number, shape: NoteShape = {}): string {
  const root = shape.root ?? treeHash(leaves.slice(0, size)).toString('base64')
  const note = `${shape.origin ?? 'log.test.localhost - 1'}\n${shape.size ?? size}\n${root}\n`
  const signature = sign('sha256', Buffer.from(note), shape.key ?? privateKey)
  const own = line(shape.name ?? 'log.test.localhost', shape.hint ?? log.id.subarray(0, 4), signature)
  return `${note}\n${(shape.lines ?? ['OWN']).map((it) => (it === 'OWN' ? own : it)).join('\n')}${shape.end ?? '\n'}`
}

function line(name: string, hint: Buffer, signature: Buffer): string {
  return `\u2014 ${name} ${Buffer.concat([hint, signature]).toString('base64')}`
}

function entry(index: number, size: number, change: Partial<LogEntryMaterial> = {}): LogEntryMaterial {
  return {
    logId: log.id,
    logIndex: index,
    kind: 'dsse',
    version: '0.0.1',
    integratedTime: 0,
    body: bodies[index] ?? Buffer.from('no entry'),
    promise: undefined,
    proof: { logIndex: BigInt(index), hashes: pathOf(index, leaves.slice(0, size)), checkpoint: checkpoint(size) },
    ...change,
  }
}

const problem = (it: LogEntryMaterial, times = [during], logs = [log]): string | undefined =>
  inclusionProblem(it, logs, times)

describe('a proof', () => {
  it('holds for every entry of every tree, as RFC 9162 computes it', () => {
    for (let size = 1; size <= bodies.length; size += 1) {
      for (let index = 0; index < size; index += 1) {
        const path = pathOf(index, leaves.slice(0, size))
        const root = treeHash(leaves.slice(0, size))
        expect(verifiesInclusion({ leaf: leaves[index]!, index, size, path, root })).toBe(true)
        expect(problem(entry(index, size)), `${index} of ${size}`).toBeUndefined()
      }
    }
  })

  it('holds for no other place, length or hash', () => {
    for (const size of [1, 2, 3, 7, 8, 13]) {
      for (let index = 0; index < size; index += 1) {
        const { proof } = entry(index, size)
        const wrong = (change: Partial<NonNullable<LogEntryMaterial['proof']>>): string | undefined =>
          problem(entry(index, size, { proof: { ...proof!, ...change } }))
        for (let other = 0; other <= size + 1; other += 1) {
          // Where two places have the same path in the tree, only the entry at one of them can be there.
          if (other !== index)
            expect(wrong({ logIndex: BigInt(other) }), `${index} as ${other} of ${size}`).toBeDefined()
        }
        expect(wrong({ hashes: [...proof!.hashes, Buffer.alloc(32)] })).toBeDefined()
        if (size === 1) continue
        expect(wrong({ hashes: proof!.hashes.slice(1) })).toBeDefined()
        expect(wrong({ hashes: proof!.hashes.map((it) => Buffer.from(it).fill(1, 0, 1)) })).toBeDefined()
        expect(wrong({ hashes: proof!.hashes.map((it) => it.subarray(0, 31)) })).toBeDefined()
        expect(wrong({ hashes: proof!.hashes.map((it) => Buffer.concat([it, Buffer.of(0)])) })).toBeDefined()
      }
    }
  })

  it('holds for no other body', () => {
    expect(problem(entry(3, 8, { body: Buffer.from('entry 4') }))).toBeDefined()
  })

  it('of an inner node for a leaf does not hold', () => {
    // The two children of the root of a tree of four, as if they were an entry of a tree of one.
    const [left, right] = [treeHash(leaves.slice(0, 2)), treeHash(leaves.slice(2, 4))]
    const proof = {
      logIndex: 0n,
      hashes: [],
      checkpoint: checkpoint(1, { root: treeHash(leaves.slice(0, 4)).toString('base64') }),
    }
    expect(problem(entry(0, 1, { body: Buffer.concat([left, right]), proof }))).toBeDefined()
  })

  it('of a place beyond the size of the tree does not hold, even where its hashes lead to the root', () => {
    for (const [index, size] of [
      [1, 1],
      [3, 3],
      [7, 5],
    ] as const) {
      const whole = index + 1
      const root = treeHash(leaves.slice(0, whole)).toString('base64')
      const proof = (said: number): NonNullable<LogEntryMaterial['proof']> => ({
        logIndex: BigInt(index),
        hashes: pathOf(index, leaves.slice(0, whole)),
        checkpoint: checkpoint(said, { root }),
      })
      expect(problem(entry(index, whole, { proof: proof(whole) }))).toBeUndefined()
      expect(problem(entry(index, whole, { proof: proof(size) })), `${index} of ${size}`).toBeDefined()
    }
  })

  it('in an empty tree does not hold', () => {
    const proof = { logIndex: 0n, hashes: [], checkpoint: checkpoint(0) }
    expect(problem(entry(0, 1, { proof }))).toBeDefined()
  })

  it('without a promise holds under a key that was believed at each trusted time', () => {
    const at = (...times: readonly string[]): string | undefined =>
      problem(
        entry(0, 2),
        times.map((it) => new Date(it)),
      )
    expect(at('2025-01-01T00:00:00Z', '2025-12-31T00:00:00Z')).toBeUndefined()
    expect(at('2024-12-31T23:59:59Z')).toBeDefined()
    expect(at('2025-06-01T00:00:00Z', '2026-01-01T00:00:00Z')).toBeDefined()
  })
})

describe('a checkpoint', () => {
  const withNote = (shape: NoteShape): string | undefined =>
    problem(entry(1, 4, { proof: { ...entry(1, 4).proof!, checkpoint: checkpoint(4, shape) } }))
  const other = generateKeyPairSync('ec', { namedCurve: 'prime256v1' })
  const witness = line('witness.test.localhost', Buffer.from('01020304', 'hex'), Buffer.alloc(72))

  it.each<[string, NoteShape]>([
    ['has the signatures of witnesses before and after its own', { lines: [witness, 'OWN', witness] }],
    ['has another origin, of another tree of the same log', { origin: 'log.test.localhost - 2' }],
    ['is of a Rekor v1 that signs as its pod', { name: 'rekor-server-7d9-abc', origin: 'rekor-server-7d9-abc - 1' }],
    ['is of a Rekor v1 that signs with its port', { name: 'localhost:8000', origin: 'localhost:8000 - 12419064' }],
  ])('holds if it %s', (_, shape) => {
    expect(withNote(shape)).toBeUndefined()
  })

  it.each<[string, NoteShape]>([
    ['is signed by another key', { key: other.privateKey }],
    ['is signed by another key under the right name, hint and origin', { key: other.privateKey, name: log.host! }],
    ['is signed under another name than its origin', { name: 'log.test' }],
    ['is no note of Rekor v1 and has another name', { name: 'log.test', origin: 'log.test' }],
    ['is signed under another hint', { hint: Buffer.from('01020304', 'hex') }],
    ['has a witness only', { lines: [witness] }],
    ['has no signature', { lines: [] }],
    ['has a line that is no signature', { lines: ['OWN', 'x'] }],
    ['has an empty line between its signatures', { lines: ['OWN', '', witness] }],
    ['ends within a line', { end: '' }],
    ['has more signatures than a note can have', { lines: ['OWN', ...Array.from({ length: 100 }, () => witness)] }],
    ['is of another tree', { root: treeHash(leaves.slice(0, 5)).toString('base64') }],
    ['is of another size', { size: '5' }],
    ['has a size with a sign', { size: '+4' }],
    ['has a size with a zero in front', { size: '04' }],
    ['has a size in hex', { size: '0x4' }],
    ['has no size', { size: '' }],
    ['has no origin', { origin: '' }],
    ['has no root', { root: '' }],
  ])('does not hold if it %s', (_, shape) => {
    expect(withNote(shape)).toBeDefined()
  })

  it('does not hold without its signatures, nor with another text than was signed', () => {
    for (const edit of [(it: string) => it.split('\n\n')[0]!, (it: string) => it.replace('- 1', '- 2'), () => '']) {
      expect(problem(entry(1, 4, { proof: { ...entry(1, 4).proof!, checkpoint: edit(checkpoint(4)) } }))).toBeDefined()
    }
  })
})

describe('a checkpoint of Rekor v2', () => {
  const ed = generateKeyPairSync('ed25519')
  const noteId = (name: string): Buffer =>
    createHash('sha256')
      .update(`${name}\n`)
      .update(Buffer.of(1))
      .update(ed.publicKey.export({ type: 'spki', format: 'der' }).subarray(-32))
      .digest()
  const name = 'v2.test.localhost'
  const v2: LogKey = { ...log, id: noteId(name), key: ed.publicKey, host: name }
  const ec: LogKey = { ...log, host: name }

  /** An entry of `of`, with a checkpoint that its key signed as `signedAs`, under the origin `origin`. */
  const found = (of: LogKey, signedAs = name, origin = signedAs): string | undefined => {
    const note = `${origin}\n4\n${treeHash(leaves.slice(0, 4)).toString('base64')}\n`
    const key = of.key === ed.publicKey ? ed.privateKey : privateKey
    const hash = of.key === ed.publicKey ? null : 'sha256'
    const hint = of.checkpointKeyId ?? of.id
    const text = `${note}\n${line(signedAs, hint.subarray(0, 4), sign(hash, Buffer.from(note), key))}\n`
    const proof = { ...entry(1, 4).proof!, checkpoint: text }
    return problem(entry(1, 4, { logId: of.id, proof }), [during], [of])
  }

  it.each([
    ['Ed25519', v2],
    ['ECDSA', ec],
  ])('under a key of %s is signed by its origin, the host of the URL', (_, it) => {
    expect(found(it)).toBeUndefined()
    for (const wrong of ['v2.test', `${name}:8000`, 'rekor-server-7d9-abc']) expect(found(it, wrong)).toBeDefined()
    expect(found(it, name, 'other.test.localhost')).toBeDefined()
  })

  it('of a log without a URL is signed by the name that its id is the hash of', () => {
    const unnamed = { ...v2, host: undefined }
    expect(found(unnamed)).toBeUndefined()
    expect(found(unnamed, 'other.test.localhost')).toBeDefined()
    expect(found({ ...unnamed, id: noteId('other.test.localhost') })).toBeDefined()
    // An id that says nothing of a name leaves nothing to know the log by.
    expect(found({ ...ec, host: undefined })).toBeDefined()
  })

  it('is found by the id of the checkpoint key, whole or in its first four bytes', () => {
    const id = createHash('sha256').update('an id of its own').digest()
    expect(found({ ...v2, id })).toBeUndefined()
    for (const length of [4, 32]) {
      const whole = { ...v2, id, checkpointKeyId: noteId(name).subarray(0, length) }
      expect(found(whole), `${length}`).toBeUndefined()
      const other = { ...entry(1, 4), logId: noteId(name) }
      const missing = problem(other, [during], [whole])
      expect(missing === 'the log is not one of the trusted root', `${length}`).toBe(length === 4)
      const short = { ...entry(1, 4), logId: noteId(name).subarray(0, 4) }
      expect(problem(short, [during], [whole]), `${length}`).toBe('the log is not one of the trusted root')
    }
  })
})

describe('a checkpoint of one log for an entry of another', () => {
  const second = generateKeyPairSync('ec', { namedCurve: 'prime256v1' })
  const shard: LogKey = { ...log, id: Buffer.alloc(32, 9), key: second.publicKey }

  it.each<[string, NoteShape]>([
    ['under its own hint', { hint: shard.id.subarray(0, 4) }],
    ['under the hint of the other', {}],
  ])('does not hold, though both are of the root: %s', (_, shape) => {
    const proof = { ...entry(1, 4).proof!, checkpoint: checkpoint(4, { key: second.privateKey, ...shape }) }
    expect(problem(entry(1, 4, { proof }), [during], [log, shard])).toBeDefined()
    expect(problem(entry(1, 4), [during], [log, shard])).toBeUndefined()
  })
})

it.each(['secp384r1', 'secp521r1'])(
  'a log with a key of %s signs with the hash of its size, or with SHA-256',
  (namedCurve) => {
    const pair = generateKeyPairSync('ec', { namedCurve })
    const own: LogKey = { ...log, key: pair.publicKey }
    for (const hash of [namedCurve === 'secp384r1' ? 'sha384' : 'sha512', 'sha256', 'sha1']) {
      const note = `log.test.localhost - 1\n4\n${treeHash(leaves.slice(0, 4)).toString('base64')}\n`
      const signature = sign(hash, Buffer.from(note), pair.privateKey)
      const text = `${note}\n${line('log.test.localhost', log.id.subarray(0, 4), signature)}\n`
      const found = problem(entry(1, 4, { proof: { ...entry(1, 4).proof!, checkpoint: text } }), [during], [own])
      expect(found === undefined, hash).toBe(hash !== 'sha1')
    }
  },
)

describe('a promise', () => {
  const seconds = during.getTime() / 1_000
  const promised = (change: Partial<LogEntryMaterial> = {}, key = privateKey): LogEntryMaterial => {
    const signed = { ...entry(5, 8, { integratedTime: seconds, proof: undefined }), ...change }
    const { body, integratedTime, logId, logIndex } = signed
    const text = `{"body":"${body.toString('base64')}","integratedTime":${integratedTime},"logID":"${logId.toString('hex')}","logIndex":${logIndex}}`
    return { ...signed, promise: sign('sha256', Buffer.from(text), key) }
  }

  it('holds over body, time, log and index', () => {
    expect(problem(promised())).toBeUndefined()
    const changes: Partial<LogEntryMaterial>[] = [
      { body: bodies[4]! },
      { integratedTime: seconds + 1 },
      { logIndex: 6 },
      { promise: Buffer.alloc(70) },
    ]
    for (const change of changes) expect(problem({ ...promised(), ...change })).toBeDefined()
  })

  it('holds under a key that was believed at the time that it states', () => {
    const at = (time: string): string | undefined => problem(promised({ integratedTime: Date.parse(time) / 1_000 }))
    expect(at('2025-12-31T00:00:00Z')).toBeUndefined()
    expect(at('2025-12-31T00:00:01Z')).toBeDefined()
    expect(at('2024-12-31T23:59:59Z')).toBeDefined()
  })

  it('is needed as well as a proof, where both are there', () => {
    const both = { ...promised(), proof: entry(5, 8).proof }
    expect(problem(both)).toBeUndefined()
    expect(problem({ ...both, promise: Buffer.alloc(70) })).toBeDefined()
    expect(problem({ ...both, proof: { ...both.proof!, hashes: [] } })).toBeDefined()
  })

  it('by another log of the root is none of this one', () => {
    const { publicKey: key, privateKey: secret } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' })
    const second = { ...log, id: Buffer.alloc(32, 9), key }
    expect(problem(promised({}, secret), [during], [log, second])).toBeDefined()
    expect(problem(promised({ logId: Buffer.alloc(32, 7) }), [during], [log, second])).toBeDefined()
  })
})

it('an entry with neither promise nor proof is not in the log', () => {
  expect(problem(entry(0, 1, { proof: undefined }))).toBeDefined()
})
