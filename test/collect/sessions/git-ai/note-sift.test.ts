import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseNote } from '../../../../src/collect/sessions/git-ai/note-format.ts'
import { newNoteSift } from '../../../../src/collect/sessions/git-ai/note-sift.ts'
import { runs } from '../../../world/runs.ts'

/** One for all of them: nothing of a note is left for the next one. */
const sift = newNoteSift()

/** In pieces of so many bytes. */
function sifted(note: string | Buffer, pieceBytes = Infinity): Buffer {
  const bytes = Buffer.from(note)
  for (let at = 0; at < bytes.length; at += pieceBytes) sift.write(bytes.subarray(at, at + pieceBytes))
  return sift.end()
}

const head = 'src/pay.ts\n  s_1::t_1 3-9,14\n"a {[" b"\n  h_1 1\n---\n'
const agent = { tool: 'claude', id: 'i', model: 'm', more: { messages: ['kept'] } }
const metadata = {
  schema_version: 'authorship/3.0.0',
  base_commit_sha: 'a'.repeat(40),
  prompts: { '1234abc': { messages: [{ text: 'secret "}] \\' }, ['secret']], agent_id: agent } },
  sessions: { s_1: { agent_id: agent, custom: { secret: [] }, text: 'no list' }, s_2: [{ agent_id: [] }] },
  humans: { h_1: { author: ['secret'] } },
}

test('leaves out what is within a session, but for who it was', () => {
  for (const space of [undefined, 2]) {
    const note = head + JSON.stringify(metadata, null, space)
    for (const pieceBytes of [1, 2, 3, 7, 64, Infinity]) {
      const text = sifted(note, pieceBytes).toString()
      expect(text).not.toContain('secret')
      expect(JSON.parse(text.slice(head.length))).toEqual({
        ...metadata,
        prompts: { '1234abc': { messages: 0, agent_id: agent } },
        sessions: { s_1: { agent_id: agent, custom: 0, text: 'no list' }, s_2: [{ agent_id: [] }] },
        humans: { h_1: { author: 0 } },
      })
    }
  }
})

test.for([
  ['without metadata', 'src/pay.ts\n  s_1 1\n'],
  ['with a name that is written otherwise', `---\n{"sessions":{"s":{"agent\\u005fid":{"tool":[]}}}}`],
  ['with a divider in its JSON', `${head}{"a":\n---\n1}`],
  ['of nothing', ''],
])('a note %s stays as it is', ([, note = '']) => {
  expect(sifted(note, 2).toString()).toBe(note)
})

test('what is cut off within a value that is left out stays cut off', () => {
  const note = `${head}${JSON.stringify(metadata)}`
  for (const cut of ['"secret', '["secret"', '{"text":"secret']) {
    const end = note.indexOf(cut) + cut.length
    expect(parseNote(sifted(note.slice(0, end), 3))).toHaveProperty('malformed')
  }
})

test('a note means the same with and without it, in pieces of any size', () => {
  const value = fc.jsonValue({ maxDepth: 4 })
  const session = fc.dictionary(fc.constantFrom('agent_id', 'messages', '"', 'agent_i', 'agent_id\\'), value)
  const sessions = fc.dictionary(fc.string(), fc.oneof(value, session, fc.constant({ agent_id: agent, messages: [] })))
  const whole = fc.record({ prompts: sessions, sessions, humans: fc.dictionary(fc.string(), value), more: value })
  fc.assert(
    fc.property(whole, fc.integer({ min: 1, max: 40 }), (made, pieceBytes) => {
      const note = head + JSON.stringify({ ...metadata, ...made })
      // A member of this name makes a note malformed, but where it is passed over with what nobody needs.
      fc.pre(!note.includes('"__proto__"'))
      expect(parseNote(sifted(note, pieceBytes))).toEqual(parseNote(Buffer.from(note)))
    }),
  )
})

test('never throws, and never makes anything longer but by what stands for a value', () => {
  const piece = fc.constantFrom('{', '}', '[', ']', '"', '\\', ',', ':', '"a":', '---\n', '\n', 'x')
  fc.assert(
    fc.property(fc.array(piece), fc.integer({ min: 1, max: 5 }), (pieces, pieceBytes) => {
      const note = `---\n${pieces.join('')}`
      expect(sifted(note, pieceBytes).length).toBeLessThanOrEqual(note.length)
      expect(sifted(note, pieceBytes)).toEqual(sifted(note))
    }),
    { numRuns: runs(500) },
  )
})
