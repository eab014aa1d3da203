/** The process: what `bin/countersign.js` starts. */
import { version } from '../version.ts'

/** Ends quietly when the reader of a pipe is gone (`countersign inspect … | head`). */
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0)
  process.exit(3)
})

const argv = process.argv.slice(2)
if (argv.length === 1 && (argv[0] === '--version' || argv[0] === '-V')) {
  process.stdout.write(`${version}\n`)
} else {
  void start()
}

// No top-level await: bin/countersign.js loads this file by require(), which refuses modules that wait.
async function start(): Promise<void> {
  const [{ main }, { processWorld }] = await Promise.all([import('./main.ts'), import('./world.ts')])
  process.exitCode = await main(argv, processWorld())
}
