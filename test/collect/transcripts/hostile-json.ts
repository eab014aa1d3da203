/** JSON that somebody wrote to hurt whoever reads it: names of prototypes, huge numbers, deep lists, and one kind in the place of another. */
import fc from 'fast-check'
import type { Json } from '../../../src/model/json.ts'

const deep: Json = JSON.parse('['.repeat(60) + ']'.repeat(60)) as Json
const prototype: Json = JSON.parse('{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}}') as Json

const hostileJson: fc.Arbitrary<Json> = fc.oneof(
  fc.constantFrom<Json>(
    null,
    true,
    -1,
    0,
    1e308,
    0.5,
    Number.MAX_SAFE_INTEGER,
    '',
    [],
    {},
    [[[]]],
    [null],
    deep,
    prototype,
  ),
  fc.constantFrom<Json>(
    ...['__proto__', 'constructor', 'hasOwnProperty', '\u0000', '../..', 'file:///%ff', '{"a":', '"', '<USER_REQUEST>'],
    ...['x'.repeat(70_000), '*** Begin Patch\n*** Add File: ', '9'.repeat(400), '2026-99-99T00:00:00Z'],
  ),
  fc.jsonValue({ maxDepth: 3 }) as fc.Arbitrary<Json>,
)

/** The value with its nth part, counted through all of it, in another one's place. */
function changed(value: Json, nth: number, to: Json): Json {
  let left = nth
  const walk = (it: Json): Json => {
    if (left === 0) {
      left -= 1
      return to
    }
    left -= 1
    if (Array.isArray(it)) return (it as readonly Json[]).map(walk)
    if (typeof it !== 'object' || it === null) return it
    return Object.fromEntries(Object.entries(it).map(([name, member]) => [name, walk(member)]))
  }
  return walk(value)
}

const partsIn = (value: Json): number =>
  typeof value === 'object' && value !== null
    ? 1 + Object.values(value).reduce<number>((all, it) => all + partsIn(it), 0)
    : 1

/** The values, some parts of them changed, and some more values. */
export function changedParts(values: readonly Json[]): fc.Arbitrary<readonly Json[]> {
  const changes = fc.array(fc.tuple(fc.nat(), hostileJson), { maxLength: 6 })
  return fc.tuple(changes, fc.array(hostileJson, { maxLength: 3 })).map(([all, others]) => {
    const made = all.reduce<Json>((it, [nth, to]) => changed(it, 1 + (nth % Math.max(1, partsIn(it) - 1)), to), values)
    return [...(Array.isArray(made) ? (made as readonly Json[]) : []), ...others]
  })
}

/** Some of the lines, in any order, and others. */
export function mixedLines(lines: readonly string[]): fc.Arbitrary<readonly string[]> {
  const line = fc.oneof(
    lines.length === 0 ? fc.constant('') : fc.constantFrom(...lines),
    fc.constantFrom('__proto__', '####', '<<<<<<< SEARCH', '>>>>>>> REPLACE', '```', '> Commit ', 'x'.repeat(70_000)),
    fc.string({ maxLength: 40 }),
  )
  return fc.array(line, { maxLength: 60 })
}
