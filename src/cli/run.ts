/** The process: what `bin/countersign.js` starts. */
import { rowOf } from './command-table.ts'
import { exitCodeOf } from './exit-code.ts'
import { main } from './main.ts'
import { processTerminal, say } from './terminal.ts'

/**
 * The exit code is the answer, and what becomes of the text that goes with it changes nothing in it: `verify … | head -1` of a
 * forgery is a no although the reader has left. Until the end the answer is that there is none, so that whatever ends the
 * process early ends it so.
 */
process.exitCode = exitCodeOf('undecided')

/** A reader that left had what it wanted. Every other failure means that what a command was to give is not there. */
let isLost = false
process.stdout.on('error', ({ code }: NodeJS.ErrnoException) => {
  isLost ||= code !== 'EPIPE'
})
process.stderr.on('error', () => undefined)

const terminal = processTerminal()
const argv = process.argv.slice(2)
process.on('uncaughtException', (thrown) => {
  say(terminal, `error: ${thrown instanceof Error ? thrown.message : 'unknown error'} (internal)`)
  process.exit(exitCodeOf('undecided'))
})

// No top-level await: bin/countersign.js loads this file by require(), which refuses modules that wait.
void main(argv, terminal).then((exitCode) => {
  process.exitCode = exitCode
  const gives = rowOf(argv)?.answers !== true
  process.once('exit', () => {
    if (isLost && gives && exitCode === 0) process.exitCode = exitCodeOf('undecided')
  })
})
