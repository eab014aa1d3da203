/** What whoever may push to a forge makes of the record there. */
import { createHash } from 'node:crypto'
import type { Scratch } from '../world/scratch-repository.ts'

const refs = 'refs/countersign/sessions/'

/** The digest of the one record. */
export function digestAt(bare: Scratch): string {
  const names = bare.git(['for-each-ref', '--format=%(refname)', refs.slice(0, -1)]).split('\n')
  const [name = ''] = names
  if (names.length !== 1) throw new Error(`there are records: ${names.join(' ')}`)
  return name.slice(refs.length)
}

/** Other words in the transcript, under the name that it had. */
export function alter(bare: Scratch): void {
  const digest = digestAt(bare)
  bare.git(['update-ref', `${refs}${digest}`, recordOf(bare, digest, reworded(bare, digest), 'unsigned')])
}

/** Other words in the transcript, under the name that is theirs, in the place of what was there or beside it. */
export function forge(bare: Scratch, how: 'instead' | 'beside', seal: 'unsigned' | 'copied'): void {
  const digest = digestAt(bare)
  const transcript = reworded(bare, digest)
  const own = createHash('sha256').update(transcript).digest('hex')
  bare.git(['update-ref', `${refs}${own}`, recordOf(bare, digest, transcript, seal, own)])
  if (how === 'instead') bare.git(['update-ref', '-d', `${refs}${digest}`])
}

/** The same record without the signature of its commit. */
export function unsign(bare: Scratch): void {
  const digest = digestAt(bare)
  const transcript = bare.git(['cat-file', 'blob', `${refs}${digest}:record.jsonl`])
  bare.git(['update-ref', `${refs}${digest}`, recordOf(bare, digest, `${transcript}\n`, 'unsigned')])
}

/** The same record with another bundle beside it. */
export function rebundle(bare: Scratch, digest: string, bundle: string): void {
  const blob = (text: string): string => bare.git(['hash-object', '-w', '--stdin'], text)
  const kept = bare.git(['ls-tree', `${refs}${digest}`]).split('\n')
  const files = [
    ...kept.filter((it) => !it.endsWith('.sigstore.json')),
    `100644 blob ${blob(bundle)}\trecord.sigstore.json`,
  ]
  const tree = bare.git(['mktree'], `${files.join('\n')}\n`)
  const commit = `${bare.git(['cat-file', 'commit', `${refs}${digest}`])}\n`.replace(/^tree .*/, `tree ${tree}`)
  bare.git(['update-ref', `${refs}${digest}`, bare.git(['hash-object', '-w', '-t', 'commit', '--stdin'], commit)])
}

function reworded(bare: Scratch, digest: string): string {
  const transcript = bare.git(['cat-file', 'blob', `${refs}${digest}:record.jsonl`])
  // Longer, too: of several the one with the most answers would be pinned.
  const last = transcript.split('\n').findLast((it) => it.includes('"type":"assistant"')) ?? ''
  const more = last.replaceAll(/"(?:msg|toolu)_/g, '$&9').replace(/"uuid":"0/, '"uuid":"f')
  return `${transcript.replaceAll('JSON.parse', 'eval')}\n${more}\n`
}

function recordOf(
  bare: Scratch,
  digest: string,
  transcript: string,
  seal: 'unsigned' | 'copied',
  own = digest,
): string {
  const blob = (text: string): string => bare.git(['hash-object', '-w', '--stdin'], text)
  const card = bare.git(['cat-file', 'blob', `${refs}${digest}:record.json`]).replaceAll(digest, own)
  const lines = [`100644 blob ${blob(card)}\trecord.json`, `100644 blob ${blob(transcript)}\trecord.jsonl`]
  const tree = bare.git(['mktree'], `${lines.join('\n')}\n`)
  const commit = `${bare.git(['cat-file', 'commit', `${refs}${digest}`])}\n`.replace(/^tree .*/, `tree ${tree}`)
  const object = seal === 'copied' ? commit : commit.replace(/\ngpgsig .*(?:\n .*)*/, '')
  return bare.git(['hash-object', '-w', '-t', 'commit', '--stdin'], object)
}
