/** The guides: each is short, and its commands, policies and programs work as they stand there. */
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { chmodSync, existsSync, globSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import ts from 'typescript'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { startLocalSigstore } from '../src/embedded.ts'
import type { LocalSigstore } from '../src/embedded.ts'
import { providerClaims } from '../src/embedded/claims.ts'
import { countersign } from './cli/terminal.ts'
import { useCheckouts } from './world/checkout.ts'
import type { Checkout } from './world/checkout.ts'
import { issuerAnswers } from './world/issuer-answers.ts'
import { isEach, part } from './world/runs.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
const guides = globSync('docs/guides/*.md', { cwd: root }).map((path) => basename(path, '.md'))

const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { readonly version: string }
const pageOf = (guide: string): string => readFileSync(join(root, `docs/guides/${guide}.md`), 'utf8')
const blocks = (guide: string, language: string): string[] => blocksOf(pageOf(guide), language)

function blocksOf(text: string, language: string): string[] {
  return [...text.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\``, 'gm'))].map((match) => match[1] ?? '')
}

const lines = (blocks: readonly string[]): readonly string[] => blocks.flatMap((it) => it.trim().split('\n'))

/** Of programs that pages show: what the compiler says of each, with the package's names as they are in the source. */
function faultsOf(programs: readonly string[]): readonly (readonly string[])[] {
  const texts = new Map(programs.map((it, at) => [join(root, `docs/guides/program-${at}.ts`), it]))
  const { config } = ts.readConfigFile(join(root, 'tsconfig.json'), (path) => ts.sys.readFile(path)) as {
    config: object
  }
  const options: ts.CompilerOptions = {
    ...ts.parseJsonConfigFileContent(config, ts.sys, root).options,
    noEmit: true,
    paths: { countersign: [join(root, 'src/index.ts')], 'countersign/*': [join(root, 'src/*.ts')] },
  }
  const host = ts.createCompilerHost(options)
  const [fileExists, readFile] = [host.fileExists.bind(host), host.readFile.bind(host)]
  host.fileExists = (path) => texts.has(path) || fileExists(path)
  host.readFile = (path) => texts.get(path) ?? readFile(path)
  const compiled = ts.createProgram([...texts.keys()], options, host)
  return [...texts.keys()].map((path) => {
    const source = compiled.getSourceFile(path)
    return [...compiled.getSyntacticDiagnostics(source), ...compiled.getSemanticDiagnostics(source)].map((it) =>
      ts.flattenDiagnosticMessageText(it.messageText, '\n'),
    )
  })
}

it.runIf(isEach)('programs have the types of the package', { timeout: 120_000 }, () => {
  const [readme = ''] = blocksOf(readFileSync(join(root, 'README.md'), 'utf8'), 'ts')
  const [library = ''] = blocks('library', 'ts')
  // The third is one that the compiler refuses: else it would be asked about nothing.
  const careless = library.replace('else if (verdict.failure !== undefined)', 'else')
  const [ofReadme, ofLibrary, ofCareless] = faultsOf([readme, library, careless])
  expect([ofReadme, ofLibrary]).toEqual([[], []])
  expect(ofCareless).not.toEqual([])
})

/** Where its commands are tried as a whole: by tests of its own. */
const tried = { gate: 'test/gate/guide.test.ts', capture: 'test/capture/guide.test.ts' } as const
const others = guides.filter((it) => !(it in tried))

/** A script is one thing to copy, however many lines it has. */
const isScript = (block: string): boolean => block.startsWith('#!')

describe.for(guides)('%s', (guide) => {
  it('has at most six commands', () => {
    expect(lines(blocks(guide, 'sh').filter((it) => !isScript(it))).length).toBeLessThanOrEqual(6)
  })

  it('has at most forty lines to copy', () => {
    const all = ['sh', 'yaml', 'ts', 'text'].flatMap((language) => lines(blocks(guide, language)))
    expect(all.length).toBeLessThanOrEqual(40)
  })

  it('has YAML that is YAML', () => {
    for (const block of blocks(guide, 'yaml')) expect(() => parse(block) as unknown).not.toThrow()
  })
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

  function desk(): Desk {
    const checkout = newCheckout()
    checkout.write('dist/app.tgz', 'app')
    writeFileSync(join(checkout.folder, '../trust_config.json'), JSON.stringify(sigstore.trustConfig))
    checkout.write('trusted_root.json', JSON.stringify(sigstore.trustedRoot))
    checkout.git('add', 'trusted_root.json')
    checkout.git('commit', '--quiet', '-m', 'Trust')
    return {
      checkout,
      run: async (line) => {
        const [command = '', target] = line.split(' > ')
        const [program, ...args] = command.trim().split(/\s+/)
        // A checkout has no remote and all that one would have; the root of the job's own Sigstore is there, and stands for the public one.
        if (program === 'git' || args.join(' ') === 'trust export') return 0
        // Here it is installed; test/package.test.ts installs it.
        if (program === 'npm') return args.join(' ') === `install --global ./countersign-${version}.tgz` ? 0 : 1
        if (args.join(' ').startsWith('trust export --out ')) {
          checkout.write(args[3] ?? '', JSON.stringify(sigstore.trustedRoot))
          return 0
        }
        const sha = checkout.git('rev-parse', 'HEAD').trim()
        const extra =
          args[0] === 'attest'
            ? ['--sigstore', '../trust_config.json']
            : ['verify', 'policy'].includes(args[0] ?? '') && args[1] !== 'lint' && !args.includes('--trusted-root')
              ? ['--trusted-root', 'trusted_root.json']
              : []
        // Each release has a place of its own.
        if (args[0] === 'attest') {
          for (const it of globSync('dist/*.sigstore.json', { cwd: checkout.folder })) rmSync(join(checkout.folder, it))
        }
        const valued = ['--ci-output', '--forge-token-file']
        const given = args
          .filter((it, at) => ![...valued, '--fetch'].includes(it) && !valued.includes(args[at - 1] ?? ''))
          .map((it) => (it === '"$COMMIT"' ? sha : it))
        const token = await sigstore.mintToken(providerClaims(forge, forges[forge].claims(sha)))
        const env = { ...checkout.env(), CI: 'true', SIGSTORE_ID_TOKEN: token }
        const world = { cwd: checkout.folder, env, fetch: issuerAnswers(sigstore) }
        const { exitCode, stdout, stderr } = await countersign(world, ...given, ...extra)
        if (target !== undefined) checkout.write(target, stdout)
        // The first release is the one before the next.
        if (args[0] === 'attest' && !existsSync(join(checkout.folder, '../before'))) {
          const bundle = readFileSync(join(checkout.folder, 'dist/app.tgz.sigstore.json'), 'utf8')
          checkout.write('../before/app.tgz.sigstore.json', bundle)
        }
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

  /** Of a program that decides: anything but a yes must not look like one. */
  function followProgram({ checkout }: Desk): void {
    const [program = ''] = blocks('library', 'ts')
    const library = pathToFileURL(join(root, 'dist/verify.js')).href
    const run = (text: string): readonly [status: number | null, stdout: string, stderr: string] => {
      checkout.write('deploy.ts', text.replace("'countersign/verify'", `'${library}'`))
      const ran = spawnSync(process.execPath, ['deploy.ts'], { cwd: checkout.folder, encoding: 'utf8' })
      return [ran.status, ran.stdout, ran.stderr]
    }
    expect(run(program)).toEqual([0, 'pass\n', ''])
    const [other, , said] = run(program.replace('release.yml@', 'other.yml@'))
    expect([other, said.includes('signer-mismatch')], said).toEqual([1, true])
    const noRoot = program.replace('trusted_root.json', 'nowhere.json')
    const noSigner = program.replace(/^ *signer: .*\n/m, '')
    const noBundle = program.replace('app.tgz.sigstore.json', 'nowhere.sigstore.json')
    const noTrust = program.replace("kind: 'file'", "kind: 'fle'")
    for (const [text, code] of [
      [noRoot, 'path-missing'],
      [noSigner, 'question-incomplete'],
      [noBundle, 'path-missing'],
      [noTrust, 'usage'],
    ] as const) {
      const [status, , said] = run(text)
      // Its code, and no trace of where it was thrown.
      expect([status, said.startsWith(code), said.includes(' at ')], said).toEqual([1, true, false])
    }
    checkout.write('dist/app.tgz', 'another app')
    expect(run(program)[0]).toBe(1)
  }

  /** Its rules stand where the page says, below the `ai:` that is there; and a release that is good passes them, once its job signs the changes. */
  async function followRules({ checkout, run }: Desk): Promise<void> {
    const [rules = ''] = blocks('policy', 'yaml')
    const drafted = readFileSync(join(checkout.folder, 'countersign.yaml'), 'utf8')
    expect(drafted.match(/^ai:$/gm)).toHaveLength(1)
    checkout.write(
      'countersign.yaml',
      drafted.replace(/^ai:\n/m, (it) => it + rules),
    )
    checkout.git('add', 'countersign.yaml')
    checkout.git('commit', '--quiet', '-m', 'Rules')
    checkout.git('tag', 'v1.1.0')
    const alone = 'countersign verify dist/app.tgz --policy countersign.yaml'
    const [verify = ''] = lines(blocks('policy', 'sh')).filter((it) => it.includes('--previous'))
    expect(await run('countersign policy lint countersign.yaml')).toBe(0)
    expect(await run('countersign attest dist/app.tgz')).toBe(0)
    expect(await run(verify)).toBe(1)
    const [attest = ''] = lines(blocks('policy', 'sh')).filter((it) => it.startsWith('countersign attest'))
    expect(await run(attest)).toBe(0)
    expect([await run(alone), await run(verify)]).toEqual([1, 0])
  }

  const here = others.filter((it) => (it === 'gitlab') === (forge === 'gitlab'))

  it.for(part(here, 2))('%s works from its first line to its last', async (guide) => {
    const it = desk()
    if (guide === 'policy') {
      // Its first release is the first of all.
      for (const tag of it.checkout.git('tag').split('\n').filter(Boolean)) it.checkout.git('tag', '--delete', tag)
      it.checkout.git('tag', 'v1.0.0')
    }
    if (guide !== forge) {
      expect(await it.run('countersign attest dist/app.tgz')).toBe(0)
      if (guide !== 'policy')
        expect(await it.run('countersign policy init dist/app.tgz --out countersign.yaml')).toBe(0)
    }
    if (guide === 'library') followProgram(it)
    else await follow(it, guide)
    if (guide === 'policy') await followRules(it)
  })
})

/** In the jobs of github.md, gitlab.md and gate.md, and of the page beside it. */
describe('what a job installs', () => {
  const pages = ['guides/github', 'guides/gitlab', 'guides/gate', 'gate-forges']
  const said = pages.flatMap((page) =>
    blocksOf(readFileSync(join(root, `docs/${page}.md`), 'utf8'), 'yaml').flatMap((block) =>
      [...block.matchAll(/- (?:run: )?(.*npm install --global.*)/g)].map(([, line = '']) => [page, line] as const),
    ),
  )

  it('is said of each job', () => expect(said.map(([page]) => page)).toEqual([...pages, 'gate-forges', 'gate-forges']))

  const newCheckout = useCheckouts()
  it.for(said)('is the file of that digest, and no other: %s', ([, line]) => {
    const at = newCheckout()
    const name = `countersign-${version}.tgz`
    const served = Buffer.from('a tarball')
    at.write('../served.tgz', served.toString())
    const program = (file: string, text: string): void => {
      at.write(`../bin/${file}`, `#!/bin/sh\n${text}\n`)
      chmodSync(join(at.folder, '../bin', file), 0o755)
    }
    program('curl', '[ "$2 $4" = "-o https://acme.example/x" ] && cp "$(dirname "$0")/../served.tgz" "$3"')
    program('npm', 'echo "$*" > "$(dirname "$0")/../installed"; sha256sum "$3" >> "$(dirname "$0")/../installed"')
    at.write('../runner/.keep', '')
    const job = (SHA256: string): boolean => {
      rmSync(join(at.folder, '../installed'), { force: true })
      const runner = join(at.folder, '../runner')
      const env = {
        ...{ PATH: `${join(at.folder, '../bin')}:${process.env['PATH'] ?? ''}`, RUNNER_TEMP: runner, SHA256 },
        TARBALL: 'https://acme.example/x',
      }
      const script = line.replace('/tmp', runner)
      const { status } = spawnSync('sh', ['-ec', script], { cwd: at.folder, env })
      expect(existsSync(join(at.folder, '../installed'))).toBe(status === 0)
      return status === 0
    }
    expect(job(createHash('sha256').update(served).digest('hex'))).toBe(true)
    expect(readFileSync(join(at.folder, '../installed'), 'utf8')).toContain(`install --global ./${name}`)
    expect(job('0'.repeat(64))).toBe(false)
    // What it fetched is no untracked file of the checkout.
    expect(at.git('status', '--porcelain')).not.toContain(name)
  })
})

describe('at a desk, without a job', () => {
  const newCheckout = useCheckouts()

  it.for(part(guides, 3))('%s', async (guide) => {
    const said = [...pageOf(guide).matchAll(/`(countersign [^`]*--sigstore local[^`]*)`/g)].map(([, it = '']) => it)
    expect(said.length).toBeGreaterThan(0)
    const checkout = newCheckout()
    checkout.write('dist/app.tgz', 'app')
    checkout.write('../allowed_signers', '')
    const world = { cwd: checkout.folder, env: { ...checkout.env(), XDG_STATE_HOME: join(checkout.folder, '../home') } }
    for (const line of said) {
      const [command = ''] = line.split(' > ')
      const { exitCode, stderr } = await countersign(world, ...command.split(' ').slice(1))
      expect(exitCode, `${line}\n${stderr}`).toBe(0)
    }
    if (guide === 'library') expect(existsSync(join(checkout.folder, '../sigstore/trusted_root.json'))).toBe(true)
  })
})
