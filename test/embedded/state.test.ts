import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { createHash, sign as signBytes } from 'node:crypto'
import { once } from 'node:events'
import { appendFile, cp, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import type { SerializedBundle } from '@sigstore/bundle'
import { jwtVerify, createLocalJWKSet } from 'jose'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { providerClaims } from '../../src/embedded/claims.ts'
import { startLocalSigstore } from '../../src/embedded/index.ts'
import type { LocalSigstore } from '../../src/embedded/index.ts'
import { serializeMaterial } from '../../src/embedded/material.ts'
import { mintLocalJobToken } from '../../src/embedded/project.ts'
import { openState } from '../../src/embedded/state.ts'
import { readLocalTrustedRoot } from '../../src/embedded/trusted-root-file.ts'
import { certificateRequest, ecKey, post, signStatement, verifyBundle } from './client.ts'
import { hashLeaf, treeHash } from './rfc6962.ts'
import { limits } from '../../src/model/limits.ts'
import { worldOf } from '../../src/platform/world.ts'
import { steppedClock } from '../world/stepped-clock.ts'

let folder: string
let state: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'countersign-state-'))
  state = join(folder, 'deep', 'state')
})
afterEach(() => rm(folder, { recursive: true, force: true }))

async function run<T>(use: (sigstore: LocalSigstore) => Promise<T>): Promise<T> {
  const sigstore = await startLocalSigstore({ state })
  try {
    return await use(sigstore)
  } finally {
    await sigstore.close()
  }
}

const sign = (text: string): Promise<SerializedBundle> =>
  run((sigstore) => signStatement(sigstore, 'both logs and a timestamp', { text: JSON.stringify({ text }) }))

const elsewhere = JSON.stringify({ pid: 999_999_999, host: 'elsewhere.example', id: 'x' })

const code = (name: string): unknown => expect.objectContaining({ code: name })

interface Checkpoint {
  readonly size: number
  readonly root: string
}

function checkpointsOf(bundle: SerializedBundle): Checkpoint[] {
  return bundle.verificationMaterial.tlogEntries.map((entry) => {
    const [, size, root] = entry.inclusionProof!.checkpoint.envelope.split('\n')
    return { size: Number(size), root: root! }
  })
}

async function leavesOf(log: string): Promise<Buffer[]> {
  const lines = (await readFile(join(state, log), 'utf8')).trimEnd().split('\n')
  return lines.map((it) => hashLeaf(Buffer.from((JSON.parse(it) as { body: string }).body, 'base64')))
}

describe('an embedded Sigstore with a state folder', () => {
  it('continues the same trees with the same keys after a restart', async () => {
    const bundles = [await sign('one'), await sign('two'), await sign('three')]
    const trustedRoot = await run((sigstore) => Promise.resolve(sigstore.trustedRoot))
    for (const bundle of bundles) verifyBundle(bundle, trustedRoot)
    expect(bundles.map((it) => it.verificationMaterial.tlogEntries.map(({ logIndex }) => logIndex))).toEqual([
      ['1', '1'],
      ['2', '2'],
      ['3', '3'],
    ])
    // Every checkpoint that was ever handed out is a state of the one tree that the file holds.
    for (const [at, log] of ['rekor-v1.jsonl', 'rekor-v2.jsonl'].entries()) {
      const leaves = await leavesOf(log)
      for (const bundle of bundles) {
        const { size, root } = checkpointsOf(bundle)[at]!
        expect(treeHash(leaves.slice(0, size)).toString('base64')).toBe(root)
      }
    }
  })

  it('says the same trusted root whatever port it listens on, in the folder too', async () => {
    const first = await run((sigstore) => Promise.resolve(sigstore.trustedRoot))
    const second = await run((sigstore) => Promise.resolve(sigstore.trustedRoot))
    expect(second).toEqual(first)
    expect(await readLocalTrustedRoot(state)).toEqual(first)
  })

  it('keeps its keys from other users and out of git', async () => {
    await run(() => Promise.resolve())
    expect((await stat(join(state, 'keys.json'))).mode & 0o777).toBe(0o600)
    expect((await stat(state)).mode & 0o777).toBe(0o700)
    expect(await readFile(join(state, '.gitignore'), 'utf8')).toBe('*\n')
    expect((await readdir(state)).sort()).toEqual([
      '.gitignore',
      'keys.json',
      'rekor-v1.jsonl',
      'rekor-v2.jsonl',
      'trusted_root.json',
    ])
  })

  it('mints a token for a job, without being kept running, that it accepts when it runs', async () => {
    const job = { repository: 'acme/gadget', runId: '77' }
    const token = await mintLocalJobToken(state, 'github', job)
    const claims = providerClaims('github', job)
    await run(async ({ url, issuer, jwks }) => {
      const { payload } = await jwtVerify(token, createLocalJWKSet(jwks), { issuer, audience: 'sigstore' })
      expect(payload).toMatchObject(claims)
      const { status } = await post(
        `${url}/api/v2/signingCert`,
        certificateRequest(token, ecKey(), String(claims['sub'])),
      )
      expect(status).toBe(200)
    })
  })

  it('is missing where it never ran', async () => {
    await expect(readLocalTrustedRoot(state)).rejects.toThrow(code('local-state-missing'))
  })

  it('remembers entries, so the same signature is not logged again', async () => {
    const proposal = await run(async ({ url }) => {
      const body = hashedRekord()
      expect((await post(`${url}/api/v1/log/entries`, body)).status).toBe(201)
      return body
    })
    await run(async ({ url }) => {
      expect((await post(`${url}/api/v1/log/entries`, proposal)).status).toBe(409)
    })
  })
})

describe('a damaged state folder', () => {
  let template: string
  beforeAll(async () => {
    template = await mkdtemp(join(tmpdir(), 'countersign-state-'))
    const sigstore = await startLocalSigstore({ state: template })
    await signStatement(sigstore, 'both logs and a timestamp')
    await sigstore.close()
  })
  afterAll(() => rm(template, { recursive: true }))

  it('loses a torn last line, which nobody was told about, and goes on', async () => {
    const bundle = await sign('before the crash')
    const log = join(state, 'rekor-v1.jsonl')
    const whole = await readFile(log)
    await appendFile(log, `{"integratedTime":1700000000,"body":"${'eyJh'.repeat(50_000)}`)
    await run(() => Promise.resolve())
    expect(await readFile(log)).toEqual(whole)
    const after = await sign('after the crash')
    const trustedRoot = await readLocalTrustedRoot(state)
    verifyBundle(bundle, trustedRoot)
    verifyBundle(after, trustedRoot)
    expect(after.verificationMaterial.tlogEntries[0]?.logIndex).toBe('2')
    expect(await leavesOf('rekor-v1.jsonl')).toHaveLength(3)
  })

  it.each([
    ['a whole line that is no entry', () => appendFile(join(state, 'rekor-v1.jsonl'), 'garbage\n')],
    ['an entry without a body', () => appendFile(join(state, 'rekor-v2.jsonl'), '{"integratedTime":1}\n')],
    ['a log that is gone', () => rm(join(state, 'rekor-v2.jsonl'))],
    ['keys that are gone while the log is not', () => rm(join(state, 'keys.json'))],
    ['keys that are no JSON', () => writeFile(join(state, 'keys.json'), '{')],
    ['keys of another shape', () => writeFile(join(state, 'keys.json'), '{"version":1}')],
    [
      'a key that is none',
      async () => {
        const path = join(state, 'keys.json')
        const text = await readFile(path, 'utf8')
        await writeFile(path, text.replace(/-----BEGIN PRIVATE KEY-----\\n..../, '-----BEGIN PRIVATE KEY-----\\nAAAA'))
      },
    ],
    [
      'a key of the wrong type',
      async () => {
        const path = join(state, 'keys.json')
        const content = JSON.parse(await readFile(path, 'utf8')) as { keys: Record<string, string> }
        content.keys['rekorV2'] = content.keys['rekorV1']!
        await writeFile(path, JSON.stringify(content))
      },
    ],
    [
      'a folder where the keys should be',
      async () => {
        await rm(join(state, 'keys.json'))
        await mkdir(join(state, 'keys.json'))
      },
    ],
  ] as [string, () => Promise<unknown>][])('is refused for %s', async (_, damage) => {
    await cp(template, state, { recursive: true })
    await damage()
    const failure: unknown = await startLocalSigstore({ state }).catch((thrown: unknown) => thrown)
    expect(failure).toEqual(code('local-state-malformed'))
    expect(String(failure)).not.toContain('PRIVATE KEY')
    // and the folder is free again: the next attempt fails for the same reason, not because it is busy
    await expect(startLocalSigstore({ state })).rejects.toThrow(code('local-state-malformed'))
  })

  it('gets its trusted root back, because the keys say what it is', async () => {
    const trustedRoot = await run((sigstore) => Promise.resolve(sigstore.trustedRoot))
    await writeFile(join(state, 'trusted_root.json'), '{"mediaType":"another"}')
    await run(() => Promise.resolve())
    expect(await readLocalTrustedRoot(state)).toEqual(trustedRoot)
    await writeFile(join(state, 'trusted_root.json'), '{')
    await expect(readLocalTrustedRoot(state)).rejects.toThrow(code('local-state-malformed'))
  })

  it('is not begun in a folder with other things in it, such as a project', async () => {
    await mkdir(state, { recursive: true })
    await writeFile(join(state, 'package.json'), '{}')
    await writeFile(join(state, '.gitignore'), 'dist/')
    await expect(startLocalSigstore({ state })).rejects.toThrow(code('output-exists'))
    expect((await readdir(state)).sort()).toEqual(['.gitignore', 'package.json'])
    expect(await readFile(join(state, '.gitignore'), 'utf8')).toBe('dist/')
  })

  it('is an output failure where no folder can be made', async () => {
    const file = join(folder, 'file')
    await writeFile(file, '')
    await expect(startLocalSigstore({ state: join(file, 'state') })).rejects.toThrow(code('output-failed'))
  })
})

describe('two on one state folder', () => {
  it('is busy for a second one in the same process, and free after close', async () => {
    await run(expectBusy)
    await run(() => Promise.resolve())
  })

  it('lets the second one wait for the first', async () => {
    const first = await startLocalSigstore({ state })
    const clock = { ...steppedClock(), sleep: () => first.close() }
    const second = await openState(state, new Date(), worldOf(clock))
    second.close()
  })

  it('starts once when many begin an empty folder at the same time, and all end up with the same keys', async () => {
    // They wait for each other, however long it takes.
    const clock = { ...steppedClock(), sleep: () => new Promise<void>((resolve) => setImmediate(resolve)) }
    const materials = await Promise.all(
      Array.from({ length: 5 }, async () => {
        const opened = await openState(state, new Date(), worldOf(clock))
        opened.close()
        return serializeMaterial(opened.material)
      }),
    )
    for (const material of materials) expect(material).toBe(materials[0])
  })

  it('is busy while another process has it, and taken over when that was killed', async () => {
    const child = await startInProcess(state)
    try {
      await expectBusy()
    } finally {
      child.kill('SIGKILL')
      await once(child, 'exit')
    }
    const bundle = await sign('after the kill')
    verifyBundle(bundle, await readLocalTrustedRoot(state))
  })

  it('takes over from a dead process that had our own id, as in a container that was started again', async () => {
    await run(() => Promise.resolve())
    await writeFile(join(state, 'lock'), JSON.stringify({ pid: process.pid, host: hostname(), id: 'gone' }))
    await run(() => Promise.resolve())
  })

  it('takes over a lock that names no holder once it is old, since a holder writes its name at once', async () => {
    await run(() => Promise.resolve())
    const clock = steppedClock()
    await writeFile(join(state, 'lock'), '')
    await expect(openState(state, new Date(), worldOf(clock))).rejects.toThrow(code('local-state-busy'))
    clock.advance(10_000)
    const opened = await openState(state, new Date(), worldOf(clock))
    opened.close()
    expect(await readdir(state)).not.toContain('lock')
  })

  it('believes a holder on another machine, whose processes it cannot see', async () => {
    await run(() => Promise.resolve())
    await writeFile(join(state, 'lock'), elsewhere)
    await expectBusy()
  })

  it('adds nothing to a log whose lock was taken away', async () => {
    await run(async ({ url }) => {
      const before = await readFile(join(state, 'rekor-v1.jsonl'))
      await writeFile(join(state, 'lock'), elsewhere)
      expect((await post(`${url}/api/v1/log/entries`, hashedRekord())).status).toBe(503)
      expect(await readFile(join(state, 'rekor-v1.jsonl'))).toEqual(before)
    })
    // nor does it remove a lock that is not its own
    expect(await readdir(state)).toContain('lock')
  })
})

/** Somebody has the folder: whoever comes is patient for a while, and then refused. */
async function expectBusy(): Promise<void> {
  const clock = steppedClock()
  await expect(openState(state, new Date(), worldOf(clock))).rejects.toThrow(code('local-state-busy'))
  expect(clock.elapsed()).toBe(limits.localLockPatience)
}

function hashedRekord(): object {
  const key = ecKey()
  const data = Buffer.from('x')
  return {
    kind: 'hashedrekord',
    apiVersion: '0.0.1',
    spec: {
      data: { hash: { algorithm: 'sha256', value: createHash('sha256').update(data).digest('hex') } },
      signature: {
        content: signBytes('sha256', data, key.privateKey).toString('base64'),
        publicKey: { content: Buffer.from(key.publicKey.export({ type: 'spki', format: 'pem' })).toString('base64') },
      },
    },
  }
}

async function startInProcess(path: string): Promise<ChildProcess> {
  const entry = new URL('../../src/embedded/index.ts', import.meta.url).href
  const script = `const { startLocalSigstore } = await import(${JSON.stringify(entry)})
await startLocalSigstore({ state: ${JSON.stringify(path)} })
console.log('ready')`
  const child = spawn(process.execPath, ['--no-warnings', '--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  await once(child.stdout, 'data')
  return child
}
