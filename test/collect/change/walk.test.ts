/** From a change of the release to the commits of the pull request that it was. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { requestOf } from '../../../src/collect/change/request-heads.ts'
import { requestsIn } from '../../../src/collect/change/request-hints.ts'
import { remoteWith } from '../../world/remote.ts'
import { request, squash, started, walked } from '../../world/walked.ts'
import { isEach, part } from '../../world/runs.ts'

describe('a squashed pull request', () => {
  test('leads to its own commits, where the tree is that of its head', async () => {
    const scratch = started()
    const head = request(scratch, 'refs/pull/12/head', [
      ['one', { 'a.txt': 'A\n' }],
      ['two', { 'c.txt': 'c\n' }],
    ])
    squash(scratch, head, 'feat: letters (#12)')
    expect(await walked(scratch)).toEqual({
      visits: ['one → feat: letters (#12) (squash)', 'two → feat: letters (#12) (squash)'],
      report: { reader: 'pull-requests', outcome: 'found', claims: 1 },
      ...{ findings: [], requests: ['feat: letters (#12) #12'] },
    })
  })

  test.each(part(['refs/remotes/origin/pr/12', 'refs/remotes/up/pull/12/head', 'refs/pull-requests/12/from'], 3))(
    'is found under %s, and proved by a merge where the branch it came to has gone on',
    async (ref) => {
      const scratch = started()
      const head = request(scratch, ref, [['one', { 'a.txt': 'A\n' }]])
      scratch.commit('meanwhile', { 'b.txt': 'B\n' })
      squash(scratch, head, 'feat: letters (#12)')
      expect((await walked(scratch)).visits).toEqual(['one → feat: letters (#12) (squash)'])
    },
  )

  test.runIf(isEach)('of GitLab is the second parent of the merge that names it', async () => {
    const scratch = started()
    const head = request(scratch, 'refs/merge-requests/7/head', [
      ['one', { 'a.txt': 'A\n' }],
      ['two', { 'a.txt': 'AA\n' }],
    ])
    scratch.git(['checkout', '--quiet', '--detach'])
    const squashed = squash(scratch, head, 'Letters')
    scratch.git(['checkout', '--quiet', 'main'])
    scratch.git([
      'merge',
      '--quiet',
      '--no-ff',
      '-m',
      "Merge branch 'x' into 'main'\n\nSee merge request g/p!7",
      squashed,
    ])
    expect((await walked(scratch)).visits).toEqual(['one → Letters (squash)', 'two → Letters (squash)'])
  })

  test('gives a commit to the first of two requests that stand on one another', async () => {
    const scratch = started()
    const below = request(scratch, 'refs/pull/1/head', [['one', { 'a.txt': 'A\n' }]])
    scratch.git(['checkout', '--quiet', '--detach', below])
    const above = scratch.commit('two', { 'b.txt': 'B\n' })
    scratch.git(['update-ref', 'refs/pull/2/head', above])
    scratch.git(['checkout', '--quiet', 'main'])
    squash(scratch, below, 'lower (#1)')
    squash(scratch, above, 'upper (#2)')
    expect((await walked(scratch)).visits).toEqual(['one → lower (#1) (squash)', 'two → upper (#2) (squash)'])
  })

  test.runIf(isEach)('that is ported is the later number, and the earlier one if that fails', async () => {
    const scratch = started()
    const head = request(scratch, 'refs/pull/34/head', [['one', { 'a.txt': 'A\n' }]])
    request(scratch, 'refs/pull/12/head', [['other', { 'z.txt': 'z\n' }]])
    squash(scratch, head, 'fix (#12) (#34)')
    expect((await walked(scratch)).visits).toEqual(['one → fix (#12) (#34) (squash)'])
  })

  test.runIf(isEach)('whose head is another one by now is no claim', async () => {
    const scratch = started()
    const head = request(scratch, 'refs/pull/12/head', [['one', { 'a.txt': 'A\n' }]])
    squash(scratch, head, 'feat (#12)')
    scratch.git(['update-ref', '-d', 'refs/pull/12/head'])
    request(scratch, 'refs/pull/12/head', [['forged', { 'evil.txt': 'x\n' }]])
    expect(await walked(scratch)).toEqual({
      visits: [],
      report: { reader: 'pull-requests', outcome: 'nothing', claims: 0 },
      ...{ findings: ['squash-unproved feat (#12)'], requests: [] },
    })
  })

  test.runIf(isEach)('that changed nothing proves nothing', async () => {
    const scratch = started()
    request(scratch, 'refs/pull/12/head', [['forged', {}]])
    scratch.commit('empty (#12)')
    expect((await walked(scratch)).visits).toEqual([])
  })

  test('is none that was made on top of the change, whatever its tree', async () => {
    const scratch = started()
    scratch.commit('feat (#12)', { 'a.txt': 'A\n' })
    request(scratch, 'refs/pull/12/head', [['planted', {}]])
    scratch.commit('on (#13)', { 'b.txt': 'B\n' })
    scratch.git(['checkout', '--quiet', '--detach', 'refs/pull/12/head'])
    scratch.git(['merge', '--quiet', '--no-ff', '-m', 'joined', 'main'])
    scratch.git(['update-ref', 'refs/pull/13/head', 'HEAD'])
    scratch.git(['checkout', '--quiet', 'main'])
    expect(await walked(scratch)).toEqual({
      ...{ visits: [], findings: ['squash-unproved on (#13)', 'squash-unproved feat (#12)'], requests: [] },
      report: { reader: 'pull-requests', outcome: 'nothing', claims: 0 },
    })
  })

  test('is none that was made on top of the change, whatever dates others have given their commits', async () => {
    const scratch = started()
    scratch.commit('feat (#12)', { 'a.txt': 'A\n' })
    request(scratch, 'refs/pull/12/head', [['planted', {}]])
    // By its date it comes after all of them, though it was made on top of the change.
    const tip = scratch.commit('later', { 'b.txt': 'B\n' })
    const tree = scratch.git(['rev-parse', `${tip}~1^{tree}`])
    const who = 'Ann <ann@example.org> 1000000000 +0000'
    const commit = `tree ${tree}\nparent ${tip}\nauthor ${who}\ncommitter ${who}\n\nold (#13)\n`
    const id = scratch.git(['hash-object', '-w', '-t', 'commit', '--stdin'], commit)
    scratch.git(['update-ref', 'refs/pull/13/head', id])
    scratch.git(['merge', '--quiet', '--no-ff', '-m', 'joined', id])
    expect((await walked(scratch)).visits).toEqual([])
  })

  test.runIf(isEach)('that conflicts by now is told, and hinders no other', async () => {
    const scratch = started()
    request(scratch, 'refs/pull/1/head', [['one', { 'a.txt': 'A\n' }]])
    scratch.commit('against it (#1)', { 'a.txt': 'B\n' })
    scratch.commit('on (#1)', { 'a.txt': 'C\n' })
    const orphan = scratch.git(['commit-tree', '-m', 'orphan', scratch.git(['mktree'], '')])
    scratch.git(['update-ref', 'refs/pull/2/head', orphan])
    scratch.commit('unrelated (#2)', { 'u.txt': 'u\n' })
    const head = request(scratch, 'refs/pull/3/head', [['three', { 'b.txt': 'B\n' }]])
    scratch.commit('meanwhile', { 'm.txt': 'm\n' })
    squash(scratch, head, 'good (#3)')
    const { visits, findings } = await walked(scratch)
    expect(visits).toEqual(['three → good (#3) (squash)'])
    expect(findings.toSorted()).toEqual([
      'squash-unproved against it (#1)',
      'squash-unproved on (#1)',
      'squash-unproved unrelated (#2)',
    ])
  })

  test('without its head is not looked at, and that is said', async () => {
    const scratch = started()
    scratch.commit('feat (#12)', { 'a.txt': 'A\n' })
    scratch.git(['update-ref', 'refs/pull/12/merge', 'HEAD~1'])
    const { report } = await walked(scratch)
    expect(report).toMatchObject({ outcome: 'not-fetched', claims: 0 })
  })

  describe('at the remote', () => {
    const pull = 'refs/pull/12/head'

    test('is asked for by just the numbers that nothing here proves; those of issues are none', async () => {
      const scratch = started()
      squash(scratch, request(scratch, 'refs/pull/1/head', [['one', { 'a.txt': 'A\n' }]]), 'proved (#1)')
      scratch.commit('an issue (#12)', { 'b.txt': 'B\n' })
      const none = remoteWith({})
      expect((await walked(scratch, undefined, none)).report).toEqual({
        ...{ reader: 'pull-requests', outcome: 'found', claims: 1 },
      })
      expect(none.asked).toEqual([[pull, 'refs/pull-requests/12/from']])
      const silent = remoteWith({}, { whole: false })
      expect((await walked(scratch, undefined, silent)).report).toMatchObject({ outcome: 'not-fetched', claims: 1 })
      const has = remoteWith({ [pull]: '0'.repeat(40) }, { whole: false })
      expect((await walked(scratch, undefined, has)).report.detail).toMatch(/^1 of 2 .* the remote has, and this clone/)
      const failed = remoteWith({ [pull]: '0'.repeat(40) }, { failure: 'the remote origin could not be read: x' })
      expect((await walked(scratch, undefined, failed)).report).toMatchObject({ outcome: 'could-not-look', claims: 1 })
    })

    test('is followed where it was fetched, also past an older head that is here', async () => {
      const scratch = started()
      const older = request(scratch, pull, [['one', { 'a.txt': 'A\n' }]])
      scratch.git(['checkout', '--quiet', '--detach', older])
      const head = scratch.commit('two', { 'c.txt': 'c\n' })
      scratch.git(['checkout', '--quiet', 'main'])
      squash(scratch, head, 'feat (#12)')
      const stale = await walked(scratch, undefined, remoteWith({ [pull]: '0'.repeat(40) }))
      expect(stale).toMatchObject({ report: { outcome: 'not-fetched' }, findings: ['squash-unproved feat (#12)'] })
      const remote = remoteWith({ [pull]: head }, { isHere: true })
      for (const ref of [pull, 'refs/pull/99/head']) {
        scratch.git(['update-ref', ref, older])
        expect(await walked(scratch, undefined, remote)).toEqual({
          visits: ['one → feat (#12) (squash)', 'two → feat (#12) (squash)'],
          report: { reader: 'pull-requests', outcome: 'found', claims: 1 },
          ...{ findings: [], requests: ['feat (#12) #12'] },
        })
        scratch.git(['update-ref', '-d', pull])
      }
    })
  })

  test('starts no merge driver, and writes nothing into the repository', async () => {
    const scratch = started()
    const trap = join(scratch.folder, '.git', 'sprung')
    scratch.commit('attributes', { '.gitattributes': '* merge=trap\n' })
    scratch.git(['config', 'merge.trap.driver', `touch '${trap}'`])
    const lines = Array.from({ length: 20 }, (_, at) => `${at}\n`)
    scratch.commit('lines', { 'l.txt': lines.join('') })
    const head = request(scratch, 'refs/pull/12/head', [['one', { 'l.txt': lines.with(0, 'A\n').join('') }]])
    scratch.commit('meanwhile', { 'l.txt': lines.with(19, 'B\n').join('') })
    scratch.commit('feat (#12)', { 'l.txt': lines.with(0, 'A\n').with(19, 'B\n').join('') })
    expect(head).toMatch(/^[0-9a-f]{40}$/)
    const before = scratch.git(['count-objects'])
    expect((await walked(scratch)).visits).toEqual(['one → feat (#12) (squash)'])
    expect(existsSync(trap)).toBe(false)
    expect(scratch.git(['count-objects'])).toBe(before)
  })
})

describe('a rebased pull request', () => {
  test('leads to the commits that were rewritten, by author, time and change', async () => {
    const scratch = started()
    const lines = '2\n3\n4\n5\n6\n7\n8\n'
    scratch.commit('lines', { 'c.txt': `1\n${lines}9\n` })
    const head = request(scratch, 'refs/pull/12/head', [
      ['one', { 'a.txt': 'A\n' }],
      ['two', { 'c.txt': `1\n${lines}nine\n` }],
    ])
    // Of the second the trees do not tell that it is the same change, the patches do.
    scratch.commit('meanwhile', { 'c.txt': `one\n${lines}9\n` })
    scratch.git(['checkout', '--quiet', '--detach', head])
    scratch.git(['rebase', '--quiet', 'main'])
    scratch.git(['branch', '--force', 'main', 'HEAD'])
    scratch.git(['checkout', '--quiet', 'main'])
    expect((await walked(scratch)).visits).toEqual(['one → one (rebase)', 'two → two (rebase)'])
  })

  test('is none where the copy was made later: an agent rebases its branch onto the release', async () => {
    const scratch = started()
    const start = scratch.git(['rev-parse', 'HEAD'])
    const first = request(scratch, 'refs/heads/x', [['one', { 'a.txt': 'A\n' }]])
    scratch.commit('meanwhile', { 'b.txt': 'B\n' })
    scratch.git(['cherry-pick', first])
    scratch.git(['branch', '--quiet', '-D', 'x'])
    request(scratch, 'refs/heads/y', [['later', { 'c.txt': 'c\n' }]])
    scratch.git(['checkout', '--quiet', '--detach', start])
    scratch.git(['cherry-pick', 'main'])
    scratch.git(['update-ref', 'refs/pull/12/head', 'HEAD'])
    scratch.git(['checkout', '--quiet', 'main'])
    expect((await walked(scratch)).visits).toEqual([])
  })

  test('is none where the change is another one', async () => {
    const scratch = started()
    request(scratch, 'refs/pull/12/head', [['one', { 'a.txt': 'A\n' }]])
    const author = scratch.git(['log', '-1', '--format=%ad', '--date=raw', 'refs/pull/12/head'])
    scratch.commit('later', { 'b.txt': 'B\n' })
    scratch.write('a.txt', 'other\n')
    scratch.git(['commit', '--quiet', '--all', '--message=one', `--date=${author}`])
    expect((await walked(scratch)).visits).toEqual([])
  })
})

describe('what names a request', () => {
  test.each([
    ['fix: it (#12)', ['#12']],
    ['fix: it (#12) (#34)', ['#34', '#12']],
    ['Merged in feature/x (pull request #5)', ['#5']],
    ['Pull request #6: title', ['#6']],
    ['Title\n\nSee merge request group/sub.group/p!9', ['!9']],
    ['Title\n\nSee merge request group/p!009\n', ['!9']],
    ['fixes #12', undefined],
    ['body\n\nfrom (#12)', undefined],
    ['Title\n\nSee merge request p!x', undefined],
  ])('%j', (message, names) => {
    expect(requestsIn(Buffer.from(message))?.names).toEqual(names)
  })

  test('is bounded, whatever the message is', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 3_000 }), (bytes) => {
        const names = requestsIn(Buffer.from(bytes))?.names ?? []
        expect(names.length).toBeLessThanOrEqual(3)
        for (const name of names) expect(name).toMatch(/^[#!]\d{1,9}$/)
      }),
    )
    expect(requestsIn(Buffer.from(`t ${'(#1)'.repeat(100_000)}`))?.names.length).toBe(3)
  })

  test.each([
    ['refs/pull/12/head', '#12'],
    ['refs/pull/012/head', '#12'],
    ['refs/pull/12/merge', undefined],
    ['refs/pull/12', undefined],
    ['refs/heads/pull/12/head', undefined],
    ['refs/remotes/origin/feature/pr/12', undefined],
    ['refs/merge-requests/3/head', '!3'],
    ['refs/merge-requests/3/merge', undefined],
    ['refs/pull-requests/4/from', '#4'],
  ])('%s is the head of %s', (ref, name) => {
    expect(requestOf(ref)).toBe(name)
  })
})
