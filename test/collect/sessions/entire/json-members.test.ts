import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { newMemberScan } from '../../../../src/collect/sessions/entire/json-members.ts'

/** Each member and each end, the bytes written in pieces of a length. */
function scan(text: string | Uint8Array, paths: readonly string[], piece = Infinity): string[] {
  const bytes = Buffer.from(text as string)
  const said: string[] = []
  const scan = newMemberScan(new Set(paths), {
    member: (path, value) => void said.push(`${path}=${value ?? '?'}`),
    end: (isWhole) => void said.push(isWhole ? 'end' : 'cut'),
  })
  for (let at = 0; at < bytes.length; at += piece) scan.write(bytes.subarray(at, Math.min(bytes.length, at + piece)))
  scan.end()
  return said
}

describe('rows', () => {
  test('give the members that are asked for, and no others of the same name', () => {
    const row = { id: 'a', message: { id: 'deeper', model: 'm' }, list: [{ id: 'in a list' }], text: '{"id":"typed"}' }
    expect(scan(JSON.stringify(row), ['id', 'message.model'])).toEqual(['id=a', 'message.model=m', 'end'])
  })

  test.each([1, 2, 3, 7, 64])('say the same in pieces of %i bytes', (piece) => {
    const text = '{"id":"a\\"b\\\\","x":[[{}]],"m":{"n":"ü"}}\r\n\n{"id":"c"}\n'
    expect(scan(text, ['id', 'm.n'], piece)).toEqual(['id=a"b\\', 'm.n=ü', 'end', 'id=c', 'end'])
  })

  test.each([
    ['in a string', '{"id":"a","text":"cut\n{"id":"b"}\n'],
    ['behind a member', '{"id":"z"}\n{"id":"a",\n{"id":"b"}\n'],
    ['before they begin', 'id\n{"id":"b"}\n'],
    ['before they end', '{"id":"b"}\n{"id":"a"'],
  ])('that are cut off %s are told apart from those that are whole', (_, text) => {
    const said = scan(text, ['id'])
    expect(said.filter((it) => it === 'cut')).toHaveLength(1)
    expect(said.join()).toContain('id=b,end')
  })

  test('that are behind something else do not count', () => {
    expect(scan('x {"id":"a"}\n{"id":"b"}\n', ['id'])).toEqual(['cut', 'id=b', 'end'])
  })

  test('give no long text', () => {
    expect(scan(JSON.stringify({ id: 'x'.repeat(10_000), name: 'y'.repeat(512) }), ['id', 'name'], 100)).toEqual([
      'id=?',
      `name=${'y'.repeat(512)}`,
      'end',
    ])
  })

  test('give every text of a member that stands twice, however its name is written', () => {
    expect(scan('{"id":"a","\\u0069d":"b","__proto__":{"id":"c"}}', ['id'])).toEqual(['id=a', 'id=b', 'end'])
  })
})

test('a document over many lines is one', () => {
  const document = { id: 'a', messages: [{ model: 'm', parts: [{ model: 'deeper' }] }, { model: 'n' }, ['model']] }
  const said = ['id=a', 'messages=?', 'messages[].model=m', 'messages[].model=n', 'end']
  const paths = ['id', 'messages', 'messages[].model']
  expect(scan(JSON.stringify(document, null, 2), paths)).toEqual(said)
  expect(scan(JSON.stringify(document), paths)).toEqual(said)
})

test('brackets without end cost no memory', () => {
  expect(scan('[{"a":'.repeat(200_000), ['id'], 65_536)).toEqual(['cut'])
})

test('any JSON is read as JSON.parse reads it', () => {
  const members = fc.dictionary(fc.constantFrom('id', 'name', 'm', 'x', 'ö'), fc.jsonValue({ maxDepth: 3 }))
  fc.assert(
    fc.property(
      fc.array(members, { maxLength: 5 }),
      fc.integer({ min: 1, max: 40 }),
      fc.boolean(),
      (rows, piece, lf) => {
        const said = (path: string, value: unknown): string[] => {
          if (typeof value === 'string') return [`${path}=${value}`]
          return typeof value === 'object' && value !== null ? [`${path}=?`] : []
        }
        const expected = rows.flatMap((row) => [
          ...Object.entries(row).flatMap(([key, value]) => {
            if (key === 'id') return said('id', value)
            if (key !== 'm' || typeof value !== 'object' || value === null || Array.isArray(value)) return []
            return Object.entries(value).flatMap(([name, it]) => (name === 'a' ? said('m.a', it) : []))
          }),
          'end',
        ])
        const text = rows.map((row) => `${JSON.stringify(row)}\n`).join(lf ? '\n' : '')
        expect(scan(text, ['id', 'm.a'], piece)).toEqual(expected)
      },
    ),
    { examples: [[[{ m: { a: {} } }], 1, false]] },
  )
})

test('any bytes are read in pieces as they are at once', () => {
  const bytes = fc.array(fc.constantFrom(...Buffer.from('{}[]",:\\\n aid1\u00ff', 'latin1')), { maxLength: 60 })
  fc.assert(
    fc.property(bytes, fc.integer({ min: 1, max: 9 }), (some, piece) => {
      const text = Uint8Array.from(some)
      expect(scan(text, ['id', 'a.d', 'a[].i'], piece)).toEqual(scan(text, ['id', 'a.d', 'a[].i']))
    }),
  )
})
