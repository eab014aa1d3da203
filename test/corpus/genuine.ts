/** The bundles of the corpus with what they are verified with, once each. */
import { readFileSync } from 'node:fs'
import { isObject } from '../../src/model/json.ts'
import type { Json } from '../../src/model/json.ts'
import { bundlePath, cases } from './corpus.ts'

export interface GivenBundle {
  readonly name: string
  /** Its media type. */
  readonly version: string
  readonly bundle: Json
  readonly trustedRoot: Json
  readonly artifact: Buffer
  readonly key: string | undefined
}

/** Every bundle that is JSON; those that are not are none for either side. */
export function uniqueBundles(): readonly GivenBundle[] {
  const found = new Map<string, GivenBundle>()
  for (const { bundle: path, trustedRoot, artifact, key } of cases) {
    for (const bundle of documentsOf(readFileSync(bundlePath(path), 'utf8'))) {
      found.set(`${path} ${trustedRoot}`, {
        name: path,
        version: isObject(bundle) && typeof bundle['mediaType'] === 'string' ? bundle['mediaType'] : '',
        bundle,
        trustedRoot: JSON.parse(readFileSync(bundlePath(trustedRoot), 'utf8')) as Json,
        artifact: readFileSync(bundlePath(artifact)),
        key: key === undefined ? undefined : readFileSync(bundlePath(key), 'utf8'),
      })
    }
  }
  return [...found.values()]
}

/** One of each kind: version of the bundle, kind of entry, promise and proof, key, timestamp. */
const kinds: readonly string[] = [
  'slsa/gha_container-based/v1.7.0/binary-linux-amd64-workflow_dispatch.intoto.sigstore',
  'slsa/gha_container-based/v1.8.0/binary-linux-amd64-push-v13.0.30.intoto.jsonl',
  'slsa/gha_generic/v2.1.0/binary-linux-amd64-push-v13.0.30.intoto.jsonl',
  'slsa/npm/provenance-npm-test-cli-v1-prega.provenance.sigstore.json',
  'gh/sigstore-js-2.1.0-bundle.json',
  'conformance/happy-path-v0.1/bundle.sigstore.json',
  'conformance/happy-path-v0.3/bundle.sigstore.json',
  'conformance/managed-key-happy-path/bundle.sigstore.json',
  'conformance/rekor2-checkpoint-cosigned/bundle.sigstore.json',
]

export function genuineBundles(): readonly GivenBundle[] {
  return kinds.map((name) => {
    const found = uniqueBundles().find((it) => it.name === name)
    if (found === undefined) throw new Error(`the corpus has no ${name}`)
    return found
  })
}

function documentsOf(text: string): readonly Json[] {
  try {
    return [JSON.parse(text) as Json]
  } catch {
    return text.split('\n').flatMap((line) => {
      try {
        return line.trim() === '' ? [] : [JSON.parse(line) as Json]
      } catch {
        return []
      }
    })
  }
}
