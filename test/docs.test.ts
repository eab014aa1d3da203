/** What the documents say is tried: commands are run, flags exist, links lead somewhere, the library's example works. */
import { execFileSync } from 'node:child_process'
import { existsSync, globSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { commands } from '../src/cli/command-table.ts'
import { providerClaims } from '../src/embedded/claims.ts'
import { startLocalSigstore } from '../src/embedded/index.ts'
import type { LocalSigstore } from '../src/embedded/index.ts'
import { useCheckouts } from './world/checkout.ts'
import type { Checkout } from './world/checkout.ts'
import { countersign } from './cli/terminal.ts'
import { issuerAnswers } from './world/issuer-answers.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
const readme = readFileSync(join(root, 'README.md'), 'utf8')
const pages = [
  'README.md',
  'SECURITY.md',
  'CHANGELOG.md',
  'CONTRIBUTING.md',
  ...globSync('{docs,schemas}/**/*.md', { cwd: root }),
]
const gitHubIssuer = 'https://token.actions.githubusercontent.com'

function blocks(language: string): string[] {
  return [...readme.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\``, 'gm'))].map(
    (match) => match[1] ?? '',
  )
}

describe('the README', () => {
  const newCheckout = useCheckouts()
  let sigstore: LocalSigstore
  let checkout: Checkout
  beforeAll(async () => {
    sigstore = await startLocalSigstore({ issuer: gitHubIssuer })
    checkout = newCheckout()
    checkout.write('dist/app.tgz', 'app')
    writeFileSync(join(checkout.folder, '../trust_config.json'), JSON.stringify(sigstore.trustConfig))
    checkout.write('trusted_root.json', JSON.stringify(sigstore.trustedRoot))
    checkout.git('add', 'trusted_root.json')
    checkout.git('commit', '--quiet', '-m', 'Trust')
  })
  afterAll(() => sigstore.close())

  /** The job of the README's examples, on a private Sigstore whose tokens GitHub's issuer seems to mint. */
  async function run(line: string): Promise<number> {
    const sha = checkout.git('rev-parse', 'HEAD').trim()
    const job = { repository: 'acme/widget', workflow: 'release.yml', ref: 'refs/heads/main', sha }
    const token = await sigstore.mintToken(providerClaims('github', job))
    const args = line.trim().split(/\s+/).slice(1)
    const extra =
      args.includes('--sigstore') || args[0] === 'inspect'
        ? []
        : args[0] === 'attest'
          ? ['--sigstore', '../trust_config.json']
          : ['--trusted-root', 'trusted_root.json']
    const isLocal = args.includes('local')
    const env = { ...checkout.env(), ...(isLocal ? {} : { CI: 'true', SIGSTORE_ID_TOKEN: token }) }
    const argv = [...args, ...extra, ...(isLocal ? ['--overwrite'] : [])]
    const { exitCode, stderr } = await countersign(
      { cwd: checkout.folder, env, fetch: issuerAnswers(sigstore) },
      ...argv,
    )
    if (exitCode !== 0) process.stderr.write(stderr)
    return exitCode
  }

  it('shows commands that work, in the order in which it shows them', async () => {
    const commands = blocks('sh').flatMap((block) =>
      block.split('\n').filter((line) => line.startsWith('countersign ')),
    )
    expect(commands.length).toBeGreaterThanOrEqual(4)
    for (const command of commands.filter((line) => !line.includes('--sigstore local'))) {
      expect(await run(command), command).toBe(0)
    }
    const program = join(checkout.folder, 'example.ts')
    const library = pathToFileURL(join(root, 'dist/index.js')).href
    writeFileSync(program, (blocks('ts')[0] ?? '').replace("'countersign'", `'${library}'`))
    const printed = execFileSync(process.execPath, [program], { cwd: checkout.folder, encoding: 'utf8' })
    expect(printed).toMatch(/^pass \d+\n$/)
    for (const command of commands.filter((line) => line.includes('--sigstore local'))) {
      expect(await run(command), command).toBe(0)
    }
  })

  it('is a map: shorter than 150 lines', () => {
    expect(readme.split('\n').length).toBeLessThan(150)
  })
})

describe('the documents', () => {
  it('name only flags that there are', async () => {
    const names = [
      ...commands.map((it) => it.name),
      'trust show',
      'trust update',
      'trust import',
      'receipt serve',
      'hooks install',
      'sessions none',
      'sessions record',
      'policy sign',
      'policy waive',
    ]
    const helps = await Promise.all(names.map((it) => countersign({ cwd: root }, ...it.split(' '), '--help')))
    const known = new Set(helps.flatMap(({ stdout }) => stdout.match(/--[a-z][a-z-]+/g) ?? []))
    // Other programs' flags, and those of scripts, stand beside ours in some pages.
    const foreign = [
      ...[
        '--trust-config',
        '--unified',
        '--dir',
        '--signing-config',
        '--write',
        '--against',
        '--config',
        '--version',
        '--stable',
        '--update',
        '--only',
        '--inputs',
        '--prune',
        '--amend',
        '--global',
        '--all',
        '--upload-file',
      ],
      ...['--absolute-git-dir', '--full-tree', '--numstat', '--batch', '--stdin'],
      // git's, and what hooks ask of a command that may not be there.
      ...['--squash', '--no-verify', '--remove-section', '--pending'],
      // cosign's.
      ...['--predicate', '--type'],
      // curl's.
      ...['--fail', '--silent', '--header', '--data'],
    ]
    const own = pages.filter((page) => !page.includes('interop'))
    for (const page of own) {
      const named = readFileSync(join(root, page), 'utf8').match(/(?<![\w-])--[a-z][a-z-]+/g) ?? []
      expect(
        named.filter((it) => !known.has(it) && !foreign.includes(it)),
        page,
      ).toEqual([])
    }
  })

  it('lead only to files that there are', () => {
    for (const page of pages) {
      const text = readFileSync(join(root, page), 'utf8')
      const targets = [...text.matchAll(/\]\((?!https?:|#)([^)#]+)/g)].map((match) => match[1] ?? '')
      const missing = targets.filter((it) => !existsSync(resolve(root, dirname(page), it)))
      expect(missing, page).toEqual([])
    }
  })

  it('name only files of the source that there are', () => {
    const joiners = pages.filter((page) => /^CONTRIBUTING|^docs[/\\](?:how-to-add|architecture|style)/.test(page))
    expect(joiners.length).toBeGreaterThan(6)
    for (const page of joiners) {
      const text = readFileSync(join(root, page), 'utf8')
      const named = [...text.matchAll(/`((?:src|test|scripts|docs|schemas)\/[\w./-]+)`/g)].map(([, path = '']) => path)
      // What the reader of the page makes.
      const there = named.filter((it) => !/\bmy-(?:tool|ci|builder|rule)\b/.test(it))
      expect(
        there.filter((it) => !existsSync(join(root, it))),
        page,
      ).toEqual([])
    }
  })

  it('say how long each suite takes, or that nobody has measured it', () => {
    const text = readFileSync(join(root, 'CONTRIBUTING.md'), 'utf8')
    const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { scripts: object }
    const suites = Object.keys(scripts).filter((it) => /^(?:test|check|fuzz|bench|demo|build|format)\b/.test(it))
    const [unmeasured = ''] = /^Nobody has measured [^]*?\n\n/m.exec(text) ?? []
    const rows = text.split('\n').filter((it) => it.startsWith('| '))
    const isTold = (name: string): boolean => {
      const command =
        name === 'test' ? 'npm test' : name === 'test:mutants' ? 'node scripts/mutants.ts' : `npm run ${name}`
      const whole = new RegExp(`${command}(?![:\\w-])`)
      // A row without minutes is one of those that nobody has measured.
      return rows.some((it) => whole.test(it)) || whole.test(unmeasured) || name.startsWith('check:')
    }
    expect(suites.length).toBeGreaterThan(10)
    expect(suites.filter((it) => !isTold(it))).toEqual([])
    expect(unmeasured).toContain('the rows without minutes')
    expect(unmeasured).toContain('each part of `npm run check`')
  })

  it('explain every schema', () => {
    const schemas = globSync('schemas/**/*.json', { cwd: root })
    expect(schemas.filter((it) => !existsSync(join(root, it.replace(/json$/, 'md'))))).toEqual([])
  })
})
