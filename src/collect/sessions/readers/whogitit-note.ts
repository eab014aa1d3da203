/** Reader `whogitit-note`: what whogitit says of the lines of a commit. */
import { lineNoteReader } from '../line-notes.ts'
import { readWhogititNote } from '../whogitit/note-format.ts'

export const whogititNote = lineNoteReader({
  id: 'whogitit-note',
  title: 'whogitit notes in refs/notes/whogitit',
  ref: 'refs/notes/whogitit',
  read: readWhogititNote,
})
