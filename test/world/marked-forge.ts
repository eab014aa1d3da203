/** A forge on loopback that takes marks, and keeps what it was sent. Check runs are found again by whoever asks for them. */
import type { ServerResponse } from 'node:http'
import { loopback } from './loopback-server.ts'

export interface Written {
  readonly method: string
  /** Behind the address of the API. */
  readonly path: string
  readonly authorization: string | undefined
  readonly body: unknown
}

export interface MarkedForge {
  readonly origin: string
  readonly api: string
  /** Everything but questions. */
  readonly written: readonly Written[]
  /** Method and path of all. */
  readonly heard: readonly string[]
}

export interface MarkedForgeOptions {
  /** Path of the API: `/api/v3`. */
  readonly base: string
  /** Path without its query → the answer to a question. */
  readonly answers: Readonly<Record<string, unknown>>
  /** In place of the answer to what is written. */
  readonly refuse?: (written: Written, response: ServerResponse) => boolean
}

interface Run {
  readonly id: number
  [member: string]: unknown
}

export async function markedForge({ base, answers, refuse }: MarkedForgeOptions): Promise<MarkedForge> {
  const written: Written[] = []
  const heard: string[] = []
  const runs: Run[] = []
  const origin = await loopback((request, response) => {
    const url = new URL(request.url ?? '', 'http://localhost')
    const path = url.pathname.slice(base.length)
    const { method = '', headers } = request
    heard.push(`${method} ${path}`)
    let text = ''
    request.on('data', (chunk: Buffer) => (text += chunk.toString('utf8')))
    request.on('end', () => {
      if (method === 'GET') {
        const answer = path.endsWith('/check-runs') ? { total_count: runs.length, check_runs: runs } : answers[path]
        if (answer === undefined) response.writeHead(404).end('{}')
        else response.end(JSON.stringify(answer))
        return
      }
      const body: unknown = text === '' ? undefined : JSON.parse(text)
      const one: Written = { method, path, authorization: headers.authorization, body }
      written.push(one)
      if (refuse?.(one, response) === true) return
      if (method === 'POST' && path.endsWith('/check-runs')) runs.push({ id: 100 + runs.length, ...(body as object) })
      if (method === 'PATCH') {
        const at = runs.findIndex(({ id }) => path.endsWith(`/${id}`))
        const run = runs[at]
        if (run !== undefined) runs[at] = { ...run, ...(body as object) }
      }
      response.writeHead(method === 'DELETE' ? 204 : method === 'POST' ? 201 : 200)
      response.end(method === 'DELETE' ? undefined : '{}')
    })
  })
  return { origin, api: `${origin}${base}`, written, heard }
}
