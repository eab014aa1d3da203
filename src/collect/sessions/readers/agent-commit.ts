/**
 * Reader `agent-commit`: what the platform of an agent signed about a run that made a commit, a Sigstore bundle a line, in
 * `refs/notes/commits`. Nothing says where such attestations are kept; those of the source are kept there. One that is verified is
 * the record of its run, and its bytes are pinned; one that cannot be verified here is what any note is: a claim.
 */
import { CountersignError } from '../../../errors.ts'
import { limits } from '../../../model/limits.ts'
import { byText } from '../../../model/text-order.ts'
import { partIn } from '../../change/visited.ts'
import type { Visited } from '../../change/visited.ts'
import { readBlobs } from '../../git/objects.ts'
import { readAgentCommit } from '../agent-commit/attestation.ts'
import type { AgentCommit } from '../agent-commit/attestation.ts'
import { notesAt } from '../notes-at.ts'
import { sourceFindings } from '../source/findings.ts'
import { noteLines } from '../source/note-lines.ts'
import { knownTools } from '../tools.ts'
import type { Look as AnyLook, SessionReader } from './row.ts'

const ref = 'refs/notes/commits'

const findings = {
  ...sourceFindings,
  'attestation-unverified': 'an attestation of an agent’s run that could not be verified here: it stays a claim',
  'session-id-invalid': 'an id that cannot be one',
  'format-newer': 'a record in a later format, read as far as it fits',
} as const
type Look = AnyLook<keyof typeof findings>

export const agentCommit: SessionReader<keyof typeof findings> = {
  id: 'agent-commit',
  title: `attestations of agents' runs in ${ref}`,
  refs: [ref],
  isSeldom: true,
  fetch: `git fetch origin ${ref}:${ref}`,
  findings,
  async open(look) {
    const notes = await notesAt(look, ref)
    if ('outcome' in notes) return notes
    const inRange: NoteAt[] = []
    return {
      commit(visited) {
        const blob = notes.blobOf.get(visited.commit)
        if (typeof blob === 'string') inRange.push({ blob, commit: visited.commit, part: partIn(visited) })
      },
      async finish() {
        await readNotes(look, inRange)
        return undefined
      },
      absence: () => notes.absence,
    }
  },
}

interface NoteAt extends Pick<Visited, 'commit'> {
  readonly blob: string
  readonly part: ReturnType<typeof partIn>
}

/** What is wrong with a note as such, the reader of statements about the source says of the same note. */
async function readNotes(look: Look, unsorted: readonly NoteAt[]): Promise<void> {
  // Sorted, so that what is beyond a limit does not depend on the order of the commits.
  const notes = unsorted.toSorted((a, b) => byText(a.commit, b.commit) || byText(a.part.commit, b.part.commit))
  const blobs = notes.map(({ blob }) => blob)
  let left: number = limits.sourceBundles
  for await (const { index, contents } of readBlobs(look.repository, blobs, limits.sourceNoteBytes)) {
    const at = notes[index]
    if (at === undefined || contents === 'too-large') continue
    if (contents === 'missing') throw new CountersignError('git-failed', `the note for commit ${at.commit} is not here`)
    for (const bundle of noteLines(contents).bundles) {
      const attestation = readAgentCommit(bundle)
      if (attestation === undefined) continue
      if (left === 0) look.finding('source-limit', at.commit, 'an attestation was not verified')
      else await readAttestation(look, at, bundle, attestation)
      left = Math.max(0, left - 1)
    }
  }
}

async function readAttestation(look: Look, at: NoteAt, bundle: Uint8Array, attestation: AgentCommit): Promise<void> {
  const { commit, part } = at
  const answer = await look.verifySource(bundle, commit)
  const isOpen = answer.outcome === 'undecided' || (answer.outcome === 'refused' && answer.code === 'source-unverified')
  // Nothing that was signed about another commit is said of this one, whoever put it here.
  if (!attestation.isAbout(commit) || (answer.outcome === 'refused' && !isOpen)) {
    const { code, detail } = answer.outcome === 'refused' ? answer : otherCommit
    look.finding(code, commit, detail)
    return
  }
  if (answer.outcome !== 'verified') look.finding('attestation-unverified', commit, answer.detail)
  if (attestation.isNewer) look.finding('format-newer', commit, 'the attestation')
  const { runs, invalidIds, beyond } = attestation.runs(look.tools ?? knownTools)
  if (invalidIds > 0)
    look.finding('session-id-invalid', commit, `${invalidIds} of the attestation can be no session id`)
  if (beyond > 0) look.finding('source-limit', commit, `${beyond} subagents of the attestation do not count`)
  const digest = answer.outcome === 'verified' ? answer.statement.digest : undefined
  for (const [index, run] of runs.entries()) {
    // It is the record of the run, and no more than a word about those that the run started.
    const place = { kind: 'note', ref, digest: index === 0 ? digest : undefined } as const
    look.record({ ...run, place, change: part })
  }
}

const otherCommit = { code: 'source-other-commit', detail: 'the commit is no subject of the statement' } as const
