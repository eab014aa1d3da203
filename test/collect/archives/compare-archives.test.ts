/** In what two archives differ, and that nothing is called equal that was not read. */
import { deflateRawSync, gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compareArchives, readSide } from '../../../src/collect/archives/compare-archives.ts'
import type { ComparedMembers } from '../../../src/collect/archives/compare-archives.ts'
import { paxRecord, tarMember, tarOf, tgzOf, zipOf } from '../../world/archives.ts'
import type { MadeMember } from '../../world/archives.ts'

// Small ones, so that a test of a bomb needs no bomb.
const bounds = { unpackedBytes: 1024 * 1024, archiveMembers: 1_000, keptArchiveBytes: 64 * 1024 }

function compare(a: Buffer, b: Buffer): ComparedMembers {
  return compareArchives(readSide(a, bounds), readSide(b, bounds))
}

const two: readonly MadeMember[] = [
  { name: 'bin/app', content: 'program' },
  { name: 'README', content: 'words' },
]
const makers = { tar: tarOf, tgz: tgzOf, zip: zipOf } as const
const formats = ['tar', 'tgz', 'zip'] as const

describe.each(formats)('two archives of %s', (format) => {
  const make = (members: readonly MadeMember[]): Buffer => makers[format](members)

  it('that differ in times alone have equal members', () => {
    const found = compare(make(two), make(two.map((it) => ({ ...it, mtime: 7 }))))
    expect(found).toEqual({
      members: 'equal',
      differences: two.map(({ name }) => ({ kind: 'metadata', name, fields: ['mtime'] })),
      notCompared: [],
    })
  })

  it('of which each has a member of its own, and one has another content, tell which', () => {
    const [first, second] = two
    const found = compare(
      make([first!, { ...second!, content: 'other' }, { name: 'x', content: '' }]),
      make([...two, { name: 'y', content: '' }]),
    )
    expect(found).toMatchObject({
      members: 'differ',
      differences: [
        { kind: 'only-in-a', name: 'x' },
        { kind: 'only-in-b', name: 'y' },
        { kind: 'content', name: 'README' },
      ],
    })
  })

  it('with a name twice are not compared there, whichever of the two is meant', () => {
    const twice = [...two, { name: 'README', content: 'malware' }]
    const found = compare(make(two), make(twice))
    expect(found).toMatchObject({ members: 'not-compared', notCompared: [{ side: 'b', code: 'member-duplicate' }] })
    expect(found.differences).toEqual([])
  })

  it('show names as they are, and open none', () => {
    const name = '../../etc/\u001b[31mpasswd'
    expect(compare(make([{ name, content: 'a' }]), make([{ name, content: 'b' }])).differences).toEqual([
      { kind: 'content', name },
    ])
  })

  it('are equal in any order and with any times, and any other byte is found', () => {
    const content = fc.uint8Array({ maxLength: 2_000 }).map((it) => Buffer.from(it))
    const names = fc.stringMatching(/^[a-z]{1,8}$/)
    const members = fc
      .uniqueArray(fc.record({ name: names, content, mtime: fc.nat(1e9) }), {
        selector: (it) => it.name,
        minLength: 1,
        maxLength: 8,
      })
      .chain((all) =>
        fc.record({
          all: fc.constant(all),
          other: fc.shuffledSubarray(all, { minLength: all.length }),
          times: fc.array(fc.nat(1e9), { minLength: all.length, maxLength: all.length }),
          place: fc.nat(all.length - 1),
          bit: fc.nat(7),
          byte: fc.nat(1_999),
        }),
      )
    fc.assert(
      fc.property(members, ({ all, other, times, place, bit, byte }) => {
        const again = other.map((it, index) => ({ ...it, mtime: times[index] ?? 0 }))
        const found = compare(make(all), make(again))
        expect(found.members).toBe('equal')
        expect(found.notCompared).toEqual([])
        expect(found.differences.some(({ kind }) => kind === 'content')).toBe(false)
        const victim = again[place]!
        if (victim.content.length === 0) return
        const changed = Buffer.from(victim.content)
        changed[byte % changed.length]! ^= 1 << bit
        const differing = compare(make(all), make(again.with(place, { ...victim, content: changed })))
        expect(differing.members).toBe('differ')
        expect(differing.differences.filter(({ kind }) => kind === 'content')).toEqual([
          { kind: 'content', name: victim.name },
        ])
      }),
      { numRuns: 40 },
    )
  })

  it('that were broken in any byte or cut off never crash, and are never equal in silence', () => {
    const whole = make([...two, { name: 'nested.zip', content: zipOf(two) }])
    const bytes = fc.record({
      at: fc.nat(whole.length - 1),
      value: fc.integer({ min: 1, max: 255 }),
      cut: fc.boolean(),
    })
    fc.assert(
      fc.property(bytes, ({ at, value, cut }) => {
        const broken = cut ? whole.subarray(0, at) : Buffer.from(whole)
        if (!cut) broken[at]! ^= value
        const { members, differences, notCompared } = compare(whole, broken)
        expect(differences.length + notCompared.length).toBeGreaterThan(0)
        if (cut) expect(members).not.toBe('equal')
      }),
      { numRuns: 300 },
    )
  })
})

describe('an order', () => {
  it('is a difference of its own', () => {
    expect(compare(tarOf(two), tarOf(two.toReversed()))).toEqual({
      ...{ members: 'equal', differences: [{ kind: 'order' }], notCompared: [] },
    })
  })
})

describe('a packing', () => {
  it('of the same content is told as such', () => {
    const large = [{ name: 'a', content: 'ab'.repeat(4_000) }]
    expect(compare(tgzOf(large, 1), tgzOf(large, 9)).differences).toContainEqual({ kind: 'compression' })
    const stored = large.map((it) => ({ ...it, method: 0 }))
    expect(compare(zipOf(large), zipOf(stored))).toEqual({
      ...{ members: 'equal', differences: [{ kind: 'compression' }], notCompared: [] },
    })
  })

  it('of one file is compared as that file', () => {
    expect(compare(gzipSync('a'), gzipSync('b'))).toMatchObject({
      members: 'differ',
      differences: [{ kind: 'content' }],
    })
  })
})

describe('an archive within an archive', () => {
  it('is compared by its own members', () => {
    const outer = (inner: Buffer): Buffer => zipOf([{ name: 'lib.jar', content: inner }])
    const later = two.map((it) => ({ ...it, mtime: 9 }))
    expect(compare(outer(zipOf(two)), outer(zipOf(later)))).toMatchObject({
      members: 'equal',
      differences: two.map(({ name }) => ({ kind: 'metadata', name, within: 'lib.jar' })),
    })
    const other = [two[0]!, { name: 'README', content: 'x' }]
    expect(compare(outer(zipOf(two)), outer(zipOf(other)))).toMatchObject({
      members: 'differ',
      differences: [
        { kind: 'content', name: 'lib.jar' },
        { kind: 'content', name: 'README', within: 'lib.jar' },
      ],
    })
    const hidden = zipOf(two, Buffer.from('#!/bin/sh\n'))
    expect(compare(outer(zipOf(two)), outer(hidden))).toMatchObject({
      members: 'differ',
      notCompared: [{ side: 'b', code: 'bytes-outside-members', within: 'lib.jar' }],
    })
  })
})

describe('what is not compared', () => {
  const file = (name: string, content: string | Buffer, more: Partial<MadeMember> = {}): MadeMember => ({
    name,
    content,
    ...more,
  })
  const bomb = Buffer.alloc(bounds.unpackedBytes + 1)
  const pax = (key: string, value: string): MadeMember => file('pax', paxRecord(key, value), { type: 'x' })
  const rows: readonly (readonly [string, () => Buffer, string])[] = [
    ['a gzip bomb', () => gzipSync(bomb, { level: 1 }), 'archive-too-large'],
    ['a zip bomb', () => zipOf([{ name: 'a', content: bomb }]), 'archive-too-large'],
    ['a zip whose member is larger than it says', () => zipOf([file('a', 'abc', { size: 2 })]), 'archive-malformed'],
    ['an encrypted member of a zip', () => zipOf([file('a', 'abc', { flags: 1 })]), 'member-encrypted'],
    ['a strongly encrypted one', () => zipOf([file('a', 'abc', { flags: 0x40 })]), 'member-encrypted'],
    ['an unknown packing', () => zipOf([file('a', 'abc', { method: 93 })]), 'member-unsupported'],
    ['a name that differs before the member', () => zipOf([file('a', 'x', { localName: 'b' })]), 'archive-malformed'],
    ['a script before a zip', () => zipOf([file('a', 'x')], Buffer.from('#!/bin/sh\n')), 'bytes-outside-members'],
    ['bytes behind a zip', () => Buffer.concat([zipOf([file('a', 'x')]), Buffer.from('x')]), 'archive-malformed'],
    ['bytes behind a gzip', () => Buffer.concat([tgzOf(two), Buffer.from('x')]), 'bytes-outside-members'],
    ['bytes behind a tar', () => Buffer.concat([tarOf(two), tarMember(two[0]!)]), 'bytes-outside-members'],
    ['a tar without its end', () => Buffer.concat(two.map(tarMember)), 'archive-malformed'],
    ['a sparse member', () => tarOf([file('a', 'x', { type: 'S' })]), 'member-sparse'],
    ['a sparse member by pax', () => tarOf([pax('GNU.sparse.major', '1'), file('a', 'x')]), 'member-sparse'],
    ['a tar of several volumes', () => tarOf([file('a', 'x', { type: 'M' })]), 'member-unsupported'],
    ['a link with content', () => tarOf([file('a', 'x', { type: '2', link: 'b' })]), 'archive-malformed'],
    ['a size beyond the end', () => tarOf([file('a', 'x', { size: 4_000 })]), 'archive-malformed'],
    ['a size by pax that is none', () => tarOf([pax('size', '-1'), file('a', 'x')]), 'archive-malformed'],
    [
      'a pax record with a wrong length',
      () => tarOf([file('p', '99 path=b\n', { type: 'x' }), file('a', '')]),
      'archive-malformed',
    ],
    ['a pax header for nothing', () => tarOf([...two, pax('path', 'x')]), 'archive-malformed'],
  ]
  it.each(rows)('%s', (_, make, code) => {
    const bytes = make()
    const good = bytes[0] === 0x1f ? tgzOf(two) : bytes.includes('PK\x05\x06') ? zipOf(two) : tarOf(two)
    for (const [one, other] of [
      [good, bytes],
      [bytes, good],
    ] as const) {
      const { members, notCompared } = compare(one, other)
      expect(notCompared.map((it) => it.code)).toContain(code)
      expect(members).not.toBe('equal')
    }
  })

  it('is the end of too many members', () => {
    const many = Array.from({ length: bounds.archiveMembers + 1 }, (_, at) => tarMember(file(String(at), '')))
    const tar = Buffer.concat([...many, Buffer.alloc(1024)])
    expect(compare(tar, tarOf(two)).notCompared).toEqual([{ side: 'a', code: 'archive-too-many-members' }])
  })

  it('are members that lie over each other', () => {
    const zip = zipOf([file('a', 'x'), file('a', 'x')])
    // The second entry of the directory leads to the first member.
    const second = zip.lastIndexOf('PK\x01\x02', undefined, 'latin1')
    zip.writeUInt32LE(0, second + 42)
    expect(compare(zip, zipOf(two)).notCompared).toMatchObject([{ code: 'archive-malformed' }])
  })
})

describe('long names', () => {
  const long = `${'folder/'.repeat(40)}file`
  const make = (content: string): Record<string, Buffer> => ({
    pax: tarOf([
      { name: 'pax', content: paxRecord('path', long), type: 'x' },
      { name: 'short', content },
    ]),
    gnu: tarOf([
      { name: '././@LongLink', content: `${long}\0`, type: 'L' },
      { name: 'short', content },
    ]),
  })
  it.each(['pax', 'gnu'])('of %s are read whole', (kind) => {
    expect(compare(make('a')[kind]!, make('b')[kind]!).differences).toEqual([{ kind: 'content', name: long }])
  })

  it('are one name, whoever wrote it', () => {
    expect(compare(make('a')['pax']!, make('a')['gnu']!).members).toBe('equal')
  })
})

describe('links', () => {
  it('are what they lead to', () => {
    const link = (to: string): Buffer => tarOf([{ name: 'a', content: '', type: '2', link: to }])
    expect(compare(link('b'), link('/etc/passwd')).differences).toEqual([{ kind: 'content', name: 'a' }])
    expect(compare(link('b'), tarOf([{ name: 'a', content: '' }])).differences[0]).toMatchObject({ kind: 'content' })
  })
})

it('what is no archive differs as a whole', () => {
  const differs = { members: undefined, differences: [{ kind: 'content' }], notCompared: [] }
  expect(compare(Buffer.from('a'), Buffer.from('b'))).toEqual(differs)
  expect(compare(tarOf(two), zipOf(two))).toEqual(differs)
  expect(compare(deflateRawSync('a'), zipOf(two))).toEqual(differs)
})
