/** What a remote has, asked of git's own server, and of servers that say something else. */
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import { describe, expect, test } from 'vitest'
import { serverPlace } from '../../../src/collect/git/remote-place.ts'
import { listRemoteRefs, remoteTags } from '../../../src/collect/git/remote-refs.ts'
import type { RemoteRefs } from '../../../src/collect/git/remote-refs.ts'
import { CountersignError, attemptAsync } from '../../../src/errors.ts'
import { limits } from '../../../src/model/limits.ts'
import { worldOf } from '../../../src/platform/world.ts'
import { closedOrigin, loopback } from '../../world/loopback-server.ts'
import { steppedClock } from '../../world/stepped-clock.ts'
import { gitServer } from '../../world/git-server.ts'
import { scratchRepository } from '../../world/scratch-repository.ts'

const notes = 'refs/notes/ai'
const listed = (url: string, prefixes = [notes], world = worldOf()): Promise<RemoteRefs> =>
  listRemoteRefs(serverPlace('origin', { url }, world), prefixes, 'sha1')

/** Undefined where the remote does not say so plainly. */
async function has(url: string, ref = notes, world = worldOf()): Promise<boolean | undefined> {
  const refs = await attemptAsync(() => listed(url, [ref], world))
  if (refs instanceof CountersignError) expect(refs.code).toBe('git-failed')
  if (refs instanceof CountersignError || !refs.whole) return undefined
  return refs.ids.has(ref)
}

const hasTags = (remote: string): Promise<boolean | undefined> => remoteTags(remote, worldOf())()

describe('git’s own server', () => {
  test('says whether it has a ref, and not one that begins like it', async () => {
    const scratch = scratchRepository()
    const commit = scratch.commit('first', { file: '1' })
    const origin = await loopback(gitServer(scratch))
    expect(await has(`${origin}/widget`)).toBe(false)
    scratch.git(['update-ref', `${notes}-of-others`, commit])
    expect(await has(`${origin}/widget`)).toBe(false)
    scratch.note(commit, 'a note')
    expect(await has(`${origin}/widget`)).toBe(true)
    const both = [notes, 'refs/heads/main', 'refs/pull/12/head']
    expect(await listed(`${origin}/widget`, both)).toEqual({
      whole: true,
      ids: new Map([
        ['refs/heads/main', commit],
        [notes, scratch.git(['rev-parse', notes])],
        [`${notes}-of-others`, commit],
      ]),
    })
    expect(await has(`${origin}/widget/`)).toBe(true)
    expect(await has(`${origin}/none`)).toBeUndefined()
    expect(await hasTags(`${origin}/widget`)).toBe(false)
    scratch.git(['tag', 'v1.0.0', commit])
    expect(await hasTags(`${origin}/widget`)).toBe(true)
    expect(await hasTags(`${origin}/none`)).toBeUndefined()
  })
})

const type = 'application/x-git-upload-pack-result'
const row = (text: string): string => `${(text.length + 4).toString(16).padStart(4, '0')}${text}`

describe('what is no plain answer says nothing:', () => {
  test.each<[string, RequestListener]>([
    ['a page that asks to sign in', (_, response) => void response.end('<html>')],
    ['a refusal', (_, response) => void response.writeHead(401, { 'content-type': type }).end('0000')],
    [
      'a redirect',
      (_, response) => void response.writeHead(307, { location: 'http://127.0.0.1:1/', 'content-type': type }).end(),
    ],
    ['an answer that is cut off', (_, response) => send(response, row(`${'a'.repeat(40)} ${notes}\n`))],
    ['more behind the end', (_, response) => send(response, '0000junk')],
    ['an error line', (_, response) => send(response, `${row('ERR no such repository')}0000`)],
    ['a length that is none', (_, response) => send(response, 'zzzz0000')],
    ['a length of nothing', (_, response) => send(response, '0004'.repeat(10))],
    ['an id that is none', (_, response) => send(response, `${row(`x ${notes}\n`)}0000`)],
    ['a flood', (_, response) => send(response, row(`${'a'.repeat(40)} ${notes}\n`).repeat(5_000))],
  ])('%s', async (_, listener) => {
    expect(await has(`${await loopback(listener)}/widget`)).toBeUndefined()
  })

  test('a flood says all the same that there are tags, if it is one of tags', async () => {
    const of = async (ref: string): Promise<boolean | undefined> => {
      const body = row(`${'a'.repeat(40)} ${ref}\n`).repeat(5_000)
      return hasTags(`${await loopback((_, response) => send(response, body))}/widget`)
    }
    expect(await of('refs/tags/v1.0.0')).toBe(true)
    expect(await of('refs/heads/main')).toBeUndefined()
    const broken = `${row(`${'a'.repeat(40)} refs/tags/v1\n`)}zzzz`.repeat(5_000)
    expect(await hasTags(`${await loopback((_, response) => send(response, broken))}/widget`)).toBeUndefined()
  })

  test('nobody at all, and a server that never answers', async () => {
    expect(await has(`${await closedOrigin()}/widget`)).toBeUndefined()
    const clock = steppedClock()
    const silent = await loopback(() => clock.advanceToTimeout())
    expect(await has(`${silent}/widget`, notes, worldOf(clock))).toBeUndefined()
    expect(clock.elapsed()).toBe(limits.remoteRefsTimeout)
  })

  test.each(['ssh://git@example.org/o/r', 'http://example.org/o/r', 'https://user:secret@example.org/o/r', '/x'])(
    'a remote that is not asked (%s)',
    async (remote) => {
      const asked: unknown[] = []
      const fetch = (...args: unknown[]): Promise<Response> => {
        asked.push(args)
        return Promise.reject(new Error('nobody'))
      }
      expect(await has(remote, notes, { ...worldOf(), fetch })).toBeUndefined()
      expect(asked).toEqual([])
    },
  )

  test('a request has nothing of whoever asks', async () => {
    const seen: IncomingMessage['headers'][] = []
    const origin = await loopback((request, response) => {
      seen.push(request.headers)
      send(response, '0000')
    })
    expect(await has(`${origin}/widget`)).toBe(false)
    expect(seen).toHaveLength(1)
    for (const name of ['authorization', 'cookie']) expect(seen[0]).not.toHaveProperty(name)
  })
})

function send(response: ServerResponse, body: string): void {
  response.writeHead(200, { 'content-type': type }).end(body)
}
