/** The guides: each is short, and its commands, policies and programs work as they stand there. */
import { execFileSync } from 'node:child_process'
import { existsSync, globSync, readFileSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { startLocalSigstore } from '../src/embedded.ts'
import type { LocalSigstore } from '../src/embedded.ts'
import { providerClaims } from '../src/embedded/claims.ts'
import { parsePolicy } from '../src/policy/read-policy.ts'
import { countersign } from './cli/terminal.ts'
import { useCheckouts } from './world/checkout.ts'
import type { Checkout } from './world/checkout.ts'
import { issuerAnswers } from './world/issuer-answers.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
const guides = globSync('docs/guides/*.md', { cwd: root }).map((path) => basename(path, '.md'))

function blocks(guide: string, language: string): string[] {
  const text = readFileSync(join(root, `docs/guides/${guide}.md`), 'utf8')
  return [...text.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\``, 'gm'))].map((match) => match[1] ?? '')
}

const lines = (blocks: readonly string[]): readonly string[] => blocks.flatMap((it) => it.trim().split('\n'))

/** Where its commands are tried as a whole: by tests of its own. */
const tried = { gate: 'test/gate/guide.test.ts', capture: 'test/capture/guide.test.ts' } as const
const others = guides.filter((it) => !(it in tried))

describe.for(guides)('%s', (guide) => {
  it('has at most six commands', () => {
    const commands = lines(blocks(guide, 'sh')).filter((it) => it.startsWith('countersign '))
    expect(commands.length).toBeLessThanOrEqual(6)
  })

  it('has YAML that is YAML', () => {
    for (const block of blocks(guide, 'yaml')) expect(() => parse(block) as unknown).not.toThrow()
  })
})

it.for(others)('%s has at most forty lines to copy', (guide) => {
  const all = ['sh', 'yaml', 'ts'].flatMap((language) => lines(blocks(guide, language)))
  expect(all.length).toBeLessThanOrEqual(40)
})

it('those that are tried elsewhere are', () => {
  for (const [guide, test] of Object.entries(tried)) {
    if (guides.includes(guide)) expect(existsSync(join(root, test)), guide).toBe(true)
  }
})

/** The files that a reader of any guide has: a release of theirs, its policy, and the root of its time. */
interface Desk {
  readonly checkout: Checkout
  readonly run: (line: string) => Promise<number>
}

const forges = {
  github: {
    issuer: 'https://token.actions.githubusercontent.com',
    claims: (sha: string) => ({ repository: 'acme/widget', workflow: 'release.yml', ref: 'refs/heads/main', sha }),
  },
  gitlab: {
    issuer: 'https://gitlab.com',
    claims: (sha: string) => ({ repository: 'acme/widget', ref: 'refs/heads/main', sha }),
  },
} as const

describe.for(['github', 'gitlab'] as const)('on %s', (forge) => {
  const newCheckout = useCheckouts()
  let sigstore: LocalSigstore
  beforeAll(async () => {
    sigstore = await startLocalSigstore({ issuer: forges[forge].issuer })
  })
  afterAll(() => sigstore.close())

  async function desk(): Promise<Desk> {
    const checkout = newCheckout()
    checkout.write('dist/app.tgz', 'app')
    writeFileSync(join(checkout.folder, '../trust_config.json'), JSON.stringify(sigstore.trustConfig))
    checkout.write('trusted_root.json', JSON.stringify(sigstore.trustedRoot))
    checkout.git('add', 'trusted_root.json')
    checkout.git('commit', '--quiet', '-m', 'Trust')
    const sha = checkout.git('rev-parse', 'HEAD').trim()
    const token = await sigstore.mintToken(providerClaims(forge, forges[forge].claims(sha)))
    return {
      checkout,
      run: async (line) => {
        const [command = '', target] = line.split(' > ')
        const args = command.trim().split(/\s+/).slice(1)
        // Of the job's own Sigstore, which stands for the public one.
        const extra =
          args[0] === 'attest'
            ? ['--sigstore', '../trust_config.json']
            : ['verify', 'policy'].includes(args[0] ?? '') && args[1] !== 'lint' && !args.includes('--trusted-root')
              ? ['--trusted-root', 'trusted_root.json']
              : []
        const given = args.filter(
          (it, at) => it !== '--fetch' && it !== '--ci-output' && args[at - 1] !== '--ci-output',
        )
        const env = { ...checkout.env(), CI: 'true', SIGSTORE_ID_TOKEN: token }
        const world = { cwd: checkout.folder, env, fetch: issuerAnswers(sigstore) }
        const { exitCode, stdout, stderr } = await countersign(world, ...given, ...extra)
        if (target !== undefined) checkout.write(target, stdout)
        if (exitCode !== 0) process.stderr.write(stdout + stderr)
        return exitCode
      },
    }
  }

  /** In the order in which they are shown; a line of a job first, for the rest needs its bundle. */
  async function follow({ run }: Desk, guide: string): Promise<void> {
    const job = lines(blocks(guide, 'yaml')).flatMap((it) => /countersign attest .*/.exec(it) ?? [])
    const commands = [...job, ...lines(blocks(guide, 'sh'))]
    expect(commands.length).toBeGreaterThan(0)
    for (const command of commands) expect(await run(command), command).toBe(0)
  }

  function followProgram({ checkout }: Desk): void {
    const [program = ''] = blocks('library', 'ts')
    const library = pathToFileURL(join(root, 'dist/index.js')).href
    checkout.write('deploy.ts', program.replace("'countersign'", `'${library}'`))
    const options = { cwd: checkout.folder, encoding: 'utf8' } as const
    expect(execFileSync(process.execPath, ['deploy.ts'], options)).toBe('pass\n')
  }

  const here = others.filter((it) => (it === 'gitlab') === (forge === 'gitlab'))

  it.for(here)('%s works from its first line to its last', async (guide) => {
    const it = await desk()
    if (guide !== forge) {
      expect(await it.run('countersign attest dist/app.tgz')).toBe(0)
      if (guide !== 'policy') expect(await it.run('countersign policy init dist/app.tgz > countersign.yaml')).toBe(0)
    }
    if (guide === 'library') followProgram(it)
    else await follow(it, guide)
  })
})

it('the rules of the policy guide are rules', () => {
  const [rules = ''] = blocks('policy', 'yaml')
  const text = `apiVersion: countersign/policy/v1\nname: acme\n${rules}`
  expect(() => parsePolicy({ file: 'countersign.yaml', bytes: Buffer.from(text) })).not.toThrow()
})
