/** The gate behind all readers: one that gives whatever text stands in a record, as it stands, and what comes of it. */
import { expect, test } from 'vitest'
import { resolveRange } from '../../../src/collect/git/history.ts'
import { collectChanges } from '../../../src/collect/sessions/index.ts'
import { soundRecord } from '../../../src/collect/sessions/sound-record.ts'
import type { SessionReader } from '../../../src/collect/sessions/readers/row.ts'
import type { SessionRecord } from '../../../src/model/record.ts'
import { streamedRepository } from '../../world/streamed-repository.ts'
import { record } from './made-record.ts'

/** Gives this of every commit, and of a line of it. */
const raw = (said: Partial<SessionRecord>): SessionReader => ({
  ...{ id: 'raw', title: 'raw', findings: {} },
  open: (look) =>
    Promise.resolve({
      commit({ commit }) {
        const part = { commit, linkage: 'direct', edits: { linesAdded: 1 } } as const
        const { tool, session, ...others } = record({ ...said, change: part })
        look.record({ ...others, tool, session })
        look.lines(commit, [{ path: 'a.txt', human: 0, sessions: [{ tool, id: session, lines: 1 }] }])
      },
      finish: () => Promise.resolve(undefined),
    }),
})

async function collected(said: Partial<SessionRecord>): Promise<string> {
  const scratch = streamedRepository()
  scratch.commit('change', { 'a.txt': 'a\n' })
  const repository = await scratch.open()
  const range = await resolveRange(repository, { allowShallow: 'refuse' })
  return JSON.stringify(await collectChanges(repository, range, [raw(said)], undefined, { lines: 'all' }))
}

const good: Partial<SessionRecord> = {
  ...{ tool: 'codex', session: 'one', toolVersion: '2.1', models: ['gpt-5.4'], parent: 'two' },
  ...{ startedAt: '2026-01-01T00:00:00.000Z', endedAt: '2026-01-01T01:00:00.000Z' },
}

test('lets pass what is sound', async () => {
  const text = await collected(good)
  for (const it of ['codex', 'one', '2.1', 'gpt-5.4', 'two', '2026-01-01T00:00:00.000Z']) expect(text).toContain(it)
  expect(text).toContain('"sessions":[{"tool":"codex","id":"one","lines":1}]')
  const { models } = good
  expect(soundRecord(record(good)).models).toBe(models)
})

const planted = 'zqplantedqz'
const texts = [
  `ghp_${planted}${'a1'.repeat(12)}1`,
  `sk-ant-api03-${planted}${'a1'.repeat(15)}`,
  `ann.${planted}@acme.example`,
  `/home/${planted}/pay.ts`,
  `please ${planted} it`,
]

test.for(
  texts.flatMap((text) =>
    (['tool', 'session', 'toolVersion', 'models', 'parent', 'startedAt', 'endedAt', 'requester'] as const).map(
      (member) => [member, text] as const,
    ),
  ),
)('lets no text pass as %s: %s', async ([member, text]) => {
  const told = await collected({ ...good, [member]: member === 'models' ? [text, 'gpt-5.4'] : text })
  expect(told).not.toContain(planted)
  expect(told).toContain('gpt-5.4')
})
