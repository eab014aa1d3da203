import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseNote } from '../../../../src/collect/sessions/git-ai/note-format.ts'
import type { Note, NoNote } from '../../../../src/collect/sessions/git-ai/note-format.ts'
import { limits } from '../../../../src/model/limits.ts'
import { growth, nearlyLinear } from '../../../world/cpu-time.ts'
import { part, runs } from '../../../world/runs.ts'

const base = 'a'.repeat(40)

function noteOf(files: string, metadata: object = {}): string {
  return `${files}---\n${JSON.stringify({ schema_version: 'authorship/3.0.0', base_commit_sha: base, prompts: {}, ...metadata })}`
}

function parsed(text: string): Note {
  const note = parseNote(Buffer.from(text))
  if ('malformed' in note) throw new Error(note.malformed)
  return note
}

function isMalformed(text: string | Buffer): boolean {
  return 'malformed' in parseNote(Buffer.from(text))
}

const agent = (id: string): object => ({
  agent_id: { tool: 'claude', id, model: 'claude-opus-4-6' },
  human_author: 'Ann <ann@example.org>',
  messages: [{ type: 'user', text: 'secret prompt' }],
})

describe('a git-ai note', () => {
  test('names files, lines, sessions, prompts and people; nobody by name', () => {
    const note = parsed(
      noteOf(
        'src/pay.ts\n  s_4f0c11aa22bb33::t_00112233445566 3-9,14\n  h_9e8d7c6b5a4f31 10-12\n  5a4f319e8d7c6b5a 20\nb\n',
        {
          prompts: { '5a4f319e8d7c6b5a': agent('old'), '1234abc': agent('older') },
          sessions: { s_4f0c11aa22bb33: agent('new') },
          humans: { h_9e8d7c6b5a4f31: { author: 'Ann <ann@example.org>' } },
        },
      ),
    )
    expect(note.baseCommit).toBe(base)
    expect([...note.files]).toEqual([
      [
        'src/pay.ts',
        [
          { key: 's_4f0c11aa22bb33', ranges: [3, 9, 14, 14] },
          { key: 'h_9e8d7c6b5a4f31', ranges: [10, 12] },
          { key: '5a4f319e8d7c6b5a', ranges: [20, 20] },
        ],
      ],
      ['b', []],
    ])
    expect([...note.agents.values()].map(({ id }) => id).sort()).toEqual(['new', 'old', 'older'])
    expect([...note.humans]).toEqual(['h_9e8d7c6b5a4f31'])
  })

  test('may have CRLF, no files, ranges in any order and a file twice', () => {
    expect(parsed(noteOf('')).files.size).toBe(0)
    const crlf = noteOf('a\n  s_1 7,1-2\nb\n  s_1 1\na\n  s_2 9\n').replaceAll('\n', '\r\n')
    expect([...parsed(crlf).files]).toEqual([
      [
        'a',
        [
          { key: 's_1', ranges: [7, 7, 1, 2] },
          { key: 's_2', ranges: [9, 9] },
        ],
      ],
      ['b', [{ key: 's_1', ranges: [1, 1] }]],
    ])
  })

  test.for<[string, string]>([
    ['"a file"', 'a file'],
    ['"tab\there"', 'tab\there'],
    ['"line\nend"', 'line\nend'],
    ['"say "hi" now"', 'say "hi" now'],
    ['"unquoted', '"unquoted'],
    ['"alone"', '"alone"'],
    ['straße', Buffer.from('straße').toString('latin1')],
  ])('writes the path %j', ([written, path]) => {
    expect([...parsed(noteOf(`${written}\n  s_1 1\n`)).files.keys()]).toEqual([path])
  })

  test('reads back what was written', () => {
    const word = fc.string({
      unit: fc.constantFrom('a', 'b', ' ', '\t', '"', '/', 'ß', '-'),
      minLength: 1,
      maxLength: 12,
    })
    // A name that begins with two blanks cannot be told from an entry, nor one with a quote at an odd place from a quoted one.
    const path = word.filter((it) => /^[^\s"]/.test(it) && it !== '---')
    const range = fc
      .tuple(fc.integer({ min: 1, max: 999_999 }), fc.integer({ min: 0, max: 99 }))
      .map(([a, b]) => [a, a + b])
    const entry = fc.record({
      key: fc.stringMatching(/^s_[0-9a-f]{14}$/),
      ranges: fc.array(range, { minLength: 1, maxLength: 5 }),
    })
    const files = fc.uniqueArray(fc.record({ path, entries: fc.array(entry, { maxLength: 4 }) }), {
      selector: (it) => it.path,
    })
    fc.assert(
      fc.property(files, (written) => {
        const text = written
          .map(({ path: name, entries }) => {
            const line = /[ \t\n]/.test(name) ? `"${name}"` : name
            const lines = entries.map(
              ({ key, ranges }) => `  ${key}::t_0 ${ranges.map((it) => it.join('-')).join(',')}\n`,
            )
            return `${line}\n${lines.join('')}`
          })
          .join('')
        expect([...parsed(noteOf(text)).files]).toEqual(
          written.map(({ path: name, entries }) => [
            Buffer.from(name).toString('latin1'),
            entries.map(({ key, ranges }) => ({ key, ranges: ranges.flat() })),
          ]),
        )
      }),
    )
  })
})

describe('what is no git-ai note', () => {
  test.for<[string, string | Buffer]>([
    ['nothing', ''],
    ['a plain note', 'Reviewed by nobody\n'],
    ['no metadata', 'a\n  s_1 1\n---\n'],
    ['metadata of another schema', noteOf('', { schema_version: 'authorship/4.0.0' })],
    ['no base', noteOf('', { base_commit_sha: undefined })],
    ['a session without an agent', noteOf('', { sessions: { s_1: {} } })],
    ['an id that is a number', noteOf('', { sessions: { s_1: { agent_id: { tool: 'a', id: 1, model: 'm' } } } })],
    ['lines before a file', noteOf('  s_1 1\n')],
    ['lines of nobody', noteOf('a\n  1-2\n')],
    ['line 0', noteOf('a\n  s_1 0\n')],
    ['a range that ends before it starts', noteOf('a\n  s_1 9-3\n')],
    ['a negative line', noteOf('a\n  s_1 -3\n')],
    ['a line with an exponent', noteOf('a\n  s_1 1e3\n')],
    ['a huge number', noteOf(`a\n  s_1 1-${'9'.repeat(30)}\n`)],
    ['an empty range', noteOf('a\n  s_1 1,,2\n')],
    ['a range with a blank', noteOf('a\n  s_1 1, 2\n')],
    ['a path without end', noteOf(`${'x'.repeat(5_000)}\n`)],
    ['__proto__', `---\n{"schema_version":"authorship/3.0.0","base_commit_sha":"${base}","__proto__":{"prompts":{}}}`],
    [
      'a duplicate member',
      `---\n{"schema_version":"authorship/3.0.0","base_commit_sha":"${base}","base_commit_sha":"x"}`,
    ],
    ['deep metadata', `---\n${'['.repeat(100_000)}`],
    ['metadata that is not UTF-8', Buffer.concat([Buffer.from('---\n"'), Buffer.from([0xff]), Buffer.from('"')])],
  ])('%s', ([, text]) => {
    expect(isMalformed(text)).toBe(true)
  })

  test('says why without a word of its contents', () => {
    const secrets = ['secret one', 'ann@example.org']
    for (const secret of secrets) {
      for (const text of [
        noteOf('', { schema_version: secret }),
        noteOf('', { sessions: { [secret]: 1 } }),
        `---\n{"${secret}": ${secret}}`,
        noteOf(`  ${secret}\n`),
        noteOf(`a\n  s_1 ${secret}\n`),
      ]) {
        const { malformed } = parseNote(Buffer.from(text)) as NoNote
        expect(malformed).toEqual(expect.any(String))
        expect(malformed).not.toContain(secret)
      }
    }
  })

  test('costs nothing per line that it claims, and at most so many ranges', () => {
    expect(parsed(noteOf('a\n  s_1 1-999999999\n')).files.get('a')).toEqual([{ key: 's_1', ranges: [1, 999_999_999] }])
    const ranges = (count: number): string => noteOf(`a\n  s_1 ${Array<string>(count).fill('1').join()}\n`)
    expect(isMalformed(ranges(limits.noteRanges))).toBe(false)
    expect(isMalformed(ranges(limits.noteRanges + 1))).toBe(true)
  })

  test.for(part(['"', '"a b\n', '  ', 'a\n', '---', 'a\n  s_1 1\n', '\r', '"\n', 'a\n  s_1 1,'], 3))(
    'four times as much of %j costs four times as much',
    (part) => {
      const work = (size: number) => {
        const bytes = Buffer.from(part.repeat(Math.floor(size / part.length)))
        const withMetadata = Buffer.concat([bytes, Buffer.from('\n---\n{}')])
        return () => {
          parseNote(bytes)
          parseNote(withMetadata)
        }
      }
      // A quote that never closes is searched for anew on each line, which costs much, but for each line the same.
      const size = limits.noteBytes / (part === '"a b\n' ? 512 : 64)
      expect(growth(work, size)).toBeLessThan(nearlyLinear)
    },
  )

  test('never throws', () => {
    const piece = fc.oneof(
      fc.constantFrom('a\n', '"a b"\n', '  s_1 ', '1-2', ',', '\n', '---\n', '{"prompts":', '{}', '"'),
      fc.string(),
    )
    fc.assert(
      fc.property(fc.array(piece), (pieces) => void parseNote(Buffer.from(pieces.join('')))),
      { numRuns: runs(500) },
    )
    fc.assert(fc.property(fc.uint8Array(), (bytes) => void parseNote(Buffer.from(bytes))))
  })
})
