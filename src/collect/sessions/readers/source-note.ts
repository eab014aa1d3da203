/**
 * Reader `source-note`: what whoever guards the source signed about a commit (SLSA source provenance and its summaries), a Sigstore
 * bundle a line, in `refs/notes/commits`. No AI session stands there: it is context of a change, and goes to the change. Anybody
 * who may push can write a note, so a line counts only where its signature holds, and where it is about this commit.
 */
import { CountersignError } from '../../../errors.ts'
import { limits } from '../../../model/limits.ts'
import type { SourceStatement } from '../../../model/source-statement.ts'
import { byText } from '../../../model/text-order.ts'
import { readBlobs } from '../../git/objects.ts'
import { readAgentCommit } from '../agent-commit/attestation.ts'
import { sourceFindings } from '../source/findings.ts'
import { noteLines } from '../source/note-lines.ts'
import { notesAt } from '../notes-at.ts'
import type { Absence, Look as AnyLook, SessionReader } from './row.ts'

const notesRef = 'refs/notes/commits'

type Code = keyof typeof sourceFindings
type Look = AnyLook<Code>

export const sourceNote: SessionReader<Code> = {
  id: 'source-note',
  title: `source provenance in ${notesRef}`,
  fetch: `git fetch origin ${notesRef}:${notesRef}`,
  refs: [notesRef],
  isSeldom: true,
  findings: sourceFindings,
  async open(look) {
    const notes = await notesAt(look, notesRef)
    if ('outcome' in notes) return notes
    const { blobOf, absence: missing } = notes
    const inRange: NoteAt[] = []
    let absence: Absence | undefined
    return {
      commit({ commit, linkage }) {
        // What was signed of a commit of a pull request is not said of the commit that it became.
        if (linkage !== 'direct') return
        const blob = blobOf.get(commit)
        if (blob === undefined) return
        if (blob === null) look.finding('source-malformed', commit, 'the commit has two notes')
        else inRange.push({ commit, blob })
      },
      async finish() {
        absence = await readNotes(look, inRange)
        return undefined
      },
      absence: () => absence ?? missing,
    }
  },
}

interface NoteAt {
  readonly commit: string
  readonly blob: string
}

/** Says why nothing counts, where that is because nothing could be verified. */
async function readNotes(look: Look, unsorted: readonly NoteAt[]): Promise<Absence | undefined> {
  // Sorted, so that what is beyond a limit does not depend on the order of the commits.
  const notes = unsorted.toSorted((a, b) => byText(a.commit, b.commit))
  const blobs = notes.map(({ blob }) => blob)
  const verified: (readonly [string, SourceStatement])[] = []
  let left: number = limits.sourceBundles
  for await (const { index, contents } of readBlobs(look.repository, blobs, limits.sourceNoteBytes)) {
    const commit = notes[index]?.commit
    if (commit === undefined) continue
    if (contents === 'missing') throw new CountersignError('git-failed', `the note for commit ${commit} is not here`)
    if (contents === 'too-large') {
      look.finding('source-too-large', commit, `the note has more than ${limits.sourceNoteBytes} bytes`)
      continue
    }
    const { bundles, beyond, others } = noteLines(contents)
    if (others > 0) look.finding('source-malformed', commit, `${others} lines of the note are no bundle`)
    const within = bundles.slice(0, left)
    left -= within.length
    const more = beyond + bundles.length - within.length
    if (more > 0) look.finding('source-limit', commit, `${more} lines of the note were not verified`)
    for (const bundle of within) {
      // What tells of an agent's run, another reader takes.
      if (readAgentCommit(bundle) !== undefined) continue
      const answer = await look.verifySource(bundle, commit)
      if (answer.outcome === 'undecided') return { outcome: 'could-not-look', detail: answer.detail }
      if (answer.outcome === 'refused') look.finding(answer.code, commit, answer.detail)
      else verified.push([commit, answer.statement])
    }
  }
  for (const [commit, statement] of verified) look.source(commit, statement)
  return undefined
}
