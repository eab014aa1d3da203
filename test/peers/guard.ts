/**
 * `node guard.ts`: ends the servers of a run whose runner is gone. Reads the process groups to watch from its standard
 * input, a number a line; when that ends, however it came to its end (kill -9 too), it ends the groups and itself. A negative
 * number takes a group off the list.
 */
import { createInterface } from 'node:readline'
import { setTimeout } from 'node:timers/promises'
import { signalGroup } from './process-group.ts'

const watched = new Set<number>()
for await (const line of createInterface({ input: process.stdin })) {
  const group = Number(line)
  if (group > 0) watched.add(group)
  else watched.delete(-group)
}
if (watched.size > 0) {
  for (const group of watched) signalGroup(group, 'SIGTERM')
  await setTimeout(3_000)
  for (const group of watched) signalGroup(group, 'SIGKILL')
}
