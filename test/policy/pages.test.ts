/** The pages about rules are true: their examples are policies, each rule has a row, and what it fails with is a code. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { errorCodes } from '../../src/errors.ts'
import { policyRules } from '../../src/policy/families/index.ts'
import { parsePolicy, policyOf } from '../../src/policy/read-policy.ts'

const folder = fileURLToPath(new URL('../../docs/policy', import.meta.url))

describe.each(['revoked', 'identity', 'provenance'])('docs/policy/%s.md', (family) => {
  const page = readFileSync(join(folder, `${family}.md`), 'utf8')

  test('has an example that is a policy', () => {
    const examples = [...page.matchAll(/^```yaml\n([\s\S]*?)^```/gm)].map(([, text = '']) => text)
    expect(examples.length).toBeGreaterThan(0)
    for (const text of examples) {
      const policy = policyOf([parsePolicy({ file: `${family}.yaml`, bytes: Buffer.from(text) })])
      expect(policy.layers[0].sections).toHaveProperty(family)
    }
  })

  test('has every rule of its family', () => {
    const ids = policyRules.map(({ id }) => id).filter((id) => id.startsWith(`${family}/`))
    expect(ids.length).toBeGreaterThan(0)
    expect(ids.filter((id) => !page.includes(`\`${id}\``))).toEqual([])
  })

  test('names codes that there are', () => {
    const named = [...page.matchAll(/`([a-z]+(?:-[a-z]+)+)`/g)].map(([, code = '']) => code)
    const ofChecks = named.filter((it) =>
      /-(?:mismatch|missing|refused|malformed|few|old|low|gap|cut|unproved)$/.test(it),
    )
    expect(ofChecks.filter((it) => !errorCodes.some((code) => code === it))).toEqual([])
  })
})
