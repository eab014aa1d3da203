/**
 * Data that is seldom asked for, deflated: 3.4 kB in the place of 8.4. What every verification reads stays as it is, because to load zlib
 * for it would take a millisecond.
 */
import { readFileSync } from 'node:fs'
import { deflateRawSync } from 'node:zlib'
import type { Plugin } from 'esbuild'

/** By the end of its path. */
const seldom = ['src/sigstore/trust/github-tuf-root.json']

export const packedJson: Plugin = {
  name: 'packed-json',
  setup(hooks) {
    const files = new RegExp(
      `(?:${seldom.map((it) => it.replaceAll('.', '\\.').replaceAll('/', '[\\\\/]')).join('|')})$`,
    )
    hooks.onLoad({ filter: files }, ({ path }) => {
      const text = JSON.stringify(JSON.parse(readFileSync(path, 'utf8')))
      const packed = deflateRawSync(text, { level: 9 }).toString('base64')
      return {
        contents: `import { inflateRawSync } from 'node:zlib'
export default JSON.parse(inflateRawSync(Buffer.from('${packed}', 'base64')).toString())`,
      }
    })
  },
}
