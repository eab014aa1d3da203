/** The process: what `bin/countersign.js` starts. */
import { main } from './main.ts'
import { processTerminal } from './terminal.ts'

/** Ends quietly when the reader of a pipe is gone (`countersign inspect … | head`). */
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0)
  process.exit(3)
})

// No top-level await: bin/countersign.js loads this file by require(), which refuses modules that wait.
void main(process.argv.slice(2), processTerminal()).then((exitCode) => {
  process.exitCode = exitCode
})
