import fc from 'fast-check'
import { expect, test } from 'vitest'
import { redactJsonSource } from '../../../src/collect/redact/json-source.ts'
import { redactRows } from '../../../src/collect/transcripts/redacted-rows.ts'
import type { Row } from '../../../src/collect/transcripts/redacted-rows.ts'
import type { Json } from '../../../src/model/json.ts'
import { runs } from '../../world/runs.ts'

function rowOf(json: Json): Row {
  return { bytes: Buffer.from(JSON.stringify(json)), json }
}

// In parts, so that no scanner takes this file for one with secrets in it.
const github = ['ghp', '_wWPw5k4aXcaT4fNP0UcnZwJUVFk6LO0pINUx'].join('')

const texts = fc.constantFrom<Json>(
  'nothing',
  '',
  'a line\nand another',
  `before ${github} after`,
  '-----BEGIN PRIVATE KEY-----\nwithout its end',
  'DB_PASSWORD=hunter2hunter2',
  'ends with a password:',
  '"password": "and a quote that is open',
  'tokens are counted',
  { password: 'hunter2hunter2' },
  [{ name: 'x', value: github }, 1, null],
  { [`a member called ${github}`]: true },
)
const row = fc
  .dictionary(fc.constantFrom('content', 'text', 'token', 'input'), texts, { noNullPrototype: true })
  .map(rowOf)

test('rows are redacted together as each is alone (property)', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(row, { maxLength: 6 }), async (rows) => {
      const alone = await Promise.all(rows.map((it) => redactRows([it])))
      expect(await redactRows(rows)).toEqual(alone.flat())
    }),
    { numRuns: runs(300) },
  )
})

test('a row with a secret is written anew, and the others have their bytes', async () => {
  const rows = [rowOf({ text: 'one' }), rowOf({ text: `x ${github}`, other: 1 }), rowOf({ text: 'three' })]
  const [one, two, three] = await redactRows(rows)
  expect([one?.bytes, three?.bytes]).toEqual([rows[0]?.bytes, rows[2]?.bytes])
  expect(two).toMatchObject({ redactions: 1, json: { text: 'x [redacted]', other: 1 } })
  expect(JSON.parse(Buffer.from(two?.bytes ?? []).toString())).toEqual(two?.json)
})

test('a value beside a member that says what it is', async () => {
  for (const [label, value] of [
    ['name', 'value'],
    ['Key', 'Value'],
  ] as const) {
    const list = {
      list: [
        { [label]: 'DB_PASSWORD', more: { name: 'x' }, [value]: 'hunter2' },
        { [label]: 'n', [value]: 'left' },
      ],
    }
    const [{ json, redactions } = { json: null, redactions: 0 }] = await redactRows([rowOf(list)])
    expect([redactions, JSON.stringify(json)]).toEqual([1, JSON.stringify(list).replace('hunter2', '[redacted]')])
    const source = JSON.stringify(list, null, 2)
    const { text, found } = await redactJsonSource(source)
    expect([found.length, text]).toEqual([1, source.replace('hunter2', '[redacted]')])
  }
})
