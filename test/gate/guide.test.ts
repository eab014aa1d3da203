/** What docs/guides/gate.md and docs/gate-forges.md show is done: its YAML is read, its flags are there, and its scripts are run as their platforms run them. */
import { execFileSync } from 'node:child_process'
import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { countersign } from '../cli/terminal.ts'
import { scratchClone, scratchFolder } from '../world/scratch-repository.ts'
import type { Scratch } from '../world/scratch-repository.ts'
import { changeUnderReview, disclosed, lines } from './fixture.ts'
import { isEach } from '../world/runs.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const guide = ['docs/guides/gate.md', 'docs/gate-forges.md']
  .map((it) => readFileSync(join(root, it), 'utf8'))
  .join('\n')

/** Of a section, or of all. */
function blocks(language: string, heading = ''): string[] {
  const [, section = ''] = heading === '' ? [, guide] : guide.split(`## ${heading}\n`)
  const own = heading === '' ? section : (section.split('\n## ')[0] ?? '')
  return [...own.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\``, 'gm'))].map((it) => it[1] ?? '')
}

interface Ran {
  readonly status: number
  readonly text: string
}

/** A shell line with this package's program in reach; a failing one is no error. */
function run(cwd: string, script: string, env: { readonly [name: string]: string } = {}): Ran {
  const bin = scratchFolder()
  const program = join(bin, 'countersign')
  writeFileSync(program, `#!/bin/sh\nexec '${process.execPath}' '${join(root, 'bin/countersign.js')}' "$@"\n`)
  writeFileSync(join(bin, 'npm'), '#!/bin/sh\n')
  for (const it of [program, join(bin, 'npm')]) chmodSync(it, 0o755)
  const who = { GIT_COMMITTER_NAME: 'Ann', GIT_COMMITTER_EMAIL: 'ann@example.org' }
  const all = { ...who, PATH: `${bin}:${process.env['PATH'] ?? ''}`, HOME: bin, ...env }
  try {
    return { status: 0, text: execFileSync('sh', ['-ec', script], { cwd, env: all, encoding: 'utf8', stdio: 'pipe' }) }
  } catch (thrown) {
    const { status, stdout, stderr } = thrown as { status: number; stdout: string; stderr: string }
    return { status, text: stdout + stderr }
  }
}

/** Lines of a job; the program is in reach without being installed. */
const scriptOf = (script: readonly string[]): string => script.filter((it) => !it.includes('npm install ')).join('\n')

/** A server's repository with a policy on main, and a clone with the branch `change`. */
function cloned(policy?: string): Scratch {
  const server = changeUnderReview(policy)
  server.git(['checkout', '--quiet', 'main'])
  server.git(['config', 'core.bare', 'true'])
  const clone = scratchClone(server)
  clone.git(['checkout', '--quiet', '-b', 'change'])
  return clone
}

describe('every block', () => {
  it('of YAML is read, and names flags of the gate alone', async () => {
    const all = blocks('yaml')
    expect(all.length).toBeGreaterThanOrEqual(4)
    const { stdout } = await countersign({ cwd: root }, 'gate', '--help')
    const known = new Set(stdout.match(/--[a-z][a-z-]+/g))
    let commands = 0
    for (const block of [...all, ...blocks('sh')]) {
      for (const line of block.split('\n').filter((it) => it.includes('countersign gate'))) {
        commands += 1
        const named = line.slice(line.indexOf('countersign gate')).match(/--[a-z][a-z-]+/g) ?? []
        expect(named.filter((it) => !known.has(it))).toEqual([])
      }
    }
    expect(commands).toBeGreaterThanOrEqual(6)
    for (const block of all) expect(parse(block)).toBeTypeOf('object')
  })

  it('for GitHub runs for queues too, and gives no right that is not used', () => {
    const [job, marks] = [...blocks('yaml', 'GitHub'), ...blocks('yaml', 'Labels and a check, by name')].map(
      (it) => parse(it) as { readonly on?: object; readonly permissions: object },
    )
    expect(Object.keys(job?.on ?? {})).toEqual(['pull_request', 'pull_request_review', 'merge_group'])
    expect(job?.permissions).toEqual({ contents: 'read', 'pull-requests': 'read' })
    expect(marks?.permissions).toEqual({ contents: 'read', 'pull-requests': 'write', checks: 'write' })
  })
})

interface Job {
  readonly gate: { readonly script: readonly string[]; readonly artifacts: { readonly reports: object } }
}

it('the script for GitLab, and the reports that its job hands on', () => {
  const clone = cloned()
  const head = clone.commit('Much', { 'b.txt': lines(40) })
  const { gate } = parse(blocks('yaml', 'GitLab')[0] ?? '') as Job
  const { status, text } = run(clone.folder, scriptOf(gate.script), {
    ...{ GITLAB_CI: 'true', CI_PIPELINE_SOURCE: 'merge_request_event', CI_COMMIT_SHA: head },
    ...{ CI_MERGE_REQUEST_TARGET_BRANCH_NAME: 'main', CI_MERGE_REQUEST_IID: '12', CI_PROJECT_DIR: clone.folder },
  })
  expect([status, text.includes('disclosure-missing')], text).toEqual([1, true])
  for (const file of Object.values(gate.artifacts.reports) as string[]) {
    expect(existsSync(join(clone.folder, file)), file).toBe(true)
  }
})

it.runIf(isEach)('the script for Bitbucket', () => {
  const clone = cloned()
  const head = clone.commit(disclosed, { 'b.txt': lines(40) })
  const { pipelines } = parse(blocks('yaml', 'Bitbucket')[0] ?? '') as {
    readonly pipelines: { readonly 'pull-requests': { readonly '**': readonly [{ step: { script: string[] } }] } }
  }
  const { status, text } = run(clone.folder, scriptOf(pipelines['pull-requests']['**'][0].step.script), {
    ...{ BITBUCKET_BUILD_NUMBER: '1', BITBUCKET_COMMIT: head, BITBUCKET_PR_ID: '12' },
    BITBUCKET_PR_DESTINATION_BRANCH: 'main',
  })
  expect([status, text.includes('pull request of Bitbucket')], text).toEqual([0, true])
})

describe('the first commands, with the policy of the page,', () => {
  it.each([
    [200, 0],
    [201, 1],
  ])('of a change of %i lines end with %i', (count, status) => {
    const clone = cloned(blocks('yaml')[0])
    clone.commit('Much', { 'b.txt': lines(count) })
    const ran = run(clone.folder, blocks('sh').slice(0, 2).join(''))
    expect([ran.status, ran.text.includes(status === 0 ? 'PASS' : 'FAIL')], ran.text).toEqual([status, true])
  })
})

interface Hooked {
  readonly clone: Scratch
  readonly push: (...words: readonly string[]) => Ran
  readonly there: () => string
}

/** A clone with the hook of the guide, under this name. */
function hooked(clone = cloned(), name = 'pre-push'): Hooked {
  const hook = join(clone.folder, '.git/hooks', name)
  writeFileSync(hook, blocks('sh', 'Before you push')[0] ?? '')
  chmodSync(hook, 0o755)
  return {
    clone,
    push: (...words) => run(clone.folder, `git push origin ${words.join(' ')}`),
    there: () => clone.git(['ls-remote', 'origin', 'refs/heads/*']),
  }
}

describe('the hook', () => {
  it('lets the policy in where it is told to, and says once why it lets nothing in before', () => {
    const clone = cloned()
    clone.git(['rm', '--quiet', 'countersign.yaml'])
    clone.git(['commit', '--quiet', '-m', 'Without'])
    clone.git(['push', '--quiet', 'origin', 'change:main'])
    const { push } = hooked(clone)
    clone.commit('Rules', { 'countersign.yaml': blocks('yaml')[0] ?? '' })
    const refused = push('change')
    expect([refused.status, refused.text.match(/path-missing/g)], refused.text).toEqual([1, ['path-missing']])
    expect(guide).toContain('`git push --no-verify`')
    expect(push('--no-verify change:main').status).toBe(0)
    clone.git(['fetch', '--quiet', 'origin'])
    clone.commit('After it', { 'd.txt': 'd\n' })
    expect(push('change').status).toBe(0)
  })

  it('what is refused does not get to the server', () => {
    const { clone, push, there } = hooked()
    const good = clone.commit(disclosed, { 'b.txt': lines(40) })
    expect(push('change')).toMatchObject({ status: 0 })
    expect(there()).toContain(good)

    const bad = clone.commit('Much', { 'c.txt': lines(40) })
    const refused = push('change')
    expect([refused.status, refused.text.includes('disclosure-missing')], refused.text).toEqual([1, true])
    // Whatever is checked out, it is asked about what is pushed.
    clone.git(['checkout', '--quiet', good])
    expect(push('change').status).toBe(1)
    expect(there()).not.toContain(bad)

    expect(push('main:copy')).toMatchObject({ status: 0 })
    expect(push('--delete change')).toMatchObject({ status: 0 })
  })

  it.runIf(isEach)('a review that nobody can have given yet stops nothing; what is wrong beside it does', () => {
    const { clone, push, there } = hooked()
    const waiting = clone.commit(disclosed, { 'src/auth/b.txt': lines(4) })
    expect(push('change')).toMatchObject({ status: 0 })
    expect(there()).toContain(waiting)
    clone.commit('Much', { 'c.txt': lines(40) })
    expect(push('change').status).toBe(1)
  })

  it('nothing is pushed where nobody knows what is new, or where the gate is gone', () => {
    const { clone, push } = hooked()
    clone.commit(disclosed, { 'b.txt': lines(40) })
    const [base = ''] = clone.git(['rev-parse', 'origin/main']).split('\n')
    clone.git(['update-ref', '-d', 'refs/remotes/origin/main'])
    const lost = push('change')
    expect([lost.status, lost.text.includes('git fetch origin'), lost.text.includes('fatal')]).toEqual([1, true, false])
    clone.git(['update-ref', 'refs/remotes/origin/main', base])
    const script = 'git push origin change'
    const options = {
      cwd: clone.folder,
      stdio: 'pipe',
      env: { PATH: process.env['PATH'] ?? '', HOME: '/nowhere' },
    } as const
    expect(() => execFileSync('sh', ['-ec', script], options)).toThrow()
    expect(push('change')).toMatchObject({ status: 0 })
  })

  it.runIf(isEach).each(['before', 'after'])('stands beside the one that captures, put there %s it', (when) => {
    const clone = cloned()
    if (when === 'before') hooked(clone)
    const install = run(clone.folder, 'countersign hooks install --agents none --sign none')
    expect(install.status, install.text).toBe(0)
    const { push, there } = hooked(clone, 'pre-push.before-countersign')
    const bad = clone.commit('Much', { 'c.txt': lines(40) })
    const refused = push('change')
    expect([refused.status, refused.text.includes('disclosure-missing')], refused.text).toEqual([1, true])
    expect(there()).not.toContain(bad)
    expect(run(clone.folder, 'countersign hooks status').text).not.toContain('lost')
  })
})
