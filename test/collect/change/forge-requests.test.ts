/** Changes of which only the forge knows what they came of; what it says is proved, or counts nothing. */
import { describe, expect, test } from 'vitest'
import type { Forge, ForgeRequest } from '../../../src/collect/forge/row.ts'
import { remoteWith } from '../../world/remote.ts'
import { request, squash, started, walked } from '../../world/walked.ts'
import type { Walked } from '../../world/walked.ts'
import type { Scratch } from '../../world/scratch-repository.ts'

/** No name under which a clone has heads of requests: what is there was fetched by its id. */
const away = 'refs/elsewhere/12'

interface MadeForge extends Forge {
  readonly asked: readonly string[]
}

/** Says this of changes by their ids, and nothing of those whose answer is `silent`. */
function forgeSaying(said: Readonly<Record<string, readonly ForgeRequest[] | 'silent'>>): MadeForge {
  const asked: string[] = []
  return {
    asked,
    ask(changes) {
      asked.push(...changes)
      const answers = changes.flatMap((it) => {
        const answer = said[it] ?? []
        return answer === 'silent' ? [] : [[it, answer] as const]
      })
      const failure = answers.length === changes.length ? undefined : 'it answers with status 403'
      return Promise.resolve({ requests: new Map(answers), failure })
    },
  }
}

function walk(scratch: Scratch, forge: Forge, refs: Readonly<Record<string, string>> = {}): Promise<Walked> {
  return walked(scratch, undefined, remoteWith(refs, { isHere: true }), forge)
}

const found = (claims: number): Walked['report'] => ({ reader: 'pull-requests', outcome: 'found', claims })

describe('a change that names no request', () => {
  test('and was squashed leads to the commits of the one that the forge names', async () => {
    const scratch = started()
    const head = request(scratch, away, [
      ['one', { 'a.txt': 'A\n' }],
      ['two', { 'c.txt': 'c\n' }],
    ])
    const change = squash(scratch, head, 'feat: letters')
    const later = scratch.commit('later', { 'b.txt': 'B\n' })
    const forge = forgeSaying({ [change]: [{ name: '#12', head }] })
    expect(await walk(scratch, forge)).toEqual({
      visits: ['one → feat: letters (squash)', 'two → feat: letters (squash)'],
      ...{ report: found(1), findings: [], requests: ['feat: letters #12'] },
    })
    // The first commit of all can be none, and the newest may not be pushed yet.
    expect(forge.asked).toEqual([change, later])
  })

  test.each(['as it was', 'gone on'])(
    'and was rebased is the rewritten commit, each for itself (main is %s)',
    async (main) => {
      const scratch = started()
      const head = request(scratch, away, [
        ['one', { 'a.txt': 'A\n' }],
        ['two', { 'c.txt': 'c\n' }],
      ])
      if (main === 'as it was') scratch.git(['checkout', '--quiet', '--detach'])
      scratch.commit('meanwhile', { 'b.txt': 'B\n' })
      scratch.git(['checkout', '--quiet', '--detach', head])
      scratch.git(['rebase', '--quiet', '--no-ff', 'main'])
      scratch.git(['branch', '--force', 'main', 'HEAD'])
      scratch.git(['checkout', '--quiet', 'main'])
      const changes = scratch.git(['rev-list', 'HEAD', '--max-count=2']).split('\n')
      const forge = forgeSaying(Object.fromEntries(changes.map((it) => [it, [{ name: '#12' as const, head }]])))
      const { visits, report, findings } = await walk(scratch, forge)
      expect(visits).toEqual(['one → one (rebase)', 'two → two (rebase)'])
      expect([report, findings]).toEqual([found(2), []])
    },
  )

  test('and was merged as it is has its commits in the release, and no finding', async () => {
    const scratch = started()
    const head = request(scratch, away, [
      ['one', { 'a.txt': 'A\n' }],
      ['two', { 'c.txt': 'c\n' }],
    ])
    scratch.git(['merge', '--quiet', '--no-ff', '-m', 'merged', head])
    const [one = '', two = ''] = [`${head}~`, head].map((it) => scratch.git(['rev-parse', it]))
    const forge = forgeSaying({ [one]: [{ name: '#12', head }], [two]: [{ name: '#12', head }] })
    expect(await walk(scratch, forge)).toEqual({
      ...{ visits: [], report: { reader: 'pull-requests', outcome: 'nothing', claims: 0 }, findings: [], requests: [] },
    })
    expect(forge.asked).toHaveLength(2)
  })

  test.each([
    ['empty', {}],
    ['of its own', { 'z.txt': 'z\n' }],
  ])('is none of a request that it is in, whose further commit is %s', async (_, files) => {
    const scratch = started()
    const change = scratch.commit('feat', { 'a.txt': 'A\n' })
    const head = request(scratch, away, [['back to another branch', files]])
    const { visits, findings, report } = await walk(scratch, forgeSaying({ [change]: [{ name: '!12', head }] }))
    expect([visits, findings, report.outcome]).toEqual([[], [], 'nothing'])
  })

  test('is no commit of a request that another change was proved to be', async () => {
    const scratch = started()
    const below = request(scratch, 'refs/pull/1/head', [['one', { 'a.txt': 'A\n' }]])
    scratch.git(['checkout', '--quiet', '--detach', below])
    const above = scratch.commit('two', { 'c.txt': 'c\n' })
    scratch.git(['checkout', '--quiet', 'main'])
    squash(scratch, below, 'lower (#1)')
    const change = squash(scratch, above, 'upper')
    const forge = forgeSaying({ [change]: [{ name: '#2', head: above }] })
    const { visits, requests } = await walk(scratch, forge)
    expect(visits).toEqual(['one → lower (#1) (squash)', 'two → upper (squash)'])
    expect(requests).toEqual(['lower (#1) #1', 'upper #2'])
    expect(forge.asked).toEqual([change])
  })
})

test('a change that names a number of which nobody has a head is asked about too', async () => {
  const scratch = started()
  const head = request(scratch, away, [['one', { 'a.txt': 'A\n' }]])
  const change = squash(scratch, head, 'feat (#99)')
  const forge = forgeSaying({ [change]: [{ name: '#12', head }] })
  const silent = remoteWith({}, { isHere: true, whole: false })
  expect((await walked(scratch, undefined, silent)).report.outcome).toBe('not-fetched')
  expect(await walked(scratch, undefined, silent, forge)).toMatchObject({
    ...{ visits: ['one → feat (#99) (squash)'], report: found(1), requests: ['feat (#99) #12'] },
  })
})

describe('a forge that lies', () => {
  test('about a head makes no claim', async () => {
    const scratch = started()
    const start = scratch.git(['rev-parse', 'HEAD'])
    const head = request(scratch, away, [['forged', { 'evil.txt': 'x\n' }]])
    const change = scratch.commit('feat', { 'a.txt': 'A\n' })
    const lies: readonly ForgeRequest[] = [
      { name: '#12', head },
      ...[change, start, 'f'.repeat(64)].map((it, at) => ({ name: `#${at}` as const, head: it })),
    ]
    expect(await walk(scratch, forgeSaying({ [change]: lies }))).toEqual({
      ...{ visits: [], findings: ['squash-unproved feat'], requests: [] },
      report: { reader: 'pull-requests', outcome: 'nothing', claims: 0 },
    })
  })

  test('about what is not there is not believed to have said nothing', async () => {
    const scratch = started()
    const head = request(scratch, away, [['one', { 'a.txt': 'A\n' }]])
    const change = squash(scratch, head, 'feat')
    const other = scratch.commit('other', { 'b.txt': 'B\n' })
    const forge = forgeSaying({ [change]: [{ name: '#12', head }], [other]: [{ name: '#13', head: '0'.repeat(40) }] })
    const { visits, report } = await walk(scratch, forge)
    expect(visits).toEqual(['one → feat (squash)'])
    expect(report).toMatchObject({ outcome: 'could-not-look', claims: 1 })
    expect(report.detail).toMatch(/^of 1 change/)
  })
})

test('what a forge does not say is told, whatever else was found', async () => {
  const scratch = started()
  const head = request(scratch, away, [['one', { 'a.txt': 'A\n' }]])
  const change = squash(scratch, head, 'feat')
  const other = scratch.commit('other', { 'b.txt': 'B\n' })
  const forge = forgeSaying({ [change]: [{ name: '#12', head }], [other]: 'silent' })
  const { visits, report } = await walk(scratch, forge)
  expect(visits).toEqual(['one → feat (squash)'])
  expect(report).toEqual({
    ...{ reader: 'pull-requests', outcome: 'could-not-look', claims: 1 },
    detail: 'the forge said nothing of 1 of 2 changes: it answers with status 403',
  })
})
