/** Notes of agentblame. */
import { agentblameNote } from '../../world/small-records.ts'
import { brokenNotes, notedIn, oneLine } from '../reader-world.ts'
import type { ReaderWorld } from '../reader-world.ts'

export const world: ReaderWorld = {
  isWithoutSession: true,
  says: { lines: 1 },
  claim: (scratch) => notedIn(scratch, 'agentblame', () => agentblameNote('codex', oneLine)),
  hostile: {
    ...brokenNotes('agentblame'),
    'a provider that is none': (it) => notedIn(it, 'agentblame', () => agentblameNote({}, oneLine)),
    'lines that never end': (it) => notedIn(it, 'agentblame', () => agentblameNote('codex', { a: [[1, 1e300]] })),
    'lines of nobody': (it) => notedIn(it, 'agentblame', () => agentblameNote('codex', {})),
  },
}
