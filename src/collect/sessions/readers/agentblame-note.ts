/** Reader `agentblame-note`: what agentblame says of the lines of a commit. */
import { readAgentblameNote } from '../agentblame/note-format.ts'
import { lineNoteReader } from '../line-notes.ts'

export const agentblameNote = lineNoteReader({
  id: 'agentblame-note',
  title: 'agentblame notes in refs/notes/agentblame',
  ref: 'refs/notes/agentblame',
  read: readAgentblameNote,
})
