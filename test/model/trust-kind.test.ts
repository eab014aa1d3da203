/** Sources of trust and of signatures that are none, as JavaScript and configurations may give them: coded, and never another one. */
import { describe, expect, test } from 'vitest'
import { openSigstore } from '../../src/attest/sigstore.ts'
import { exportTrust } from '../../src/trust/export-trust.ts'
import { showTrust, updateTrust } from '../../src/trust/trust.ts'
import { worldOf } from '../../src/platform/world.ts'
import { openVerifier } from '../../src/verify/verifier.ts'
import { judge } from '../../src/verify/verify.ts'
import { codeOfAsync } from '../world/failure.ts'

const world = {
  fetch: () => Promise.reject(new Error('nothing is fetched')),
  env: {},
}
const question = { repo: 'acme/widget' }

describe('a source of trust', () => {
  test.each<[unknown]>([
    [{ kind: 'fle', path: 'x' }],
    [{ kind: 'constructor' }],
    [{}],
    ['public'],
    [{ kind: 'file' }],
    [{ kind: 'file', path: 1 }],
    [{ kind: 'public', netwrok: 'none' }],
    [{ kind: 'any', sources: [{ kind: 'x' }] }],
    [{ kind: 'any' }],
    [{ kind: ['file'] }],
  ])('%j is none', async (given) => {
    const trust = given as never
    for (const ask of [
      () => openVerifier({ trust, world }),
      () => judge({ artifact: 'none', trust, question, world }),
      () => showTrust(trust, world),
      () => updateTrust(trust, world),
      () => exportTrust({ source: trust, world }),
    ]) {
      expect(await codeOfAsync(ask)).toBe('usage')
    }
  })
})

test('no source of trust is none', async () => {
  for (const trust of [null, undefined]) {
    expect(await codeOfAsync(() => openVerifier({ trust: trust as never, world }))).toBe('usage')
  }
})

describe('a Sigstore that signs', () => {
  test.each<[unknown]>([[{ kind: 'locl' }], [{}], ['public'], [1]])('is not %j', async (given) => {
    const project = { root: '/', source: undefined, world: worldOf(world) }
    expect(await codeOfAsync(() => openSigstore({ sigstore: given as never }, project))).toBe('usage')
  })
})
