/** One slip is one fault, and says what may have been meant. */
import { describe, expect, it } from 'vitest'
import { readPolicy } from '../../src/policy/read-policy.ts'
import { readConfigBytes } from '../../src/collect/config/config-bytes.ts'
import { CountersignError, attempt } from '../../src/errors.ts'

function faultsOf(text: string): string[] {
  const read = attempt(() => readPolicy({ file: 'p.yaml', bytes: Buffer.from(text) }))
  if (read instanceof CountersignError) return [`${read.code} ${read.message}`]
  return Array.isArray(read) ? read.map((it) => `${it.code} ${it.reason}`) : []
}

const head = 'apiVersion: countersign/policy/v1\nname: x\n'

describe('a policy', () => {
  it.each([
    [
      'aboveLine: 10',
      ['policy-key-unknown ai.disclosure.aboveLine is no member of a policy (did you mean aboveLines?)'],
    ],
    ['aboveLines: ten', ['policy-malformed ai.disclosure.aboveLines is no number']],
    ['paths: ["a"]', ['policy-malformed ai.disclosure.aboveLines is missing']],
    ['{aboveLines: 1, aboveLine: 2}', undefined],
  ])('with %s', (disclosure, expected) => {
    const inner = disclosure.startsWith('{') ? ` ${disclosure}` : `\n    ${disclosure}`
    const faults = faultsOf(`${head}ai:\n  disclosure:${inner}\n`)
    if (expected !== undefined) expect(faults).toEqual(expected)
    // Both are there: which of them is meant, nobody can tell.
    else expect(faults).toHaveLength(1)
  })

  it('names a near member within lists, profiles and what may be of several forms', () => {
    expect(faultsOf(`${head}identity:\n  signers:\n    - rep: acme/widget\n`)[0]).toContain('(did you mean repo?)')
    const profile = `${head}profiles:\n  strict:\n    ai:\n      disclosur: {aboveLines: 1}\n`
    expect(faultsOf(profile)).toEqual([
      'policy-key-unknown profiles.strict.ai.disclosur is no member of a policy (did you mean disclosure?)',
    ])
  })

  it.each(['', '# nothing but a comment\n'])('that is empty says so: %j', (text) => {
    expect(faultsOf(text)).toEqual(['policy-malformed the file is empty'])
  })

  it('without its version says that it is missing, and not that it is another one', () => {
    expect(faultsOf('name: x\n')).toEqual(['policy-malformed apiVersion is missing'])
    expect(faultsOf('apiVersion: countersign/policy/v9\nname: x\n')).toEqual([
      'policy-malformed apiVersion is not countersign/policy/v1',
    ])
  })

  it('names nothing that is far, and no value of the file', () => {
    expect(faultsOf(`${head}zzzzzz: secret\n`)).toEqual(['policy-key-unknown zzzzzz is no member of a policy'])
  })
})

it('a configuration says the same', () => {
  const read = attempt(() => readConfigBytes(Buffer.from('version: 1\nreader: {skip: []}\n')))
  expect(read).toMatchObject({ code: 'config-malformed' })
  expect((read as CountersignError).message).toContain('(did you mean readers?)')
})
