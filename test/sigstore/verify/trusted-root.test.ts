/** Where trust comes from, and that what is incomplete is no trust. What each part does, `verify.test.ts` shows. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { worldOf } from '../../../src/platform/world.ts'
import { loadTrust } from '../../../src/sigstore/trust/source.ts'
import { codeOfAsync } from '../../world/failure.ts'
import { useRelease } from '../../world/release.ts'

const release = useRelease()
const fromFile = (path: string) => loadTrust({ kind: 'file', path }, worldOf())

describe('a trusted root', () => {
  it('is read from a file, alone or in a ClientTrustConfig, and its origin is shown', async () => {
    for (const json of [release().sigstore.trustedRoot, release().sigstore.trustConfig]) {
      const path = release().write(json as object)
      expect((await fromFile(path)).origin).toBe(path)
    }
    expect((await loadTrust(release().trust, worldOf())).origin).toBe('the embedded Sigstore of this test')
  })

  it.each<[string, string, string]>([
    ['nothing', '', 'json-malformed'],
    ['text', 'root', 'json-malformed'],
    ['duplicate members', '{"tlogs":[],"tlogs":[]}', 'json-duplicate-key'],
    ['__proto__', '{"__proto__":{}}', 'json-forbidden-key'],
    ['a list', '[]', 'trusted-root-malformed'],
    ['an empty object', '{}', 'trusted-root-malformed'],
    ['more than a root can have', ' '.repeat(5 * 1024 * 1024), 'input-too-large'],
  ])('that is %s is refused', async (_, text, code) => {
    expect(await codeOfAsync(() => fromFile(release().write(text)))).toBe(code)
  })

  it('may say null for a list that it may leave out, which asks for nothing of the kind', async () => {
    const { trustedRoot } = release().sigstore
    const lengths = async (json: object): Promise<number[]> => {
      const opened = await fromFile(release().write(json))
      return [opened.timestampAuthorities, opened.transparencyLogs, opened.certificateLogs].map((it) => it.length)
    }
    const whole = await lengths(trustedRoot as object)
    for (const [at, list] of ['timestampAuthorities', 'tlogs', 'ctlogs'].entries()) {
      expect(await lengths({ ...(trustedRoot as object), [list]: null }), list).toEqual(whole.with(at, 0))
    }
    const inNothing = { ...(trustedRoot as object), trustedRoot: null }
    expect((await fromFile(release().write(inNothing))).certificateAuthorities).toHaveLength(1)
  })

  it('that cannot be read is refused', async () => {
    expect(await codeOfAsync(() => fromFile(join(release().folder, 'none.json')))).toBe('path-missing')
    mkdirSync(join(release().folder, 'root'))
    expect(await codeOfAsync(() => fromFile(join(release().folder, 'root')))).toBe('path-directory')
  })

  it.each<[string, (text: string) => string]>([
    ['a certificate that is none', (it) => it.replace(/("certificates":\[\{"rawBytes":")[^"]+/, '$1AAAA')],
    ['a key that is none', (it) => it.replace(/("publicKey":\{"rawBytes":")[^"]+/, '$1AAAA')],
    [
      'a log without a key',
      (it) => it.replace(/"publicKey":\{.*?\}\}/, '"publicKey":{"validFor":{"start":"2020-01-01T00:00:00Z"}}'),
    ],
    ['a start that is no time', (it) => it.replace(/"start":"[^"]+"/, '"start":"long ago"')],
    ['logs that are no list', (it) => it.replace(/"tlogs":\[/, '"tlogs":{},"other":[')],
  ])('with %s is refused', async (_, edit) => {
    const text = JSON.stringify(release().sigstore.trustedRoot)
    expect(edit(text)).not.toBe(text)
    const path = join(release().folder, 'edited.json')
    writeFileSync(path, edit(text))
    expect(await codeOfAsync(() => fromFile(path))).toMatch(/^trusted-root-(malformed|lax)$/)
  })
})
