/**
 * Mutants of a bundle: the same JSON with one thing changed. The bytes are changed where they are bytes, behind their
 * base64, so that each mutant says something else than its original.
 */
import { isObject } from '../../src/model/json.ts'
import type { Json } from '../../src/model/json.ts'

/** `name` is the path of what was changed and how, for people and for tables. */
export interface Mutant {
  readonly name: string
  readonly bundle: Json
}

export type Path = readonly string[]

/** Members that hold base64. */
const byteMembers: readonly string[] = [
  'rawBytes',
  'keyId',
  'signedEntryTimestamp',
  'rootHash',
  'hashes',
  'canonicalizedBody',
  'signedTimestamp',
  'payload',
  'sig',
  'signature',
  'digest',
]
const numberMembers: readonly string[] = ['logIndex', 'integratedTime', 'treeSize']

/** A place in a bundle whose value is bytes. */
export interface BytePart {
  readonly path: Path
  readonly bytes: Buffer
}

export function bytePartsOf(bundle: Json): readonly BytePart[] {
  return leavesOf(bundle).flatMap(({ path, value }) =>
    typeof value === 'string' && byteMembers.includes(path.findLast((it) => !/^\d+$/.test(it)) ?? '')
      ? [{ path, bytes: Buffer.from(value, 'base64') }]
      : [],
  )
}

/** One byte of a part changed by exclusive or with `mask`, which is not 0. */
export function withByte(bundle: Json, { path, bytes }: BytePart, at: number, mask: number): Mutant {
  const changed = Buffer.from(bytes)
  changed[at % changed.length] = changed[at % changed.length]! ^ mask
  const name = `${path.join('.')} byte ${at % changed.length}`
  return { name, bundle: withValue(bundle, path, changed.toString('base64')) }
}

/** Every part a byte shorter, and a byte longer. */
export function resized(bundle: Json): Mutant[] {
  return bytePartsOf(bundle).flatMap(({ path, bytes }) => {
    const name = path.join('.')
    const [less, more] = [bytes.subarray(0, -1), Buffer.concat([bytes, Buffer.of(0)])]
    return [
      { name: `${name} is a byte shorter`, bundle: withValue(bundle, path, less.toString('base64')) },
      { name: `${name} is a byte longer`, bundle: withValue(bundle, path, more.toString('base64')) },
    ]
  })
}

/** Every number a little and a lot off. */
export function renumbered(bundle: Json): Mutant[] {
  const tweaks: Record<string, (value: bigint) => bigint> = {
    'is one more': (it) => it + 1n,
    'is one less': (it) => it - 1n,
    'is zero': () => 0n,
    'is doubled': (it) => it * 2n,
    'is far off': (it) => it + 10n ** 15n,
  }
  return leavesOf(bundle).flatMap(({ path, value }) =>
    numberMembers.includes(path.at(-1) ?? '') && (typeof value === 'string' || typeof value === 'number')
      ? Object.entries(tweaks)
          .map(([name, tweak]) => ({ name, number: tweak(BigInt(value)) }))
          .filter(({ number }) => number !== BigInt(value))
          .map(({ name, number }) => ({
            name: `${path.join('.')} ${name}`,
            bundle: withValue(bundle, path, String(number)),
          }))
      : [],
  )
}

/** Every text that is no base64 and no number: cut, longer, another letter, another case. */
export function reworded(bundle: Json): Mutant[] {
  const tweaks: Record<string, (text: string) => string> = {
    'is cut': (it) => it.slice(0, -1),
    'is longer': (it) => `${it}x`,
    'has another first letter': (it) => `x${it.slice(1)}`,
    'is in upper case': (it) => it.toUpperCase(),
    'has a line end': (it) => `${it}\n`,
  }
  return leavesOf(bundle).flatMap(({ path, value }) =>
    typeof value === 'string' && !byteMembers.includes(memberOf(path)) && !numberMembers.includes(memberOf(path))
      ? Object.entries(tweaks)
          .map(([name, tweak]) => ({ name, text: tweak(value) }))
          .filter(({ text }) => text !== value)
          .map(({ name, text }) => ({ name: `${path.join('.')} ${name}`, bundle: withValue(bundle, path, text) }))
      : [],
  )
}

/** Every member and every element of a list lost; every element twice. */
export function rearranged(bundle: Json): Mutant[] {
  return pathsOf(bundle).flatMap((path) => {
    const name = path.join('.')
    const lost = { name: `${name} is lost`, bundle: withValue(bundle, path, undefined) }
    const parent = valueAt(bundle, path.slice(0, -1))
    if (!Array.isArray(parent)) return [lost]
    const list = parent as readonly Json[]
    const doubled = withValue(bundle, path.slice(0, -1), [...list, valueAt(bundle, path)!])
    return [lost, { name: `${name} stands twice`, bundle: doubled }]
  })
}

/** Every part that two genuine bundles have at the same place, taken from the other one. */
export function swapped(bundle: Json, other: Json): Mutant[] {
  return pathsOf(bundle).flatMap((path) => {
    const theirs = valueAt(other, path)
    if (theirs === undefined || JSON.stringify(theirs) === JSON.stringify(valueAt(bundle, path))) return []
    return [{ name: `${path.join('.')} is that of another`, bundle: withValue(bundle, path, theirs) }]
  })
}

/** Characters of a checkpoint replaced, one by one. The last one before a padding is left alone: it has bits that mean nothing. */
export function checkpointsReworded(bundle: Json, every = 1): Mutant[] {
  return leavesOf(bundle).flatMap(({ path, value }) => {
    if (memberOf(path) !== 'envelope' || typeof value !== 'string') return []
    return Array.from(value, (letter, at) => ({ letter, at }))
      .filter(({ at }) => at % every === 0 && value[at + 1] !== '=' && value[at] !== '=')
      .map(({ letter, at }) => ({
        name: `${path.join('.')} character ${at}`,
        bundle: withValue(bundle, path, `${value.slice(0, at)}${letter === 'A' ? 'B' : 'A'}${value.slice(at + 1)}`),
      }))
  })
}

function memberOf(path: Path): string {
  return path.findLast((it) => !/^\d+$/.test(it)) ?? ''
}

function leavesOf(value: Json): { path: Path; value: Json }[] {
  return pathsOf(value)
    .map((path) => ({ path, value: valueAt(value, path) ?? null }))
    .filter(({ value: leaf }) => typeof leaf !== 'object' || leaf === null)
}

function pathsOf(value: Json, path: Path = []): Path[] {
  const here = path.length === 0 ? [] : [path]
  if (typeof value !== 'object' || value === null) return here
  return [...here, ...Object.entries(value).flatMap(([name, member]) => pathsOf(member, [...path, name]))]
}

export function valueAt(value: Json, path: Path): Json | undefined {
  return path.reduce<Json | undefined>(
    (at, name) => (isObject(at) || Array.isArray(at) ? (at as { readonly [name: string]: Json })[name] : undefined),
    value,
  )
}

/** A copy with another value at a path; undefined takes it away. */
export function withValue(value: Json, [name, ...rest]: Path, next: Json | undefined): Json {
  const member = rest.length === 0 ? next : withValue((value as { readonly [name: string]: Json })[name!]!, rest, next)
  if (Array.isArray(value)) {
    return value.flatMap((it: Json, index) => (String(index) !== name ? [it] : member === undefined ? [] : [member]))
  }
  return Object.fromEntries(
    Object.entries(value as object).flatMap(([key, it]: [string, Json]) =>
      key !== name ? [[key, it]] : member === undefined ? [] : [[key, member]],
    ),
  )
}
