import { atDesk } from './runs.ts'

/**
 * What a call costs, in CPU time: on a busy machine everything takes longer and nothing costs more. What else this process
 * does only adds to it, so the least of several runs counts.
 */
export function leastCpu(run: () => unknown, times = 5): number {
  return Math.min(...Array.from({ length: times }, () => cpuOf(run).milliseconds))
}

/** The same for a call that takes time. */
export async function leastCpuAsync(run: () => Promise<unknown>, times = 5): Promise<number> {
  const costs: number[] = []
  for (let time = 0; time < times; time += 1) costs.push((await cpuOfAsync(run)).milliseconds)
  return Math.min(...costs)
}

interface Costing<T> {
  readonly result: T
  readonly milliseconds: number
}

export function cpuOf<T>(run: () => T): Costing<T> {
  const start = process.cpuUsage()
  const result = run()
  return { result, milliseconds: since(start) }
}

export async function cpuOfAsync<T>(run: () => Promise<T>): Promise<Costing<T>> {
  const start = process.cpuUsage()
  const result = await run()
  return { result, milliseconds: since(start) }
}

function since(start: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(start)
  return (user + system) / 1_000
}

/** Above what is linear, or linear times a logarithm, by a factor that no other load makes; far below what is quadratic. */
export const nearlyLinear = 9

/**
 * How much more work four times the input is. Linear work gives 4, work that grows with the square 16. What disturbs a measure,
 * such as a compilation or a collection of garbage, only adds to it: the least of each side counts, and a ratio that is not
 * linear is measured again before it is believed.
 */
export function growth(work: (size: number) => () => void, size: number): number {
  const [small, large] = [work(size), work(4 * size)]
  let [least, most] = [Infinity, Infinity]
  for (let round = 0; round < atDesk(1, 3) || (round < 12 && most / least >= nearlyLinear); round += 1) {
    least = Math.min(least, perCall(small))
    most = Math.min(most, perCall(large))
  }
  return most / least
}

/** Milliseconds of one call, over a few milliseconds at least, however small the work is. */
function perCall(run: () => void): number {
  let calls = 0
  const { milliseconds } = cpuOf(() => {
    const start = process.cpuUsage()
    do {
      run()
      calls += 1
    } while (since(start) < 4)
  })
  return milliseconds / calls
}
