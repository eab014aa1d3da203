/**
 * What both Rekor versions have in common: one growing Merkle tree (RFC 6962) over canonical entries, and its signed
 * checkpoint (C2SP tlog-checkpoint: origin, size, root hash, then a signed note).
 */
import { sign } from 'node:crypto'
import type { KeyObject } from 'node:crypto'
import type { EntryRecord, EntryStore } from './entry-store.ts'
import { createMerkleTree, leafHash } from './merkle.ts'

/** An entry with the proof that it is in the tree as it is now. */
export interface LoggedEntry extends EntryRecord {
  readonly index: number
  /** RFC 6962 leaf hash; the log finds an entry by it. */
  readonly leafHash: Buffer
  readonly proof: {
    readonly treeSize: number
    readonly rootHash: Buffer
    readonly hashes: readonly Buffer[]
    readonly checkpoint: string
  }
}

export interface TransparencyLog {
  /** Key id by which a bundle and a trusted root name the log; its first four bytes stand in a checkpoint. */
  readonly id: Buffer
  readonly size: number
  rootHash(): Buffer
  checkpoint(): string
  /** The entry with this body, if the log has it. */
  find(leaf: Buffer): LoggedEntry | undefined
  entry(index: number): LoggedEntry | undefined
  /** Keeps the entry (see EntryStore.append) and gives it back with its proof. */
  add(record: EntryRecord): LoggedEntry
  /** Signature of the log's key, as checkpoints and SETs carry it. */
  sign(data: Uint8Array): Buffer
}

interface LogOptions {
  /** Name in the signature line: the host of the log's `baseUrl` in a trusted root. */
  readonly name: string
  /** First line of a checkpoint. */
  readonly origin: string
  readonly id: Buffer
  readonly key: KeyObject
  readonly store: EntryStore
}

/**
 * Opens the log over what its store holds already. A new log begins with an entry of its own, which is about nothing: the
 * JSON form of a bundle leaves out an index of 0 and an empty proof, and sigstore-python then finds it malformed.
 */
export function openTransparencyLog({ name, origin, id, key, store }: LogOptions): TransparencyLog {
  const tree = createMerkleTree()
  const records: EntryRecord[] = []
  const indexByLeaf = new Map<string, number>()
  const digest = key.asymmetricKeyType === 'ed25519' ? null : 'sha256'

  const take = (record: EntryRecord, leaf: Buffer): number => {
    const index = tree.add(leaf)
    records.push(record)
    indexByLeaf.set(leaf.toString('hex'), index)
    return index
  }
  for (const record of store.records) take(record, leafHash(record.body))
  const keep = (record: EntryRecord): number => {
    store.append(record) // first: what is not kept must not be in the tree
    return take(record, leafHash(record.body))
  }
  if (tree.size === 0) keep({ integratedTime: 0, body: Buffer.from(JSON.stringify({ kind: 'first entry', origin })) })

  const signWithKey = (data: Uint8Array): Buffer => sign(digest, data, key)
  const checkpoint = (): string => {
    const note = `${origin}\n${tree.size}\n${tree.root().toString('base64')}\n`
    const signature = Buffer.concat([id.subarray(0, 4), signWithKey(Buffer.from(note))]).toString('base64')
    return `${note}\n\u2014 ${name} ${signature}\n`
  }
  const entry = (index: number): LoggedEntry | undefined => {
    const record = records[index]
    if (record === undefined) return undefined
    return {
      ...record,
      index,
      leafHash: leafHash(record.body),
      proof: {
        treeSize: tree.size,
        rootHash: tree.root(),
        hashes: tree.inclusionPath(index),
        checkpoint: checkpoint(),
      },
    }
  }

  return {
    id,
    get size(): number {
      return tree.size
    },
    rootHash: () => tree.root(),
    checkpoint,
    find: (leaf) => entry(indexByLeaf.get(leaf.toString('hex')) ?? -1),
    entry,
    add(record): LoggedEntry {
      return entry(keep(record)) as LoggedEntry
    },
    sign: signWithKey,
  }
}
