/** `--format policy-input` read by OPA: the very example of docs/policy, word for word. */
import { readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { countersign } from '../cli/terminal.ts'
import { session } from '../world/ai-evidence.ts'
import { toldRelease } from '../world/policy-changes.ts'
import type { Told } from '../world/policy-changes.ts'
import { policyText } from '../world/policy-release.ts'
import { useRelease } from '../world/release.ts'
import { program } from './cache.ts'
import { runOffline } from './command.ts'

const release = useRelease()
const page = readFileSync(new URL('../../docs/policy/README.md', import.meta.url), 'utf8')

/** The only block of that language with these words. */
function example(language: string, words: string): string {
  const all = [...page.matchAll(/^```(\w+)\n([\s\S]*?)^```/gm)]
  const [only, ...others] = all.flatMap(([, of, text = '']) => (of === language && text.includes(words) ? [text] : []))
  if (only === undefined || others.length > 0) throw new Error(`the page has not one example of ${language}`)
  return only
}

function write(name: string, text: string): void {
  writeFileSync(join(release().folder, name), text)
}

beforeAll(() => {
  write('release.rego', example('rego', '# release.rego'))
  write('root.json', JSON.stringify(release().sigstore.trustedRoot))
  write('countersign.yaml', policyText(release(), { ai: { tools: { allow: ['claude-code', 'cursor'] } } }))
})

/** As a job has it: what the one command prints is what the other reads. */
async function answered(told: Told, ...flags: readonly string[]) {
  const bundles = await toldRelease(release(), told)
  write('all.jsonl', bundles.map((it) => JSON.stringify(it)).join('\n'))
  const [, ...argv] = example('sh', '--format policy-input >').replace('dist/', '').split(' > ')[0]?.split(' ') ?? []
  const own = ['--bundle', 'all.jsonl', '--trusted-root', 'root.json']
  const { exitCode, stdout } = await countersign({ cwd: release().folder }, ...argv, ...own, ...flags)
  write('input.json', stdout)
  const { code } = await runOffline('sh', ['-c', example('sh', 'opa eval')], {
    ...{ cwd: release().folder, home: release().folder },
    env: { PATH: `${dirname(program('opa'))}:${process.env['PATH'] ?? ''}` },
  })
  return { countersign: exitCode, opa: code }
}

describe('the example for OPA', () => {
  test('accepts a release whose sessions were all looked at', async () => {
    expect(await answered({ sessions: [session(), session({ id: 's2', level: 'recorded' })] })).toEqual({
      ...{ countersign: 0, opa: 0 },
    })
  })

  test('refuses one of which somebody only claims it, whatever the policy of Countersign says', async () => {
    const sessions = [session(), session({ id: 's2', level: 'claimed' })]
    expect(await answered({ sessions })).toEqual({ countersign: 0, opa: 1 })
  })

  test('refuses one in which nobody looked', async () => {
    const edit: NonNullable<Told['edit']> = ({ predicate }) => {
      predicate.runDetails.byproducts = []
    }
    expect(await answered({ sessions: [], edit })).toEqual({ countersign: 1, opa: 1 })
  })

  test('refuses what nobody signed who may: there is no document', async () => {
    const other = { repository: 'mallory/widget', workflow: 'release.yml' }
    expect(await answered({ sessions: [session()], job: other })).toEqual({ countersign: 1, opa: 1 })
  })
})
