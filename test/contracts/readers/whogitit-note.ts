/** Notes of whogitit. */
import { whogititNote } from '../../world/small-records.ts'
import { brokenNotes, notedIn, oneLine } from '../reader-world.ts'
import type { ReaderWorld } from '../reader-world.ts'

export const world: ReaderWorld = {
  tool: 'claude-code',
  says: { startedAt: '2026-11-01T10:00:00.500Z', lines: 1 },
  claim: (scratch, id) => notedIn(scratch, 'whogitit', () => whogititNote(id, oneLine)),
  hostile: {
    ...brokenNotes('whogitit'),
    'files that are none': (it) => notedIn(it, 'whogitit', () => whogititNote('x', {}, { files: [{ path: 1 }] })),
    'an id that is none': (it) => notedIn(it, 'whogitit', () => whogititNote('ann@example.org', oneLine)),
  },
}
