/** A TUF repository with the stack's trusted root, served over HTTP. */
import { writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Json } from '../../src/model/json.ts'
import { memoryState } from '../../src/embedded/state.ts'
import { tufRepository } from '../../src/embedded/tuf.ts'

export interface TufServer {
  readonly url: string
  readonly close: () => Promise<void>
}

/** Writes the initial root, which clients must be given by another way, to `root`. */
export async function startTuf(targets: { readonly [name: string]: Json }, root: string): Promise<TufServer> {
  const now = new Date()
  // Of this material only the TUF key is used.
  const files = tufRepository({ material: memoryState(now).material, targets, now })
  writeFileSync(root, files.get('1.root.json') ?? '')
  const server = createServer((request, response) => {
    const file = files.get((request.url ?? '').slice(1))
    response.writeHead(file === undefined ? 404 : 200).end(file)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
