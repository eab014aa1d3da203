/** A session in the making: what its records say, and what stands where they differ. The order of the records does not matter. */
import { limits } from '../../model/limits.ts'
import { isBeside, linkages } from '../../model/record.ts'
import type { RecordOf } from '../../model/record-attestation.ts'
import type { Linkage, Role } from '../../model/record.ts'
import { signers } from '../../model/session.ts'
import type { Session, Signer } from '../../model/session.ts'
import { normalModel } from './models.ts'
import type { RecordContent } from './record-table.ts'

/** What records say of one thing: undefined while none says anything, their value while they agree. */
export type Agreed<T> = T | undefined | typeof disagreed
const disagreed = Symbol('disagreed')

export interface SessionDraft {
  readonly tool: string
  readonly id: string | undefined
  /** Normal forms. */
  readonly models: Set<string>
  /** Names that were said for one of these in another form. */
  readonly modelsSaid: Set<string>
  readonly readers: Set<string>
  /** Who signed commits that say so. */
  readonly signers: Set<Signer>
  /** Who signed its record, or the commits that brought it in. */
  readonly recordSigners: Set<Signer>
  /** Ascending. */
  readonly commits: string[]
  toolVersion: Agreed<string>
  role: Agreed<Role>
  requester: Agreed<string>
  parent: Agreed<string | null>
  /** SHA-256 of the bytes of its record. */
  digest: Agreed<string>
  startedAt: string | undefined
  endedAt: string | undefined
  linesAdded: number | undefined
  /** Place in `linkages`. */
  linkage: number
}

/** A session before its level is decided. */
export type JoinedSession = Omit<
  { [name in keyof Session as string extends name ? never : name]: Session[name] },
  'level' | 'recordSigner'
> & { readonly recordSigner?: Signer }

export function newDraft(tool: string, id: string | undefined): SessionDraft {
  return {
    tool,
    id,
    models: new Set(),
    modelsSaid: new Set(),
    readers: new Set(),
    signers: new Set(),
    recordSigners: new Set(),
    commits: [],
    toolVersion: undefined,
    role: undefined,
    requester: undefined,
    parent: undefined,
    digest: undefined,
    startedAt: undefined,
    endedAt: undefined,
    linesAdded: undefined,
    linkage: 0,
  }
}

/**
 * Models and readers add up; one model under several names is one. Of two versions none stands, of two roles `unknown`: both can be true of one session, at different
 * times. What a tool did in one commit (it reviewed) is not what its session did there, nor what it did in others: a role that
 * a record without an id tells is that of the tool alone, and stands where all such records tell the same. The rest belongs to the one session that its record names, so a record without an id adds none of it: of two digests,
 * two parents or two requesters none stands, since nobody can tell which is right ({@link contradictionsIn}); the time is from
 * the earliest start to the latest end.
 */
export function addContent(draft: SessionDraft, content: RecordContent, signerOf: SignerOf): void {
  for (const said of content.models) {
    const model = normalModel(said)
    draft.models.add(model)
    if (said !== model) draft.modelsSaid.add(said)
  }
  draft.readers.add(content.reader)
  draft.toolVersion = agreed(draft.toolVersion, content.toolVersion)
  if (draft.id === undefined) draft.role = agreed(draft.role, content.role ?? 'unknown')
  if (content.session === undefined) return
  draft.role = agreed(draft.role, content.role === 'unknown' ? undefined : content.role)
  draft.digest = agreed(draft.digest, 'digest' in content.place ? content.place.digest : undefined)
  if ('digest' in content.place && content.place.digest !== undefined) {
    const { digest } = content.place
    const seal = content.place.kind === 'record' ? content.place.seal : undefined
    const { tool, session } = content
    const found = [
      signerOf.record({ digest, tool, session }),
      seal === undefined ? undefined : signerOf.commit(seal.commit),
    ]
    for (const signer of found) if (signer !== undefined) draft.recordSigners.add(signer)
  }
  draft.parent = agreed(draft.parent, content.parent)
  draft.requester = agreed(draft.requester, content.requester)
  draft.startedAt = first(draft.startedAt, content.startedAt, (a, b) => a < b)
  draft.endedAt = first(draft.endedAt, content.endedAt, (a, b) => a > b)
}

/** Who signed a commit, by its id, or the bytes of a record as one of a session; undefined: nobody who is known. */
export interface SignerOf {
  commit(id: string): Signer | undefined
  record(record: Pick<RecordOf, 'digest' | 'tool' | 'session'>): Signer | undefined
}

/** The weakest linkage stands. Commits come in the order of their ids. */
export function addCommit(draft: SessionDraft, commit: string, linkage: Linkage): void {
  if (draft.commits.at(-1) !== commit) draft.commits.push(commit)
  draft.linkage = Math.max(draft.linkage, linkages.indexOf(linkage))
}

/** A note lies beside its commit, and a file of records comes with others: who signed those has not said what stands here. */
export function addSigner(draft: SessionDraft, { place }: RecordContent, saidIn: string, signerOf: SignerOf): void {
  const signer = isBeside(place) ? undefined : signerOf.commit(saidIn)
  if (signer !== undefined) draft.signers.add(signer)
}

/** Lines of one more commit. */
export function addLines(draft: SessionDraft, lines: number): void {
  draft.linesAdded = (draft.linesAdded ?? 0) + lines
}

/** In what the records of a session contradict each other. */
export function contradictionsIn(draft: SessionDraft): string[] {
  return (['digest', 'parent', 'requester'] as const).filter((name) => draft[name] === disagreed)
}

export function sessionOf(draft: SessionDraft): JoinedSession {
  const digest = settled(draft.digest)
  const modelsSaid = [...draft.modelsSaid].sort().slice(0, limits.modelsPerSession)
  return {
    ...optional('id', draft.id),
    tool: draft.tool,
    ...optional('toolVersion', settled(draft.toolVersion)),
    models: [...draft.models].sort().slice(0, limits.modelsPerSession),
    ...optional('modelsSaid', modelsSaid.length === 0 ? undefined : modelsSaid),
    ...optional('startedAt', draft.startedAt),
    ...optional('endedAt', draft.endedAt),
    ...optional('parent', settled(draft.parent)),
    ...optional('role', roleOf(draft.role)),
    ...optional('requester', settled(draft.requester)),
    commits: draft.commits,
    ...optional('lines', draft.linesAdded === undefined ? undefined : { added: draft.linesAdded }),
    linkage: linkages[draft.linkage] ?? 'note-copied',
    readers: [...draft.readers].sort(),
    ...optional('signers', draft.signers.size === 0 ? undefined : [...draft.signers].sort()),
    // Of the bytes that stand here, and so of none where records differ.
    ...optional('recordSigner', digest === undefined ? undefined : signers.find((it) => draft.recordSigners.has(it))),
    ...optional('digest', digest === undefined ? undefined : { sha256: digest }),
  }
}

function roleOf(role: Agreed<Role>): Role | undefined {
  return role === disagreed ? 'unknown' : role === 'unknown' ? undefined : role
}

/** What is agreed on once one more says this. */
export function agreed<T>(known: Agreed<T>, said: T | undefined): Agreed<T> {
  if (known === undefined) return said
  return said === undefined || said === known ? known : disagreed
}

/** The value that all agree on; undefined where there is none. */
export function settled<T>(value: Agreed<T>): T | undefined {
  return value === disagreed ? undefined : value
}

function first(
  known: string | undefined,
  said: string | undefined,
  isBefore: (a: string, b: string) => boolean,
): string | undefined {
  if (known === undefined || said === undefined) return known ?? said
  return isBefore(said, known) ? said : known
}

function optional<Name extends string, T>(name: Name, value: T | undefined): { [name in Name]?: T } {
  return value === undefined ? {} : ({ [name]: value } as { [name in Name]: T })
}
