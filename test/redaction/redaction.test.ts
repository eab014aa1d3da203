/** What docs/redaction.md says of recall and of false positives is measured here, and its tables are made here. */
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import fc from 'fast-check'
import { format } from 'prettier'
import { expect, test } from 'vitest'
import { redactSecrets } from '../../src/collect/redact/secrets.ts'
import { runs } from '../world/runs.ts'
import { bodiesFrom } from './alphabets.ts'
import { carriers } from './carriers.ts'
import { lookAlikes } from './look-alikes.ts'
import { measuredKinds, measuredLookAlikes, pieceLeft, share } from './measured.ts'
import type { Measured } from './measured.ts'
import { kinds } from './planted-kinds.ts'

const page = fileURLToPath(new URL('../../docs/redaction.md', import.meta.url))
const marker = '<!-- measured -->'

test('of what is planted 98 % and more goes, and of what looks like it 1 % at most; the page says so', async () => {
  const found = await measuredKinds()
  const taken = await measuredLookAlikes()
  expect(new Set(kinds.map((it) => it.name)).size).toBeGreaterThanOrEqual(80)
  expect(new Set(lookAlikes.map((it) => `${it.group}: ${it.name}`)).size).toBeGreaterThanOrEqual(200)
  expect(share(found)).toBeGreaterThanOrEqual(0.98)
  expect(1 - share(taken)).toBeLessThanOrEqual(0.01)
  // None is missed altogether, which a share over all would hide.
  expect(found.filter((it) => it.wrong === it.tried).map((it) => it.name)).toEqual([])
  const [before = ''] = readFileSync(page, 'utf8').split(marker)
  const text = `${before}${marker}\n\n${tables(found, taken)}`
  await expect(await format(text, { parser: 'markdown', printWidth: 120 })).toMatchFileSnapshot(page)
})

function tables(found: readonly Measured[], taken: readonly Measured[]): string {
  return [
    `Of ${found.length} kinds in ${carriers.length} carriers ${percent(share(found))} went whole.`,
    '',
    '| secrets | kinds | planted | a piece was left | of which kinds |',
    '| --- | --- | --- | --- | --- |',
    ...rows(found),
    '',
    `From ${taken.length} look-alikes something was taken in ${percent(1 - share(taken))} of all tries.`,
    '',
    '| look-alikes | texts | tried | something was taken | from which |',
    '| --- | --- | --- | --- | --- |',
    ...rows(taken),
    '',
    'The kinds:',
    '',
    ...[...Map.groupBy(found, (it) => it.group)].map(
      ([group, of]) => `- ${group}: ${of.map((it) => it.name).join('; ')}`,
    ),
    '',
  ].join('\n')
}

function rows(measured: readonly Measured[]): string[] {
  return [...Map.groupBy(measured, (it) => it.group)].map(([group, of]) => {
    const wrong = of.filter((it) => it.wrong > 0)
    const sum = (key: 'tried' | 'wrong'): number => of.reduce((all, it) => all + it[key], 0)
    return `| ${group} | ${of.length} | ${sum('tried')} | ${sum('wrong')} | ${wrong.map((it) => it.name).join(', ')} |`
  })
}

function percent(part: number): string {
  return `${(part * 100).toFixed(2)} %`
}

test('the same holds for bodies that nobody has seen (property)', async () => {
  let tried = 0
  let left = 0
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 0, max: 0xffff_ffff }),
      fc.constantFrom(...kinds),
      fc.constantFrom(...carriers),
      async (seed, kind, carrier) => {
        const it = await pieceLeft(kind, carrier, seed)
        if (it === undefined) return
        tried += 1
        if (it !== '') left += 1
      },
    ),
    { numRuns: runs(2_000) },
  )
  expect(left).toBeLessThanOrEqual(Math.max(3, tried * 0.02))
})

test('a text that was redacted holds nothing more to take (property)', async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer(), fc.constantFrom(...lookAlikes), async (seed, { text }) => {
      const once = await redactSecrets(text(bodiesFrom(seed)))
      const again = await redactSecrets(once.text)
      expect(again.text).toBe(once.text)
    }),
    { numRuns: runs(300) },
  )
})
