/** Fetching from git's own server, from folders, and from servers that mean harm. */
import { chmodSync, existsSync, readdirSync, readFileSync } from 'node:fs'
import type { RequestListener } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { commitsHere } from '../../../src/collect/git/commits-here.ts'
import { withFetched } from '../../../src/collect/git/fetched-objects.ts'
import { packFrom } from '../../../src/collect/git/fetch-pack.ts'
import { askGit } from '../../../src/collect/git/process.ts'
import { leavesOriginOut, namedRemotes } from '../../../src/collect/git/remote-names.ts'
import { serverPlace } from '../../../src/collect/git/remote-place.ts'
import { openRemote } from '../../../src/collect/git/remote.ts'
import type { LookAtRemotes } from '../../../src/collect/git/remote.ts'
import { openRepository } from '../../../src/collect/git/repository.ts'
import type { Repository } from '../../../src/collect/git/repository.ts'
import { limits } from '../../../src/model/limits.ts'
import type { Environment } from '../../../src/platform/environment.ts'
import { worldOf } from '../../../src/platform/world.ts'
import { codeOfAsync } from '../../world/failure.ts'
import { gitServer } from '../../world/git-server.ts'
import { closedOrigin, loopback } from '../../world/loopback-server.ts'
import { scratchClone, scratchFolder, scratchRepository } from '../../world/scratch-repository.ts'
import type { Scratch } from '../../world/scratch-repository.ts'
import { steppedClock } from '../../world/stepped-clock.ts'

const notes = 'refs/notes/ai'
const pull = 'refs/pull/12/head'

interface Fetched extends LookAtRemotes {
  /** What git says in the repository with what was fetched. */
  readonly said: string
}

/** Looks for refs, fetches them, and asks git something while they are there. */
async function fetched(
  scratch: Scratch,
  remotes: readonly string[],
  names: readonly string[],
  ask: (repository: Repository) => Promise<string> = () => Promise.resolve(''),
  world = worldOf(),
): Promise<Fetched> {
  const repository = await scratch.open()
  const places = await namedRemotes(repository, remotes, world)
  return withFetched(repository, { ...world, fetching: () => undefined }, async (joined, store) => {
    const look = await openRemote(joined, { places, known: [], store }).look(names)
    return { ...look, said: await ask(joined) }
  })
}

/** As small as can be. */
function madeRepository(): Scratch {
  const scratch = scratchRepository()
  scratch.commit('own')
  return scratch
}

/** A repository with settings that it takes from the environment: no process sets them. */
function withConfig(folder: string, settings: readonly (readonly [string, string])[]): Promise<Repository> {
  const pairs = settings.flatMap(([key, value], at) => [
    [`GIT_CONFIG_KEY_${at}`, key],
    [`GIT_CONFIG_VALUE_${at}`, value],
  ])
  const env = {
    ...process.env,
    GIT_CONFIG_COUNT: String(settings.length),
    ...(Object.fromEntries(pairs) as Environment),
  }
  return openRepository(folder, { platform: process.platform, env })
}

/** Everything under `.git` that a fetch could have changed. */
function stateOf(scratch: Scratch): unknown {
  const { folder } = scratch
  const files = readdirSync(join(folder, '.git'), { recursive: true, encoding: 'utf8' }).toSorted()
  return [files, scratch.git(['for-each-ref']), readFileSync(join(folder, '.git', 'config'), 'utf8')]
}

/** A repository with a note and the head of a request, and a clone that has neither. */
function remoteAndClone(): { origin: Scratch; clone: Scratch; commit: string } {
  const origin = scratchRepository()
  const commit = origin.commit('one', { 'a.txt': 'a\n' })
  const clone = scratchClone(origin)
  origin.note(commit, 'a note')
  origin.git(['checkout', '--quiet', '--detach'])
  origin.git(['update-ref', pull, origin.commit('two', { 'b.txt': 'b\n' })])
  origin.git(['checkout', '--quiet', 'main'])
  return { origin, clone, commit }
}

describe('a fetch', () => {
  test('gets what was asked for and is not here, for one run, and writes nothing into the checkout', async () => {
    const { origin, clone } = remoteAndClone()
    clone.git(['remote', 'set-url', 'origin', `${await loopback(gitServer(origin))}/widget`])
    const [note, head] = [origin.git(['rev-parse', notes]), origin.git(['rev-parse', pull])]
    const before = stateOf(clone)
    // Others have their workshops in the folder that all share.
    vi.stubEnv('TMPDIR', scratchFolder())
    onTestFinished(() => void vi.unstubAllEnvs())
    let during: string[] = []
    const got = await fetched(clone, ['origin'], [notes, pull, 'refs/pull/13/head'], async ({ git }) => {
      during = readdirSync(tmpdir())
      return askGit(git, ['ls-tree', '-r', '--name-only', head])
    })
    expect(got).toEqual({
      refs: [
        { name: notes, id: note, isHere: true },
        { name: pull, id: head, isHere: true },
      ],
      ...{ whole: true, failure: undefined, said: 'a.txt\nb.txt' },
    })
    expect(stateOf(clone)).toEqual(before)
    expect([during.length, readdirSync(tmpdir())]).toEqual([1, []])
  })

  test('of what is here asks for nothing', async () => {
    const { origin, clone } = remoteAndClone()
    const commands: string[] = []
    const server = gitServer(origin)
    const listen: RequestListener = (request, response) => {
      request.once('data', (part: Buffer) => commands.push(part.toString('latin1').slice(4, 20)))
      server(request, response)
    }
    clone.git(['remote', 'set-url', 'origin', `${await loopback(listen)}/widget`])
    clone.git(['fetch', '--quiet', origin.folder, `${notes}:${notes}`])
    const got = await fetched(clone, ['origin'], [notes])
    expect(got).toMatchObject({ refs: [{ name: notes, isHere: true }], failure: undefined })
    // The first under an address that this server does not have.
    expect(commands).toEqual(['command=ls-refs\n', 'command=ls-refs\n'])
  })

  test.each([['--depth=1'], ['--filter=blob:none']])('goes into a clone made with %s', async (option) => {
    const origin = scratchRepository()
    origin.git(['config', 'uploadpack.allowFilter', 'true'])
    origin.commit('zero', { 'a.txt': '0\n' })
    const commit = origin.commit('one', { 'a.txt': 'a\n' })
    const clone = scratchClone(origin, option)
    origin.note(commit, 'a note')
    const got = await fetched(clone, [origin.folder], [notes], ({ git }) =>
      askGit(git, ['cat-file', '-p', `${origin.git(['rev-parse', notes])}:${commit}`]),
    )
    expect(got).toMatchObject({ failure: undefined, said: 'a note' })
  })

  test('goes with ids of SHA-256', async () => {
    const origin = scratchRepository('--object-format=sha256')
    const clone = scratchRepository('--object-format=sha256')
    clone.commit('own')
    origin.note(origin.commit('one'), 'a note')
    clone.git(['remote', 'add', 'origin', `${await loopback(gitServer(origin))}/widget`])
    expect(await fetched(clone, ['origin'], [notes])).toMatchObject({ refs: [{ isHere: true }], failure: undefined })
  })

  test('from two remotes says what each has', async () => {
    const { origin, clone } = remoteAndClone()
    const other = scratchRepository()
    other.note(other.commit('other'), 'another note')
    const got = await fetched(clone, [origin.folder, `file://${other.folder}`], [notes])
    expect(got.refs.map((it) => [it.id, it.isHere])).toEqual([
      [origin.git(['rev-parse', notes]), true],
      [other.git(['rev-parse', notes]), true],
    ])
  })
})

describe('a fetch of commits', () => {
  async function brought(
    clone: Scratch,
    url: string,
    ids: readonly string[],
  ): Promise<{ readonly failure: string | undefined; readonly here: readonly string[] }> {
    const repository = await clone.open()
    const places = await namedRemotes(repository, [url], worldOf())
    return withFetched(repository, { ...worldOf(), fetching: () => undefined }, async (joined, store) => {
      const failure = await openRemote(joined, { places, known: [], store }).bring(ids)
      return { failure, here: [...(await commitsHere(joined.git, ids))].toSorted() }
    })
  }

  test('gets those at which no ref is, past one that is not there', async () => {
    const { origin, clone } = remoteAndClone()
    const [head, gone] = [origin.git(['rev-parse', pull]), 'ab'.repeat(20)]
    origin.git(['update-ref', '-d', pull])
    const url = `${await loopback(gitServer(origin))}/widget`
    const own = clone.git(['rev-parse', 'HEAD'])
    expect(await brought(clone, url, [own, head])).toEqual({ failure: undefined, here: [own, head].toSorted() })
    const { failure, here } = await brought(clone, url, [gone, head])
    expect(here).toEqual([head])
    expect(failure).toMatch(/^the remote .* could not be read: /)
  })

  test('that are not there is given up soon', async () => {
    const { clone } = remoteAndClone()
    let asked = 0
    const server = await loopback((_, response) => {
      asked += 1
      response.writeHead(500).end()
    })
    const ids = Array.from({ length: 100 }, (_, at) => at.toString(16).padStart(40, '0'))
    expect((await brought(clone, `${server}/widget`, ids)).here).toEqual([])
    // Each under two addresses.
    expect(asked).toBe(2 * limits.fetchesOfCommits)
  })
})

describe('the own remote of a clone', () => {
  test('is left out where others are named, unless one of them is it', async () => {
    const { folder } = madeRepository()
    const repository = await withConfig(folder, [
      ['remote.origin.url', 'https://token:x@git.example/acme/widget.git'],
      ['remote.same.url', 'git@github.com:acme/other.git'],
    ])
    const leftOut = (...names: string[]): Promise<boolean> => leavesOriginOut(repository, names)
    expect(await leftOut('same')).toBe(true)
    expect(await leftOut('https://git.example/acme/widget-checkpoints', '/srv/widget')).toBe(true)
    expect(await leftOut('same', 'origin')).toBe(false)
    expect(await leftOut('https://git.example/acme/widget')).toBe(false)
    expect(await leavesOriginOut(await withConfig(folder, []), ['same'])).toBe(false)
  })
})

describe('a checkout that means harm', () => {
  test('starts nothing by its configuration or its hooks', async () => {
    const { origin, clone } = remoteAndClone()
    const trap = join(clone.folder, '.git', 'sprung')
    const program = `touch '${trap}'; false`
    clone.write('.git/hooks/reference-transaction', `#!/bin/sh\n${program}\n`)
    chmodSync(join(clone.folder, '.git/hooks/reference-transaction'), 0o755)
    const url = `${await loopback(gitServer(origin))}/widget`
    for (const [key, value] of [
      ['remote.origin.url', url],
      ['remote.origin.uploadpack', program],
      ['remote.origin.vcs', 'ext'],
      ['remote.origin.proxy', 'http://127.0.0.1:1'],
      ['http.proxy', 'http://127.0.0.1:1'],
      ['url.ext::sh -c.insteadOf', 'http:'],
      ['credential.helper', `!${program}`],
      ['core.sshCommand', program],
      ['core.gitProxy', program],
      ['core.fsmonitor', program],
      ['core.alternateRefsCommand', program],
      ['protocol.ext.allow', 'always'],
      ['protocol.allow', 'always'],
      ['fetch.recurseSubmodules', 'true'],
      ['uploadpack.packObjectsHook', program],
      ['gc.auto', '1'],
    ] as const) {
      clone.git(['config', key, value])
    }
    const got = await fetched(clone, ['origin'], [notes])
    expect(got).toMatchObject({ refs: [{ name: notes, isHere: true }], failure: undefined })
    expect(existsSync(trap)).toBe(false)
  })

  test('names no remote by what could be an option, a command or a transport', async () => {
    const clone = await madeRepository().open()
    for (const name of [
      '--upload-pack=touch x',
      '-c',
      'ext::sh -c touch% x',
      'other',
      'git@example.org:o/r',
      '',
      '\u001b',
    ]) {
      expect(await codeOfAsync(() => namedRemotes(clone, [name], worldOf()))).toBe('usage')
    }
  })

  test('has a remote that is not asked, where that would take a program or go in the clear', async () => {
    const { folder } = madeRepository()
    const asked: unknown[] = []
    const fetch = (...args: unknown[]): Promise<Response> => {
      asked.push(args)
      return Promise.reject(new Error('nobody'))
    }
    for (const url of [
      'ext::sh -c x',
      'ssh://git@example.org/o/r',
      'git://example.org/o/r',
      'http://example.org/o/r',
      '../x',
    ]) {
      const repository = await withConfig(folder, [['remote.origin.url', url]])
      const [place] = await namedRemotes(repository, ['origin'], { ...worldOf(), fetch })
      await expect(place?.ask('', 1)).rejects.toThrow('only https is asked')
    }
    expect(asked).toEqual([])
  })

  test('does not get a folder served by the hook that it names for that', async () => {
    const { origin, clone } = remoteAndClone()
    const trap = join(origin.folder, 'sprung')
    origin.git(['config', 'uploadpack.packObjectsHook', `touch '${trap}'; exec`])
    const repository = await withConfig(clone.folder, [['uploadpack.packObjectsHook', `touch '${trap}'; exec`]])
    const places = await namedRemotes(repository, [origin.folder], worldOf())
    await withFetched(repository, { ...worldOf(), fetching: () => undefined }, async (joined, store) => {
      const { failure } = await openRemote(joined, { places, known: [], store }).look([notes])
      expect(failure).toBeUndefined()
    })
    expect(existsSync(trap)).toBe(false)
  })
})

const type = 'application/x-git-upload-pack-result'
const row = (text: string | Buffer): Buffer =>
  Buffer.concat([Buffer.from((text.length + 4).toString(16).padStart(4, '0')), Buffer.from(text)])
const band = (number: number, data: Buffer | string): Buffer =>
  row(Buffer.concat([Buffer.from([number]), Buffer.from(data)]))
const end = Buffer.from('0000')

/** A server that has one ref, and answers a fetch in its own way. */
async function serverOf(
  id: string,
  answer: (packfile: (data: Buffer) => Buffer) => Buffer | undefined,
): Promise<string> {
  const origin = await loopback((request, response) => {
    const parts: Buffer[] = []
    request.on('data', (part: Buffer) => parts.push(part))
    request.on('end', () => {
      response.writeHead(200, { 'content-type': type })
      const isFetch = Buffer.concat(parts).includes('command=fetch')
      const said = isFetch ? answer((data) => Buffer.concat([row('packfile\n'), band(1, data), end])) : undefined
      response.end(isFetch ? said : Buffer.concat([row(`${id} ${notes}\n`), row(`${id} refs/heads/main\n`), end]))
    })
  })
  return `${origin}/widget`
}

function packOf(scratch: Scratch, ...ids: readonly string[]): Buffer {
  const name = scratch.git(['pack-objects', '-q', 'own'], ids.map((it) => `${it}\n`).join(''))
  return readFileSync(join(scratch.folder, `own-${name}.pack`))
}

/** The header of a pack of so many objects. */
function headOf(objects: number): Buffer {
  const head = Buffer.from('PACK\0\0\0\x02\0\0\0\0', 'latin1')
  head.writeUInt32BE(objects, 8)
  return head
}

describe('a remote that means harm', () => {
  test('brings no ref and no object in that has a name here, whatever it sends', async () => {
    const { origin, clone } = remoteAndClone()
    const note = origin.git(['rev-parse', notes])
    const all = origin
      .git(['rev-list', '--objects', '--all'])
      .split('\n')
      .map((it) => it.slice(0, 40))
    const url = await serverOf(note, (packfile) => packfile(packOf(origin, ...all)))
    const before = stateOf(clone)
    const got = await fetched(clone, [url], [notes])
    expect(got.refs).toEqual([{ name: notes, id: note, isHere: true }])
    expect(stateOf(clone)).toEqual(before)
  })

  test('gets nothing in, and a reason that is ours, whatever it sends', async () => {
    const clone = madeRepository()
    const own = packOf(clone, clone.git(['rev-parse', 'HEAD']))
    const answers: readonly [string, (packfile: (data: Buffer) => Buffer) => Buffer, RegExp][] = [
      ['other objects than it was asked for', (pack) => pack(own), /did not send/],
      ['more objects than anybody has', (pack) => pack(headOf(limits.fetchedObjects + 1)), /more than \d+ objects/],
      ['half a pack', (pack) => pack(own.subarray(0, 40)), /index-pack failed/],
      ['what is no pack', (pack) => pack(Buffer.from('<html>\0\0\0\0'.repeat(9))), /index-pack failed/],
      ['an error in the pack', () => Buffer.concat([row('packfile\n'), band(3, '::error::x'), end]), /refuses to send/],
      ['an error before it', () => Buffer.concat([row('ERR ::error::x'), end]), /refuses to send/],
      ['a section that nobody asked for', () => Buffer.concat([row('packfile-uris\n'), end]), /refuses to send/],
      ['a history that is cut', () => Buffer.concat([row('shallow-info\n'), row('shallow x'), end]), /whole history/],
      ['nothing', () => Buffer.alloc(0), /too early/],
      ['an end at once', () => end, /too early/],
      ['a pack without an end', () => Buffer.concat([row('packfile\n'), band(1, headOf(0))]), /too early/],
      ['frames that are none', () => Buffer.from('zzzz'), /does not speak/],
      ['half a frame', () => Buffer.from('00ffpack'), /does not speak/],
    ]
    for (const [what, answer, reason] of answers) {
      const url = await serverOf('ab'.repeat(20), answer)
      const got = await fetched(clone, [url], [notes])
      expect(got, what).toMatchObject({ refs: [{ isHere: false }] })
      expect(got.failure, what).toMatch(reason)
      expect(got.failure, what).not.toContain('::')
    }
  })

  test('that never ends is left at the limit', async () => {
    const flood = band(1, Buffer.concat([headOf(1), Buffer.alloc(10_000)]))
    const url = await serverOf('ab'.repeat(20), () => Buffer.concat([row('packfile\n'), flood, flood, end]))
    const request = { wants: ['ab'.repeat(20)], haves: [], shallow: [], format: 'sha1' as const }
    const read = async (bytes: number): Promise<number> => {
      let total = 0
      const place = serverPlace('origin', { url }, worldOf())
      for await (const part of packFrom(place, request, { bytes, objects: 1 })) total += part.length
      return total
    }
    expect(await read(30_000)).toBe(20_024)
    expect(await codeOfAsync(() => read(15_000))).toBe('git-failed')
  })

  test('that never answers is left when its time is over, and not asked again', async () => {
    const { clone } = remoteAndClone()
    const clock = steppedClock()
    const asked: string[] = []
    const origin = await loopback((request) => {
      asked.push(request.url ?? '')
      clock.advanceToTimeout()
    })
    const repository = await clone.open()
    const places = await namedRemotes(repository, [`${origin}/widget`], worldOf(clock))
    const remote = openRemote(repository, { places, known: [] })
    for (const name of [notes, pull]) {
      expect(await remote.look([name])).toEqual({ refs: [], whole: false, failure: undefined })
    }
    expect(asked).toEqual(['/widget.git/git-upload-pack'])
  })

  test('that is a folder is left as well when its time is over', async () => {
    const { folder } = madeRepository()
    const world = { ...worldOf(), timeout: () => AbortSignal.abort() }
    const [place] = await namedRemotes(await withConfig(folder, []), [folder], world)
    const read = async (): Promise<unknown> => {
      const parts: unknown[] = []
      for await (const part of (await place?.ask('0000', 1)) ?? []) parts.push(part)
      return parts
    }
    expect(await codeOfAsync(read)).toBe('git-failed')
  })

  test('whose pack takes for ever to read is left when its time is over, and not fetched from again', async () => {
    const { origin, clone } = remoteAndClone()
    const clock = steppedClock()
    let fetches = 0
    const url = await serverOf(origin.git(['rev-parse', notes]), (packfile) => {
      fetches += 1
      // Of the two times that run, that of the question ends with the answer, and that of the pack stands.
      const pack = packfile(packOf(origin, origin.git(['rev-parse', notes])))
      clock.advance(limits.fetchTimeout)
      return pack
    })
    const repository = await clone.open()
    const places = await namedRemotes(repository, [url], worldOf())
    await withFetched(repository, { fetching: () => undefined, timeout: clock.timeout }, async (joined, store) => {
      const remote = openRemote(joined, { places, known: [], store })
      for (const name of [notes, 'refs/heads/main']) {
        const { refs, failure } = await remote.look([name])
        expect(refs).toMatchObject([{ name, isHere: false }])
        expect(failure).toMatch(/takes more than 10 minutes$/)
      }
    })
    expect(fetches).toBe(1)
  })

  test('that is not there is a reason, once something is to be fetched', async () => {
    const { clone } = remoteAndClone()
    const got = await fetched(clone, [`${await closedOrigin()}/widget`], [notes])
    expect(got).toMatchObject({ refs: [], whole: false })
    expect(got.failure).toMatch(/could not be read: ECONNREFUSED$/)
  })
})

describe('credentials', () => {
  const basic = 'basic dXNlcjpQTEFOVEVE'
  const setting = (place: string, value = `AUTHORIZATION: ${basic}`): readonly [string, string] => [
    `http.${place}.extraheader`,
    value,
  ]

  test('that a job was given for the address are used there, and no others', async () => {
    const { folder } = madeRepository()
    const seen: (string | undefined)[] = []
    const origin = await loopback((request, response) => {
      seen.push(request.headers.authorization)
      response.writeHead(200, { 'content-type': type }).end('0000')
    })
    const used = ['', '/', '/acme', '/acme/widget', '/acme/widget.git'].map((it) => [setting(`${origin}${it}`)])
    const notUsed: readonly (readonly (readonly [string, string])[])[] = [
      [['http.extraheader', `AUTHORIZATION: ${basic}`]],
      [setting('https://github.com/')],
      [setting(`${origin}1/`)],
      [setting(`${origin}/acme/wid`)],
      [setting(origin.replace('http:', 'https:'))],
      [setting(`${origin}/`), setting(`${origin}/`, '')],
      [setting(`${origin}/`, 'Cookie: PLANTED')],
      [setting(`${origin}/`, `AUTHORIZATION: ${basic}\r\nX: y`)],
    ]
    for (const settings of [...used, ...notUsed]) {
      const remote = ['remote.origin.url', `${origin}/acme/widget.git`] as const
      const [place] = await namedRemotes(await withConfig(folder, [remote, ...settings]), ['origin'], worldOf())
      await place?.ask('', 1_000)
    }
    expect(seen).toEqual([...used.map(() => basic), ...notUsed.map(() => undefined)])
  })

  test('that stand in the address are used, and not told', async () => {
    const { folder } = madeRepository()
    const seen: (string | undefined)[] = []
    const origin = await loopback((request, response) => {
      seen.push(request.headers.authorization)
      response.writeHead(401).end()
    })
    const address = `${origin.replace('//', '//user:PLANTED@')}/acme/widget.git`
    const repository = await withConfig(folder, [['remote.two.url', address]])
    for (const [name, shown] of [
      ['two', 'two'],
      [address, `${origin}/acme/widget`],
    ] as const) {
      const [place] = await namedRemotes(repository, [name], worldOf())
      expect(place?.name).toBe(shown)
      await expect(place?.ask('', 1_000)).rejects.toThrow(/^it answers with status 401$/)
    }
    expect(new Set(seen)).toEqual(new Set(['Basic dXNlcjpQTEFOVEVE']))
  })

  test('do not follow a redirect', async () => {
    const { folder } = madeRepository()
    let elsewhere = 0
    const other = await loopback((_, response) => {
      elsewhere += 1
      response.end()
    })
    const origin = await loopback((_, response) => {
      response.writeHead(307, { location: `${other}/widget`, 'content-type': type }).end()
    })
    const remote = ['remote.origin.url', `${origin}/widget`] as const
    const [place] = await namedRemotes(await withConfig(folder, [remote, setting(`${origin}/`)]), ['origin'], worldOf())
    await expect(place?.ask('', 1_000)).rejects.toThrow('a redirect, which is not followed')
    expect(elsewhere).toBe(0)
  })
})
