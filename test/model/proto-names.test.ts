/** Protobuf JSON under the names of its .proto file says the same as under its JSON names. */
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Json } from '../../src/model/json.ts'
import { bundleMembers, protoName, trustedRootMembers, withJsonNames } from '../../src/model/proto-names.ts'
import type { ProtoShape } from '../../src/model/proto-names.ts'
import { runs } from '../world/runs.ts'

const refuse = (reason: string): Error => new Error(reason)

/** Some of a message as JSON, lists of its parts among it. */
function messageOf(shape: ProtoShape, depth = 0): fc.Arbitrary<Json> {
  const members = Object.entries(shape)
  if (members.length === 0 || depth > 6) return fc.constantFrom<Json>('AA==', 7, null, { own_name: 1, ownName: 2 })
  const below = Object.fromEntries(members.map(([name, it]) => [name, messageOf(it, depth + 1)]))
  const one = fc.record(below, { requiredKeys: [] }) as fc.Arbitrary<Json>
  return depth === 0 ? one : fc.oneof(one, fc.array(one, { maxLength: 2 }) as fc.Arbitrary<Json>)
}

/** Every known member under its other name. */
function renamed(json: Json, shape: ProtoShape): Json {
  if (Array.isArray(json)) return json.map((it: Json) => renamed(it, shape))
  if (typeof json !== 'object' || json === null) return json
  return Object.fromEntries(
    Object.entries(json).map(([name, value]) =>
      Object.hasOwn(shape, name) ? [protoName(name), renamed(value, shape[name]!)] : [name, value],
    ),
  )
}

describe.each([
  ['a bundle', bundleMembers],
  ['a trusted root', trustedRootMembers],
])('%s', (_, shape) => {
  it('is the same under either names, and the very value under its JSON names (property)', () => {
    fc.assert(
      fc.property(messageOf(shape), (json) => {
        expect(withJsonNames(renamed(json, shape), shape, refuse)).toEqual(json)
        expect(withJsonNames(json, shape, refuse)).toBe(json)
      }),
      { numRuns: runs(500) },
    )
  })
})

describe('a member', () => {
  it.each<[string, Json]>([
    ['at the top', { mediaType: 'a', media_type: 'a' }],
    ['at the top, of which one is null', { mediaType: 'a', media_type: null }],
    ['inside', { verification_material: { tlogEntries: [{ log_index: '1', logIndex: '2' }] } }],
    ['that holds others', { verificationMaterial: {}, verification_material: {} }],
  ])('that stands there under both names is refused: %s', (_, json) => {
    expect(() => withJsonNames(json, bundleMembers, refuse)).toThrow(/^it has both /)
  })

  it.each<[string, Json]>([
    ['that nobody knows', { some_member: 1 }],
    ['of another place', { log_index: 1, dsseEnvelope: { media_type: 1 } }],
    ['of an envelope, which has one name in both', { dsseEnvelope: { payload_type: 'x' } }],
  ])('keeps its name: %s', (_, json) => {
    expect(withJsonNames(json, bundleMembers, refuse)).toBe(json)
  })
})
