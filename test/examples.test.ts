/** The examples of the public names are run as they stand in the source, one after the other, in a released checkout. */
import { execFileSync } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { beforeAll, describe, expect, it } from 'vitest'
import { publicExamples } from '../scripts/examples.ts'
import { subpaths } from '../scripts/package/subpaths.ts'
import type { Example } from '../scripts/examples.ts'
import { readLocalTrustedRoot } from '../src/embedded/trusted-root-file.ts'
import { useCheckouts } from './world/checkout.ts'
import { countersign } from './cli/terminal.ts'
import { isEach, part } from './world/runs.ts'

const dist = fileURLToPath(new URL('../dist/', import.meta.url))
const newCheckout = useCheckouts()
const examples = await publicExamples()
const tried = part(examples, 3)

/** What each example printed, or the error that it ended with, by name. */
let ran: { readonly [name: string]: string }

beforeAll(async () => {
  const checkout = newCheckout()
  // What asks before a merge reads the policy of the commit before.
  checkout.write('countersign.yaml', policyExample())
  for (const words of [
    ['add', 'countersign.yaml'],
    ['commit', '--quiet', '-m', 'Ask'],
    ['commit', '--quiet', '--allow-empty', '-m', 'Change'],
  ]) {
    checkout.git('-c', 'user.name=Ann', '-c', 'user.email=ann@example.org', ...words)
  }
  checkout.git('tag', '--force', 'v1.1.0')
  const token = await checkout.token()
  const at = { cwd: checkout.folder, env: checkout.env(token) }
  const attested = await countersign(at, 'attest', 'dist/app.tgz', '--sigstore', 'local')
  expect(attested).toMatchObject({ exitCode: 0 })
  checkout.write('dist/trusted_root.json', JSON.stringify(await readLocalTrustedRoot(checkout.state)))
  const folder = join(checkout.folder, 'dist/examples')
  mkdirSync(folder)
  for (const { name, code = '' } of examples) writeFileSync(join(folder, `${name}.ts`), resolved(code))
  const program = `
    const output = {}
    for (const name of ${JSON.stringify(tried.map((it) => it.name))}) {
      const lines = []
      console.log = (...values) => void lines.push(values.join(' '))
      const write = process.stdout.write
      process.stdout.write = (text) => lines.push(text) > 0
      try {
        await import(${JSON.stringify(pathToFileURL(folder).href)} + '/' + name + '.ts')
      } catch (error) {
        lines.push('ended with ' + error.stack)
      }
      process.stdout.write = write
      output[name] = lines.join('\\n')
    }
    process.stdout.write(JSON.stringify(output))`
  // Where an example says trusted_root.json it lies in the working folder, ignored there so that the checkout stays clean.
  checkout.write('.git/info/exclude', 'trusted_root.json\napp.sigstore.json\ncountersign.tests.yaml\n')
  const evidence = { artifact: 'dist/app.tgz', trustedRoot: 'trusted_root.json' }
  const rows = { 'identity/signers': 'evidence-missing' }
  const cases = [{ name: 'a trial', ...evidence, expect: { outcome: 'fail', rows } }]
  checkout.write('countersign.tests.yaml', JSON.stringify({ apiVersion: 'countersign/policy-tests/v1', cases }))
  checkout.write('trusted_root.json', JSON.stringify(await readLocalTrustedRoot(checkout.state)))
  const stdout = execFileSync(process.execPath, ['--input-type=module', '--eval', program], {
    cwd: checkout.folder,
    env: checkout.env(),
    encoding: 'utf8',
  })
  ran = JSON.parse(stdout) as typeof ran
})

/** The policy that its page shows. */
function policyExample(): string {
  const page = readFileSync(new URL('../schemas/policy/v1.md', import.meta.url), 'utf8')
  return /^```yaml\n([\s\S]*?)^```/m.exec(page)?.[1] ?? ''
}

/** The package's names as those of its files. */
function resolved(code: string): string {
  return code.replace(/from 'countersign(?:\/([a-z]+))?'/g, (_, subpath = 'index') => {
    expect(subpaths).toContain(subpath)
    return `from '${pathToFileURL(join(dist, `${String(subpath)}.js`)).href}'`
  })
}

describe('every public name', () => {
  it('has an example', () => {
    expect(examples.filter((it: Example) => it.code === undefined).map((it) => it.name)).toEqual([])
    expect(examples.length).toBeGreaterThan(20)
  })

  it.each(tried.map((it) => it.name))('has one that runs: %s', (name) => {
    expect(ran[name]).not.toContain('ended with')
  })

  it.runIf(isEach)('is shown with what it does', () => {
    expect(ran['VerificationError']).toBe('issuer-mismatch fail')
    expect(ran['parseBundle']).toBe('0.3 application/vnd.in-toto+json')
    expect(ran['kindOf']).toBe('no undecided')
    expect(ran['resume']).toBe('path-missing')
    expect(ran['updateTrust']).toBe('usage')
    expect(ran['judgeAll']).toBe('app.tgz fail\nREADME fail')
    expect(ran['judge']).toContain('issuer issuer-mismatch')
    expect(ran['inspect']).toMatch(/^false https:/)
    expect(ran['CountersignError']).toBe('bundle-malformed undecided ')
  })
})

describe('the root of the package', () => {
  it('is small: at most twelve values, the rest in subpaths', async () => {
    expect(Object.keys(await import('../src/index.ts')).length).toBeLessThanOrEqual(12)
  })
})
