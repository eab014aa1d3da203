/** Git's own server over HTTP, as a handler for a loopback server. */
import { execFileSync, spawn } from 'node:child_process'
import type { RequestListener, ServerResponse } from 'node:http'
import { basename, dirname, join } from 'node:path'
import type { Scratch } from './scratch-repository.ts'

const backend = join(execFileSync('git', ['--exec-path'], { encoding: 'utf8' }).trim(), 'git-http-backend')

/** `git http-backend` (gitprotocol-http) as a CGI program of a server; the repository is `/widget`. */
export function gitServer({ folder }: Scratch): RequestListener {
  return (request, response) => {
    const child = spawn(backend, {
      env: {
        GIT_PROJECT_ROOT: dirname(folder),
        GIT_HTTP_EXPORT_ALL: '1',
        GIT_CONFIG_NOSYSTEM: '1',
        GIT_CONFIG_GLOBAL: '/dev/null',
        PATH_INFO: (request.url ?? '').replace('/widget', `/${basename(folder)}/.git`),
        REQUEST_METHOD: request.method,
        CONTENT_TYPE: request.headers['content-type'],
        GIT_PROTOCOL: String(request.headers['git-protocol']),
      },
    })
    // It ends before it has read a request that it refuses.
    child.stdin.on('error', () => undefined)
    request.pipe(child.stdin)
    const parts: Buffer[] = []
    child.stdout.on('data', (part: Buffer) => parts.push(part))
    child.on('close', () => answer(Buffer.concat(parts), response))
  }
}

function answer(said: Buffer, response: ServerResponse): void {
  const end = said.indexOf('\r\n\r\n')
  const headers = said.subarray(0, end).toString().split('\r\n')
  for (const header of headers) {
    const [name = '', value = ''] = header.split(': ', 2)
    if (name === 'Status') response.statusCode = Number.parseInt(value, 10)
    else response.setHeader(name, value)
  }
  response.end(said.subarray(end + 4))
}
