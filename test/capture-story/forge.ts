/** A forge on loopback: bare repositories that git's own server gives and takes, and what a forge does with a request. */
import { execFileSync, spawn } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { createServer } from 'node:http'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll } from 'vitest'
import { scratchIn } from '../world/scratch-repository.ts'
import type { Scratch } from '../world/scratch-repository.ts'

const backend = join(execFileSync('git', ['--exec-path'], { encoding: 'utf8' }).trim(), 'git-http-backend')

export interface Forge {
  /** Where `<name>` is cloned from and pushed to. */
  url(name: string): string
  /** An empty one, into which may be pushed. */
  found(name: string): Scratch
  /** A copy of one, to be changed. */
  fork(from: string, name: string): Scratch
}

/** `folder` holds the repositories. */
export function useForge(folder: string): Forge {
  const server = createServer((request, response) => serve(folder, request, response))
  beforeAll(() => new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve)))
  afterAll(() => {
    server.closeAllConnections()
    server.close()
  })
  const place = (name: string): string => join(folder, `${name}.git`)
  return {
    url: (name) => `http://127.0.0.1:${(server.address() as AddressInfo).port}/${name}.git`,
    found(name) {
      mkdirSync(place(name), { recursive: true })
      const bare = scratchIn(place(name))
      bare.git(['init', '--quiet', '--bare', '--initial-branch=main', '--template='])
      bare.git(['config', 'http.receivepack', 'true'])
      return bare
    },
    fork(from, name) {
      execFileSync('cp', ['-R', place(from), place(name)])
      return scratchIn(place(name))
    },
  }
}

/** `git http-backend` (gitprotocol-http), for pushes too: any may be made here. */
function serve(folder: string, request: IncomingMessage, response: ServerResponse): void {
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://localhost')
  const child = spawn(backend, {
    env: {
      ...{
        GIT_PROJECT_ROOT: folder,
        GIT_HTTP_EXPORT_ALL: '1',
        GIT_CONFIG_NOSYSTEM: '1',
        GIT_CONFIG_GLOBAL: '/dev/null',
      },
      ...{ PATH: process.env['PATH'], PATH_INFO: pathname, QUERY_STRING: String(searchParams) },
      ...{ REQUEST_METHOD: request.method, CONTENT_TYPE: request.headers['content-type'] },
      GIT_PROTOCOL: String(request.headers['git-protocol']),
      HTTP_CONTENT_ENCODING: request.headers['content-encoding'],
    },
  })
  // It ends before it has read a request that it refuses.
  child.stdin.on('error', () => undefined)
  request.pipe(child.stdin)
  const parts: Buffer[] = []
  child.stdout.on('data', (part: Buffer) => parts.push(part))
  child.on('close', () => {
    const said = Buffer.concat(parts)
    const end = said.indexOf('\r\n\r\n')
    for (const header of said.subarray(0, end).toString().split('\r\n')) {
      const [name = '', value = ''] = header.split(': ', 2)
      if (name === 'Status') response.statusCode = Number.parseInt(value, 10)
      else response.setHeader(name, value)
    }
    response.end(said.subarray(end + 4))
  })
}

/** The request becomes one commit on main, with a message of the forge's own that says nothing of sessions. */
export function squashMerge(bare: Scratch, number: number, branch: string, title: string): string {
  const head = bare.git(['rev-parse', branch])
  bare.git(['update-ref', `refs/pull/${String(number)}/head`, head])
  const tree = bare.git(['merge-tree', '--write-tree', 'main', head]).split('\n')[0] ?? ''
  const commit = bare.git(['commit-tree', tree, '-p', 'main', '-m', `${title} (#${String(number)})`])
  bare.git(['update-ref', 'refs/heads/main', commit])
  bare.git(['update-ref', '-d', `refs/heads/${branch}`])
  return commit
}
