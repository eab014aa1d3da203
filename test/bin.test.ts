/** The real process: `bin/countersign.js` over what `npm run build` made. */
import { execFile, spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createContext, runInContext } from 'node:vm'
import { describe, expect, it } from 'vitest'
import { useCheckouts } from './world/checkout.ts'
import type { Checkout } from './world/checkout.ts'
import { isEach, part } from './world/runs.ts'

const bin = fileURLToPath(new URL('../bin/countersign.js', import.meta.url))
const checkout = useCheckouts()

const issuer = 'https://oidc.countersign.localhost'
const source = 'https://github.com/acme/widget'
const question = [
  '--sigstore',
  'local',
  ...['--signer', `${source}/.github/workflows/release.yml@refs/tags/v1.1.0`],
  ...['--issuer', issuer, '--source', source],
]

interface Ended {
  readonly exitCode: number | string | null | undefined
  readonly stdout: string
  readonly stderr: string
}

function start(
  at: Checkout,
  token: string | undefined,
  argv: readonly string[],
  node: readonly string[] = [],
): Promise<Ended> {
  const options = { cwd: at.folder, env: at.env(token), maxBuffer: 64 * 1024 * 1024 }
  return new Promise((resolve) => {
    const child = execFile(process.execPath, [...node, bin, ...argv], options, (_, stdout, stderr) => {
      resolve({ exitCode: child.exitCode, stdout, stderr })
    })
  })
}

it('is built', () => {
  // A test of the process is worth nothing over an old build; `npm test` builds first.
  expect(existsSync(fileURLToPath(new URL('../dist/run.js', import.meta.url)))).toBe(true)
})

describe('the process', () => {
  it('attests and verifies, with the exit codes of the verdict', async () => {
    const at = checkout()
    const attested = await start(at, await at.token(), ['attest', 'dist/app.tgz', '--sigstore', 'local'])
    expect(attested).toMatchObject({ exitCode: 0, stdout: 'dist/app.tgz.sigstore.json\n' })
    const argv = ['verify', 'dist/app.tgz', ...question]
    expect(await start(at, undefined, argv)).toMatchObject({ exitCode: 0, stderr: '' })
    expect((await start(at, undefined, [...argv, '--ref', 'refs/heads/main'])).exitCode).toBe(1)
    expect((await start(at, undefined, argv.slice(0, -2))).exitCode).toBe(2)
    expect((await start(at, undefined, [...argv, '--bundle', 'none.json'])).exitCode).toBe(2)
    at.write('../garbage.json', 'garbage')
    expect((await start(at, undefined, [...argv, '--bundle', '../garbage.json'])).exitCode).toBe(3)
    expect(await start(at, undefined, ['inspect', 'dist/app.tgz.sigstore.json'])).toMatchObject({
      exitCode: 0,
      stderr: '',
    })
  })

  it('prints its version, help, and what is wrong', async () => {
    const at = checkout()
    const { version } = JSON.parse(readFileSync(join(bin, '../../package.json'), 'utf8')) as { version: string }
    expect(await start(at, undefined, ['--version'])).toEqual({ exitCode: 0, stdout: `${version}\n`, stderr: '' })
    expect(await start(at, undefined, ['--help'])).toMatchObject({ exitCode: 0, stderr: '' })
    expect(await start(at, undefined, [])).toMatchObject({ exitCode: 2, stdout: '' })
    const wrong = await start(at, undefined, ['frobnicate'])
    expect(wrong).toMatchObject({ exitCode: 2, stdout: '' })
    expect(wrong.stderr).toMatch(/^countersign: error: unknown command 'frobnicate'/)
  })

  it('ends quietly when nobody reads what it says', async () => {
    const at = checkout()
    at.write('many.jsonl', bundleLines(2_000))
    const child = spawn(process.execPath, [bin, 'inspect', 'many.jsonl'], {
      cwd: at.folder,
      env: at.env(),
    })
    let stderr = ''
    child.stderr.on('data', (chunk) => (stderr += String(chunk)))
    child.stdout.once('data', () => child.stdout.destroy())
    const exitCode = await new Promise((resolve) => child.once('close', resolve))
    expect([exitCode, stderr]).toEqual([0, ''])
  })

  describe('whatever becomes of its output, ends with the verdict', () => {
    const endOf = (at: Checkout, argv: readonly string[], end: string): Promise<unknown> =>
      new Promise((resolve) => {
        const command = `set -o pipefail; "$0" "$@" ${end}; echo "\${PIPESTATUS[0]}" >../status`
        const options = { cwd: at.folder, env: at.env() }
        execFile('bash', ['-c', command, process.execPath, bin, ...argv], options, () => {
          resolve(readFileSync(join(at.folder, '../status'), 'utf8').trim())
        })
      })

    it('of every kind', async () => {
      const at = checkout()
      await start(at, await at.token(), ['attest', 'dist/app.tgz', '--sigstore', 'local'])
      const names = Array.from({ length: 30 }, (_, index) => `dist/unsigned-${index}.bin`)
      for (const name of names) at.write(name, 'unsigned')
      at.write('../garbage.json', 'garbage')
      const bundle = 'dist/app.tgz.sigstore.json'
      const codes = (end: string, artifacts: readonly string[], file = bundle): Promise<unknown> =>
        endOf(at, ['verify', ...artifacts, ...question, '--bundle', file], end)
      const all = ['dist/app.tgz', ...names]
      for (const end of part(['| grep -q PASS', '2>&1 | true', '>&- 2>&-', '>/dev/full'], 2)) {
        expect([end, await codes(end, all)]).toEqual([end, '1'])
      }
      expect(await codes('>/dev/full 2>/dev/full', ['dist/app.tgz'])).toBe('0')
      expect(await codes('2>&1 | true', ['dist/app.tgz'], 'none')).toBe('2')
      expect(await codes('2>&1 | true', ['dist/app.tgz'], '../garbage.json')).toBe('3')
    })

    it.runIf(isEach)('but a value that could not be given is not given', async () => {
      const at = checkout()
      at.write('many.jsonl', bundleLines(20))
      expect(await endOf(at, ['inspect', 'many.jsonl'], '>/dev/full')).toBe('3')
      expect(await endOf(at, ['inspect', 'many.jsonl'], '| true')).toBe('0')
    })
  })

  it('leaves nothing half-written on a disk that is full', async () => {
    const at = checkout()
    const names = Array.from({ length: 1_000 }, (_, index) => `file-${index}.bin`)
    const checksums = names.map((name) => `${createHash('sha256').update(name).digest('hex')}  ${name}\n`).join('')
    at.write('../SHA256SUMS', checksums)
    const before = bundleLines(1)
    at.write('dist/all.jsonl', before)
    const argv = ['attest', '--checksums', '../SHA256SUMS', '--sigstore', 'local', '--out', 'dist/all.jsonl']
    // A limit of 64 kB a file, which the kernel enforces in the middle of a write, as a full disk does (EFBIG for ENOSPC).
    const command = `ulimit -f 64 && exec "$0" "$@"`
    const env = at.env(await at.token())
    const ended = await new Promise<Ended>((resolve) => {
      const args = ['-c', command, process.execPath, bin, ...argv]
      const child = execFile('bash', args, { cwd: at.folder, env }, (_, stdout, stderr) => {
        resolve({ exitCode: child.exitCode, stdout, stderr })
      })
    })
    expect(ended).toMatchObject({ exitCode: 3, stdout: '' })
    expect(ended.stderr).toContain('(output-failed)')
    expect(at.list('dist')).toEqual(['all.jsonl', 'app.tgz'])
    expect(readFileSync(join(at.folder, 'dist/all.jsonl'), 'utf8')).toBe(before)
    // With room it works, and the whole of it is there.
    expect((await start(at, await at.token(), argv)).exitCode).toBe(0)
    expect(readFileSync(join(at.folder, 'dist/all.jsonl'), 'utf8').split('\n')).toHaveLength(3)
  })

  it('is not led astray by options of Node or by modules beside the artifact', async () => {
    const at = checkout()
    at.write('package.json', '{"type":"module","imports":{"#x":"./evil.js"}}')
    at.write('node_modules/zod/index.js', 'throw new Error("loaded")')
    writeFileSync(join(at.folder, 'commander.js'), 'throw new Error("loaded")')
    expect((await start(at, undefined, ['--help'])).exitCode).toBe(0)
  })
})

/** Bundles that say nothing, but enough to fill a pipe. */
function bundleLines(count: number): string {
  const envelope = { payload: '', payloadType: 'x', signatures: [] }
  return `${JSON.stringify(envelope)}\n`.repeat(count)
}

describe('the guard of the Node version', () => {
  /** Runs the file as that version would, and gives what it did. */
  function guarded(version: string): { started: boolean; exitCode: number | undefined; stderr: string } {
    const done = { started: false, exitCode: undefined as number | undefined, stderr: '' }
    const context = createContext({
      process: {
        versions: { node: version },
        argv: ['node', 'countersign', 'verify'],
        stderr: { write: (text: string) => (done.stderr += text) },
        set exitCode(code: number) {
          done.exitCode = code
        },
      },
      require(name: string) {
        expect(name).toBe('../dist/run.js')
        done.started = true
      },
    })
    runInContext(readFileSync(bin, 'utf8').replace(/^#!.*/, ''), context)
    return done
  }

  it.each(part(['22.22.2', '22.22.10', '22.23.0', '24.15.0', '24.21.0', '26.0.0', '26.1.0', '30.0.0'], 4))(
    'lets %s through',
    (version) => {
      expect(guarded(version)).toEqual({ started: true, exitCode: undefined, stderr: '' })
    },
  )

  it.each(
    part(
      [
        '0.10.48',
        '6.17.1',
        '18.20.8',
        '20.20.0',
        '21.7.3',
        '22.21.9',
        '22.22.1',
        '23.11.1',
        '24.0.0',
        '24.14.9',
        '25.9.0',
      ],
      3,
    ),
  )('says in one line that %s will not do', (version) => {
    const { started, exitCode, stderr } = guarded(version)
    expect([started, exitCode]).toEqual([false, 2])
    expect(stderr).toMatch(/^countersign: error: Node [\d.]+ .*\(node-too-old\)\n$/)
    expect(stderr).toContain(version)
  })

  it('is written so that a Node of 2013 can read it', () => {
    const code = readFileSync(bin, 'utf8')
    expect(code).not.toMatch(/=>|`|\b(const|let|class|import|async|await)\b|\?\.|\?\?|\*\*/)
  })

  it('lets through what package.json asks for', () => {
    const { engines } = JSON.parse(readFileSync(join(bin, '../../package.json'), 'utf8')) as {
      engines: { node: string }
    }
    expect(engines.node).toBe('^22.22.2 || ^24.15.0 || >=26.0.0')
    expect(guarded('18.0.0').stderr).toContain('^22.22.2, ^24.15.0 or >=26')
  })
})
