/** What it takes to read transcripts, loaded together where some are named. */
export { placedFiles } from '../collect/transcripts/find-transcripts.ts'
export { readEach } from '../collect/transcripts/reading-pool.ts'
export { recordFolder } from '../collect/transcripts/record-folder.ts'
