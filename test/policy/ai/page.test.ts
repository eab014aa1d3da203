/** The page of the family: what it shows is a policy, and it leaves nothing out. */
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { aiRules } from '../../../src/policy/families/ai/index.ts'
import { findingKinds } from '../../../src/policy/families/ai/finding-kinds.ts'
import { parsePolicy, policyOf } from '../../../src/policy/read-policy.ts'

const page = readFileSync(fileURLToPath(new URL('../../../docs/policy/ai.md', import.meta.url)), 'utf8')
const examples = [...page.matchAll(/^```yaml\n([\s\S]*?)^```/gm)].map(([, text = '']) => text)

test.each(examples.map((it, index) => [index, it] as const))('example %i is a policy', (_, text) => {
  const policy = policyOf([parsePolicy({ file: 'countersign.yaml', bytes: Buffer.from(text) })])
  expect(policy.layers).toHaveLength(1)
})

test('shows each rule, and names each finding that is of a kind', () => {
  const asked = examples.flatMap((it) =>
    policyOf([parsePolicy({ file: 'countersign.yaml', bytes: Buffer.from(it) })]).layers.flatMap(({ sections }) =>
      Object.keys(sections.ai ?? {}),
    ),
  )
  expect(asked).toHaveLength(aiRules.length)
  for (const { id } of aiRules) expect(page).toContain(`\`${id}\``)
  for (const [code, kind] of findingKinds) expect(page.includes(`\`${code}\``), code).toBe(kind !== undefined)
})

test.each(['/src/**', 'src/', './src', 'src/../x', 'src/a**', ''])('%j is no path: it would match nothing', (path) => {
  const text = `apiVersion: countersign/policy/v1\nname: x\nai:\n  humanReview:\n    - paths: [${JSON.stringify(path)}]\n`
  expect(() => parsePolicy({ file: 'x', bytes: Buffer.from(text) })).toThrow('x:5:')
})

test.each(['tools: {}', 'models: {}', 'mcpServers: {}'])('%s asks for nothing', (section) => {
  const text = `apiVersion: countersign/policy/v1\nname: x\nai:\n  ${section}\n`
  expect(() => parsePolicy({ file: 'x', bytes: Buffer.from(text) })).toThrow('x:4:')
})
