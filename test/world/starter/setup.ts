/** Set up for each file, in a process that has it once. */
import { useStarter } from './programs.ts'

const shared = globalThis as { startedFrom?: Promise<void> }
await (shared.startedFrom ??= useStarter())
