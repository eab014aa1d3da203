import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { levelOf } from '../../../src/collect/sessions/level.ts'
import type { Support } from '../../../src/collect/sessions/level.ts'
import { sha256Hex } from '../../../src/model/digest.ts'
import { levels } from '../../../src/model/session.ts'
import { runs } from '../../world/runs.ts'

const digest = sha256Hex('a record')
const agreeing = { user: true, repository: true, time: true, commits: true }
const answer = agreeing

describe('the level of a session', () => {
  test.for<[string, Support]>([
    ['claimed', { record: undefined, signer: undefined, receipt: undefined }],
    ['recorded', { record: digest, signer: undefined, receipt: undefined }],
    ['signed', { record: digest, signer: 'person', receipt: undefined }],
    ['signed', { record: digest, signer: 'agent-platform', receipt: undefined }],
    ['vouched', { record: digest, signer: 'person', receipt: agreeing }],
    // The lowest missing link wins.
    ['claimed', { record: undefined, signer: 'person', receipt: undefined }],
    ['claimed', { record: undefined, signer: undefined, receipt: agreeing }],
    ['claimed', { record: undefined, signer: 'agent-platform', receipt: agreeing }],
    ['recorded', { record: digest, signer: undefined, receipt: agreeing }],
    // The key of a forge signs whatever is typed there.
    ['recorded', { record: digest, signer: 'forge', receipt: undefined }],
    ['recorded', { record: digest, signer: 'forge', receipt: agreeing }],
    // A receipt that is of somebody, something or some time else is none.
    ['signed', { record: digest, signer: 'person', receipt: { ...agreeing, user: false } }],
    ['signed', { record: digest, signer: 'person', receipt: { ...agreeing, repository: false } }],
    ['signed', { record: digest, signer: 'person', receipt: { ...agreeing, time: false } }],
    ['signed', { record: digest, signer: 'person', receipt: { ...agreeing, commits: false } }],
    // A portal does the same as a receipt, and what it does not say is no agreement.
    ['vouched', { record: digest, signer: 'person', receipt: undefined, portal: answer }],
    ['vouched', { record: digest, signer: 'person', receipt: { ...agreeing, user: false }, portal: answer }],
    ['recorded', { record: digest, signer: undefined, receipt: undefined, portal: answer }],
    ['claimed', { record: undefined, signer: 'person', receipt: undefined, portal: answer }],
    ['signed', { record: digest, signer: 'person', receipt: undefined, portal: { ...answer, user: undefined } }],
    ['signed', { record: digest, signer: 'person', receipt: undefined, portal: { ...answer, repository: undefined } }],
    ['signed', { record: digest, signer: 'person', receipt: undefined, portal: { ...answer, time: undefined } }],
    ['signed', { record: digest, signer: 'person', receipt: undefined, portal: { ...answer, commits: false } }],
    // What is no whole digest pins nothing.
    ['claimed', { record: '', signer: 'person', receipt: agreeing }],
    ['claimed', { record: digest.slice(1), signer: 'person', receipt: agreeing }],
    ['claimed', { record: digest.toUpperCase(), signer: 'person', receipt: agreeing }],
  ])('is %s with %j', ([level, support]) => {
    expect(levelOf(support)).toBe(level)
  })

  const support = fc.record({
    record: fc.constantFrom(undefined, '', digest),
    signer: fc.constantFrom(undefined, 'person', 'agent-platform', 'forge'),
    receipt: fc.option(
      fc.record({ user: fc.boolean(), repository: fc.boolean(), time: fc.boolean(), commits: fc.boolean() }),
      {
        nil: undefined,
      },
    ),
  }) as fc.Arbitrary<Support>

  test('is as many steps above the lowest as there are links before the first that is missing', () => {
    fc.assert(
      fc.property(support, (it) => {
        const links = [
          it.record === digest,
          it.signer === 'person' || it.signer === 'agent-platform',
          it.receipt !== undefined && Object.values(it.receipt).every(Boolean),
          false,
        ]
        expect(levelOf(it)).toBe(levels[links.indexOf(false)])
      }),
      { numRuns: runs(1_000) },
    )
  })

  test('falls when any support is taken away, or stays', () => {
    fc.assert(
      fc.property(support, fc.constantFrom('record', 'signer', 'receipt'), (it, name) => {
        const less = levels.indexOf(levelOf({ ...it, [name]: undefined }))
        expect(less).toBeLessThanOrEqual(levels.indexOf(levelOf(it)))
      }),
    )
  })
})
