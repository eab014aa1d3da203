/** The files of a checkpoint by session: which are read, and in which order. Pure. */

/** A session in a checkpoint: full ids of blobs. */
export interface SessionFiles {
  /** Its number, as its folder is called; empty where the checkpoint itself is the folder of its only session. */
  readonly name: string
  readonly metadata: string | undefined
  readonly contentHash: string | undefined
  /** Of the transcript, all parts in their order; empty where there is none, or where a part is missing between others. */
  readonly transcript: readonly string[]
  /** The compact form, which Entire makes of the transcript: the tool's own record is not here. */
  readonly isCompact: boolean
}

/** The sessions in their order. `files`: path in the folder → blob. */
export function sessionsIn(files: ReadonlyMap<string, string>): SessionFiles[] {
  const numbers = [...files.keys()].flatMap((path) => /^(\d+)\//.exec(path)?.[1] ?? [])
  const names = [...new Set(numbers)].sort((a, b) => Number(a) - Number(b))
  // Before a checkpoint could have several sessions, the files of the only one lay beside its metadata.
  return (names.length > 0 ? names : files.has('full.jsonl') ? [''] : []).map((name) => sessionIn(files, name))
}

function sessionIn(files: ReadonlyMap<string, string>, name: string): SessionFiles {
  const folder = name === '' ? '' : `${name}/`
  const full = fullTranscript(files, folder)
  const compact = files.get(`${folder}transcript.jsonl`)
  const isCompact = full === undefined && compact !== undefined
  return {
    name,
    metadata: files.get(`${folder}metadata.json`),
    contentHash: files.get(`${folder}content_hash.txt`),
    transcript: isCompact ? [compact] : (full ?? []),
    isCompact,
  }
}

/** Undefined if there is none at all. */
function fullTranscript(files: ReadonlyMap<string, string>, folder: string): string[] | undefined {
  const parts = [...files.keys()].filter((path) => path.startsWith(`${folder}full.jsonl`)).sort()
  if (parts.length === 0) return undefined
  const isWhole = parts.every(
    (path, at) => path === `${folder}full.jsonl${at === 0 ? '' : `.${String(at).padStart(3, '0')}`}`,
  )
  return isWhole ? parts.map((path) => files.get(path) ?? '') : []
}
