/** The AI configuration of a commit, as whoever can commit could make it; and its digest without any of our code. */
import { execFileSync } from 'node:child_process'
import { mkdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { placesExpression } from '../../../src/collect/ai-configuration/places.ts'
import { readAiConfiguration } from '../../../src/collect/ai-configuration/read-ai-configuration.ts'
import type { Bounds, ReadAiConfiguration } from '../../../src/collect/ai-configuration/read-ai-configuration.ts'
import { whileReading } from '../../../src/collect/git/lent-gits.ts'
import { limits } from '../../../src/model/limits.ts'
import { scratchRepository } from '../../world/scratch-repository.ts'
import type { Scratch } from '../../world/scratch-repository.ts'

type Read = Exclude<ReadAiConfiguration, { couldNotLook: string }>

async function read(scratch: Scratch, commit: string, bounds: Partial<Bounds> = {}): Promise<ReadAiConfiguration> {
  return whileReading(await scratch.open(), (all) => readAiConfiguration(all, commit, { ...limits, ...bounds }))
}

async function configurationOf(scratch: Scratch, commit: string): Promise<NonNullable<Read['configuration']>> {
  const answer = await read(scratch, commit)
  if ('couldNotLook' in answer || answer.configuration === undefined) throw new Error(JSON.stringify(answer))
  return answer.configuration
}

const page = readFileSync(fileURLToPath(new URL('../../../schemas/ai-configuration/v1.md', import.meta.url)), 'utf8')
const script = /^```sh\n([\s\S]*?)^```$/m.exec(page)![1]!

/** What the script of the published page prints: git and the tools of GNU, and nothing of ours. */
function recomputed(scratch: Scratch, commit: string): string {
  const [digest] = execFileSync('sh', ['-c', script, 'sh', commit], { cwd: scratch.folder }).toString().split(' ')
  return digest!
}

/** A commit of a tree that no checkout could hold everywhere: lines as `git ls-tree` prints them. */
function treeOf(scratch: Scratch, lines: readonly string[]): string {
  const index = { GIT_INDEX_FILE: join(scratch.folder, '.git/odd') }
  const run = (args: readonly string[], input: string | Buffer): string =>
    execFileSync('git', args, { cwd: scratch.folder, env: { ...process.env, ...index }, input })
      .toString()
      .trim()
  run(['update-index', '-z', '--index-info'], Buffer.from(lines.map((it) => `${it}\0`).join(''), 'latin1'))
  return scratch.git(['commit-tree', '-m', 'odd', run(['write-tree'], '')])
}

const placeOf = ({ folder }: Scratch, id: string): string => join(folder, '.git/objects', id.slice(0, 2), id.slice(2))

const sha256 = (text: string): string => execFileSync('sha256sum', { input: text }).toString().slice(0, 64)

describe('the AI configuration of a commit', () => {
  it('is one digest of all files in the places, with counts, and what MCP servers they name', async () => {
    const scratch = scratchRepository()
    symlinkSync('AGENTS.md', join(scratch.folder, 'CLAUDE.md'))
    const commit = scratch.commit('Begin', {
      'AGENTS.md': 'be good\n',
      'src/deep/AGENTS.md': 'be better\n',
      '.claude/skills/x/SKILL.md': 'know\n',
      '.claude/settings.json': '{}',
      '.github/agents/reviewer.agent.md': 'review\n',
      '.github/workflows/ci.yml': 'on: push\n',
      '.mcp.json': '{"mcpServers":{"db":{"command":"npx","env":{"DB_HOST":"x"}}}}',
      'docs/agents.md': 'no configuration',
    })
    const { listing, digest, ...rest } = await configurationOf(scratch, commit)
    expect(rest).toEqual({
      edition: 'v1',
      files: 6,
      links: 1,
      kinds: { agents: 1, instructions: 3, mcp: 1, settings: 1, skills: 1 },
      tools: { any: 3, 'claude-code': 3, copilot: 1 },
      mcpServers: [{ name: 'db', transport: 'stdio', env: ['DB_HOST'] }],
    })
    expect(listing.map((it) => it.path)).toEqual([
      ...['.claude/settings.json', '.claude/skills/x/SKILL.md', '.github/agents/reviewer.agent.md', '.mcp.json'],
      ...['AGENTS.md', 'CLAUDE.md', 'src/deep/AGENTS.md'],
    ])
    expect(digest.sha256).toBe(recomputed(scratch, commit))
  })

  it('is that of the commit, whatever lies in the work tree', async () => {
    const scratch = scratchRepository()
    const commit = scratch.commit('Begin', { 'AGENTS.md': 'be good\n' })
    const before = await configurationOf(scratch, commit)
    scratch.write('AGENTS.md', 'be bad\n')
    scratch.write('CLAUDE.md', 'be bad\n')
    expect(await configurationOf(scratch, commit)).toEqual(before)
  })

  it('is nothing where the tree has none', async () => {
    const scratch = scratchRepository()
    const commit = scratch.commit('Begin', { 'README.md': 'x', 'docs/agents.md': 'x', 'src/claude.md': 'x' })
    expect(await read(scratch, commit)).toEqual({ configuration: undefined, findings: [] })
  })

  it.each(['sha1', 'sha256'])(
    'has the digest that git and sha256sum give, whatever names there are (%s)',
    async (format) => {
      const scratch = scratchRepository(`--object-format=${format}`)
      const blob = (text: string): string => scratch.git(['hash-object', '-w', '--stdin'], text)
      const [one, two, module] = [blob('one'), blob('two\n'), blob('any id')]
      const commit = treeOf(scratch, [
        `100644 ${one}\t.claude/a\nb.md`,
        `100644 ${two}\t.claude/a\rb.md`,
        `100644 ${one}\t.claude/a\\b.md`,
        `100644 ${one}\t.claude/\xff\xfe.md`,
        `100755 ${two}\t.claude/-n`,
        `100644 ${two}\t.claude/a  b `,
        `100644 ${two}\td\nir/CLAUDE.md`,
        `100644 ${one}\tx\nCLAUDE.md`,
        `100644 ${one}\tCLAUDE.md\nx`,
        `120000 ${blob('/etc/passwd')}\tAGENTS.md`,
        `120000 ${blob('../../etc')}\t.codex`,
        `160000 ${module}\t.cursor/rules`,
        `100644 ${one}\t.agents.md`,
        `100644 ${one}\t.agents/z`,
      ])
      const { listing, digest } = await configurationOf(scratch, commit)
      expect(listing.map((it) => [it.entry, it.path])).toEqual([
        ['file', '.agents/z'],
        ['file', '.claude/-n'],
        ['file', '.claude/a\nb.md'],
        ['file', '.claude/a\rb.md'],
        ['file', '.claude/a  b '],
        ['file', '.claude/a\\b.md'],
        ['file', '.claude/\ufffd\ufffd.md'],
        ['link', '.codex'],
        ['submodule', '.cursor/rules'],
        ['link', 'AGENTS.md'],
        ['file', 'd\nir/CLAUDE.md'],
      ])
      expect(digest.sha256).toBe(recomputed(scratch, commit))
    },
  )
})

describe('a digest', () => {
  it('is another one for each of two trees that could be taken for each other', async () => {
    const scratch = scratchRepository()
    const blob = (text: string): string => scratch.git(['hash-object', '-w', '--stdin'], text)
    const empty = blob('')
    const id = '1'.repeat(40)
    const trees = [
      [`100644 ${blob('AGENTS.md')}\tCLAUDE.md`],
      [`120000 ${blob('AGENTS.md')}\tCLAUDE.md`],
      [`160000 ${id}\tCLAUDE.md`],
      [`100644 ${blob(id)}\tCLAUDE.md`],
      // One name that would look like two lines.
      [`100644 ${empty}\t.claude/a\n${sha256('')}  .claude/b`],
      [`100644 ${empty}\t.claude/a`, `100644 ${empty}\t.claude/b`],
      [`100644 ${empty}\t.claude/a\\n${sha256('')}  .claude/b`],
    ]
    const digests: string[] = []
    for (const lines of trees) {
      scratch.git(['read-tree', '--empty', '--index-output=.git/odd'])
      digests.push((await configurationOf(scratch, treeOf(scratch, lines))).digest.sha256)
    }
    expect(new Set(digests).size).toBe(trees.length)
  })
})

describe('what a commit can hold', () => {
  it('leads nowhere: a link is hashed as what it says', async () => {
    const scratch = scratchRepository()
    symlinkSync('/etc/passwd', join(scratch.folder, 'CLAUDE.md'))
    symlinkSync('/etc/passwd', join(scratch.folder, '.mcp.json'))
    // What it says is no file either.
    mkdirSync(join(scratch.folder, '.cursor'))
    symlinkSync('{"mcpServers":{"x":{}}}', join(scratch.folder, '.cursor/mcp.json'))
    const { listing, mcpServers, unread } = await configurationOf(scratch, scratch.commit('Begin'))
    const [, ...links] = listing.map((it) => [it.entry, it.sha256])
    expect(links).toEqual(Array(2).fill(['link', sha256('/etc/passwd')]))
    expect([mcpServers, unread]).toEqual([[], undefined])
  })

  it('is not looked at beyond so many files, or bytes, and nothing is said of its digest', async () => {
    const scratch = scratchRepository()
    const blob = scratch.git(['hash-object', '-w', '--stdin'], 'x')
    const listed = (type: string, id: string, length: number): string =>
      Array.from({ length }, (_, at) => `${type} ${id}\t${at}\n`).join('')
    // A hundred times the same thousand: small on disk.
    const thousand = scratch.git(['mktree'], listed('100644 blob', blob, 1_000))
    const skills = scratch.git(['mktree'], listed('040000 tree', thousand, 100))
    const root = scratch.git(['mktree'], `040000 tree ${skills}\t.agents\n`)
    const crowd = scratch.git(['commit-tree', '-m', 'x', root])
    expect(await read(scratch, crowd)).toEqual({
      couldNotLook: `there are more than ${limits.aiConfigurationFiles} files`,
    })

    const huge = scratch.commit('Begin', { '.claude/a.bin': 'a'.repeat(3_000), '.claude/b.bin': 'b'.repeat(3_000) })
    expect(await read(scratch, huge, { aiConfigurationBytes: 5_000 })).toEqual({
      couldNotLook: 'its files have more than 5000 bytes',
    })
    expect(await read(scratch, huge, { aiConfigurationBytes: 6_000 })).toMatchObject({ configuration: { files: 2 } })
  })

  it('counts once where the same contents stand in many places', async () => {
    const scratch = scratchRepository()
    const files = Array.from({ length: 70 }, (_, at) => [`d${at}/AGENTS.md`, 'the same '.repeat(100)])
    const commit = scratch.commit('Begin', Object.fromEntries(files) as Record<string, string>)
    expect(await read(scratch, commit, { aiConfigurationBytes: 1_000 })).toMatchObject({ configuration: { files: 70 } })
  })

  it('may lack contents in this clone: then nobody looked', async () => {
    const scratch = scratchRepository()
    const commit = scratch.commit('Begin', { 'AGENTS.md': 'be good\n' })
    const id = scratch.git(['rev-parse', 'HEAD:AGENTS.md'])
    rmSync(placeOf(scratch, id))
    expect(await read(scratch, commit)).toEqual({ couldNotLook: `the object ${id} is missing` })
  })

  it('must be what its ids say', async () => {
    const scratch = scratchRepository()
    const commit = scratch.commit('Begin', { 'AGENTS.md': 'be good\n' })
    const id = scratch.git(['rev-parse', 'HEAD:AGENTS.md'])
    const other = scratch.git(['hash-object', '-w', '--stdin'], 'be bad!\n')
    execFileSync('cp', ['-f', placeOf(scratch, other), placeOf(scratch, id)])
    await expect(read(scratch, commit)).rejects.toMatchObject({ code: 'object-altered' })
  })

  it('has no path shown that holds an address or a secret, and its digest is the same that anybody makes', async () => {
    const scratch = scratchRepository()
    const token = `ghp_${'a1'.repeat(18)}`
    const commit = scratch.commit('Begin', {
      '.claude/agents/zoe@example.org.md': 'x',
      [`.claude/commands/${token}.md`]: 'x',
      [`.claude/${token}/mcp.json`]: '{',
      'src/users/@acme.example/AGENTS.md': 'x',
    })
    const answer = (await read(scratch, commit)) as Read
    expect(answer.configuration!.listing.flatMap((it) => it.path ?? [])).toEqual(['src/users/@acme.example/AGENTS.md'])
    expect(answer.findings).toEqual([{ code: 'ai-configuration-broken', detail: 'a path that must not be shown' }])
    expect(JSON.stringify(answer)).not.toMatch(/zoe|ghp_/)
    expect(answer.configuration!.digest.sha256).toBe(recomputed(scratch, commit))
  })
})

describe('files that name MCP servers', () => {
  it('count with their digests where they are broken, too large or of another form, and say so', async () => {
    const scratch = scratchRepository()
    const commit = scratch.commit('Begin', {
      '.mcp.json': '{ "mcpServers": { "a": ',
      '.cursor/mcp.json': `{ "mcpServers": { "b": { "command": "${'x'.repeat(limits.mcpFileBytes)}" } } }`,
      '.continue/mcp.yaml': 'mcpServers: &c { c: { command: x } }\n',
      '.gemini/settings.json': '{ "theme": "dark" }',
    })
    const answer = (await read(scratch, commit)) as Read
    expect(answer).toMatchObject({ configuration: { files: 4, mcpServers: [], unread: 3 } })
    expect(answer.findings).toEqual([
      { code: 'ai-configuration-other-form', detail: '.continue/mcp.yaml' },
      { code: 'ai-configuration-broken', detail: '.cursor/mcp.json' },
      { code: 'ai-configuration-broken', detail: '.mcp.json' },
    ])
  })

  it('name each server once, in an order of its own, and of too many the first files', async () => {
    const scratch = scratchRepository()
    const same = '{"mcpServers":{"b":{"command":"x"},"a":{"url":"https://x"}}}'
    const crowd = Object.fromEntries(Array.from({ length: limits.mcpServers + 5 }, (_, at) => [`s${at}`, {}]))
    const commit = scratch.commit('Begin', {
      ...{ '.cursor/mcp.json': same, '.mcp.json': same, '.roo/mcp.json': '{"mcpServers":{"a":{"command":"x"}}}' },
      'x/.mcp.json': JSON.stringify({ mcpServers: crowd }),
    })
    const answer = (await read(scratch, commit)) as Read
    const { mcpServers } = answer.configuration!
    expect(mcpServers).toHaveLength(limits.mcpServers)
    expect(mcpServers.slice(0, 3).map((it) => [it.name, it.transport])).toEqual([
      ['a', 'http'],
      ['a', 'stdio'],
      ['b', 'stdio'],
    ])
    // The file has five too many, and three stand in others.
    expect(answer.findings).toEqual([{ code: 'ai-configuration-withheld', detail: 'x/.mcp.json: 8' }])
  })
})

it('the published page has the expression of the places', () => {
  expect(script).toContain(`places='${placesExpression}'\n`)
})
