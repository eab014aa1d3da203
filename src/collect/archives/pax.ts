/** Extended headers of tar (POSIX.1-2001, pax): `length key=value` lines, the length in bytes with itself. */
import { limits } from '../../model/limits.ts'
import { Unreadable } from './member.ts'

/** The last value of a key counts. */
export type PaxRecords = ReadonlyMap<string, Buffer>

/** Error: `Unreadable` (`archive-malformed`). */
export function readPax(bytes: Buffer): PaxRecords {
  if (bytes.length > limits.paxBytes) throw new Unreadable('archive-malformed')
  const records = new Map<string, Buffer>()
  let at = 0
  while (at < bytes.length) {
    const [start, digits = ''] = /^(\d{1,8}) /.exec(bytes.toString('latin1', at, at + 10)) ?? []
    const end = at + Number(digits)
    const equals = bytes.indexOf('=', at)
    const isWhole = start !== undefined && end <= bytes.length && bytes[end - 1] === 0x0a
    if (!isWhole || equals < at + start.length || equals >= end) throw new Unreadable('archive-malformed')
    const key = bytes.toString('utf8', at + start.length, equals)
    const value = bytes.subarray(equals + 1, end - 1)
    records.set(key, value)
    at = end
  }
  return records
}

/** What holds for one member: its own records go before those for all, and an empty value takes one of these back. */
export function together(all: PaxRecords, own: PaxRecords): PaxRecords {
  return new Map([...all, ...own].filter(([key]) => (own.get(key) ?? all.get(key))?.length !== 0))
}
