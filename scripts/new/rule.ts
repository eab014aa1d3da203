/** A new rule of the family `provenance`: a list of the builders that may have built. */
import { camelOf } from './made.ts'
import type { Made } from './made.ts'

export function newRule(name: string): Made {
  const member = camelOf(name)
  const [family, tests] = ['src/policy/families/provenance', 'test/policy']
  return {
    files: {
      [`${family}/${name}.ts`]: rule(name, member),
      [`${tests}/provenance/${name}.test.ts`]: test(name, member),
    },
    rows: [
      {
        path: 'src/model/policy.ts',
        behind: /^ +maxAgeDays: .*\n/m,
        text: `    /** Say here what it asks. */\n    ${member}: z.optional(list(text())),\n`,
      },
      {
        path: `${family}/index.ts`,
        behind: /^import \{ age \} .*\n/m,
        text: `import { ${member} } from './${name}.ts'\n`,
      },
      { path: `${family}/index.ts`, behind: /^ +age,\n/m, text: `  ${member},\n` },
      {
        path: `${tests}/nothing-to-look-at.test.ts`,
        behind: /^ +\['age', .*\n/m,
        text: `      ['${name}', { ${member}: ['x'] }],\n`,
      },
      {
        path: `${tests}/lint.test.ts`,
        behind: /^ +const everything = \{\n(?:.*\n)*? +provenance: \{\n/m,
        text: `      ${member}: ['https://x.example/a'],\n`,
      },
      {
        path: 'docs/policy/provenance.md',
        behind: /^\| `provenance\/age` .*\n/m,
        text: `| \`provenance/${name}\` | say here what it asks | \`build-type-refused\` |\n`,
      },
    ],
    now: `npm run schemas && npx vitest run ${tests}/provenance/${name}.test.ts ${tests}/nothing-to-look-at.test.ts ${tests}/lint.test.ts`,
  }
}

const rule = (name: string, member: string): string => `/** Say here what it looks at, and why. */
import { unseen } from '../row.ts'
import type { PolicyRule } from '../row.ts'

export const ${member}: PolicyRule = {
  id: 'provenance/${name}',
  hint: 'say here what a reader can do',
  check({ provenance: asked }, { provenance: { predicate } }) {
    if (asked?.${member} === undefined) return undefined
    const expected = asked.${member}.join(' or ')
    if (predicate.kind !== 'build-provenance') return [unseen(expected, 'no build provenance')]
    const { builderId: found } = predicate
    return [
      asked.${member}.includes(found)
        ? { outcome: 'pass', expected, found }
        : { outcome: 'fail', code: 'build-type-refused', expected, found },
    ]
  },
}
`

const test = (
  name: string,
  member: string,
): string => `/** \`provenance/${name}\`: what passes, what fails, and the attack that it stops. */
import { expect, test } from 'vitest'
import { judgeBy, policyText, refusalsIn, releaseJob } from '../../world/policy-release.ts'
import { useRelease } from '../../world/release.ts'

const release = useRelease()

async function rows(${member}: readonly string[]): Promise<string[]> {
  const text = policyText(release(), { provenance: { ${member} } })
  return refusalsIn(await judgeBy(release(), [await release().genuine(releaseJob)], text))
}

test('takes one of those that are named', async () => {
  expect(await rows(['https://x.example/other', 'https://github.com/acme/widget/.github/workflows/release.yml@refs/heads/main'])).toEqual([])
})

test('refuses another', async () => {
  expect(await rows(['https://x.example/other'])).toEqual(['provenance/${name} fail build-type-refused'])
})
`
