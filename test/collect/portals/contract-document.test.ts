/** The published contract of portals, held against what reads their answers. */
import { readFileSync } from 'node:fs'
import { Ajv2020 } from 'ajv/dist/2020.js'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import * as z from 'zod/mini'
import { contract } from '../../../src/collect/portals/contract.ts'
import { portalAnswer } from '../../../src/model/portal.ts'
import { portalSamples, session } from '../../world/portal.ts'

type Document = Record<string, unknown> & {
  readonly paths: Record<string, { readonly get: { readonly responses: Record<string, unknown> } }>
  readonly components: { readonly schemas: { readonly Answer: object } }
}
const document = parse(readFileSync(new URL('../../../schemas/portal/v1.yaml', import.meta.url), 'utf8')) as Document

function withoutDescriptions(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutDescriptions)
  if (typeof value !== 'object' || value === null) return value
  const members = Object.entries(value).filter(([name, it]) => name !== 'description' || typeof it !== 'string')
  return Object.fromEntries(members.map(([name, it]) => [name, withoutDescriptions(it)]))
}

describe('the contract of portals', () => {
  test('describes just what is read', () => {
    const { $schema, ...schema } = z.toJSONSchema(portalAnswer(), { io: 'input' })
    expect($schema).toBe('https://json-schema.org/draft/2020-12/schema')
    expect(document['openapi']).toBe('3.1.0')
    expect(withoutDescriptions(document.components.schemas.Answer)).toEqual(schema)
  })

  test('has the question that is asked', () => {
    const { tool, id } = portalSamples.contract
    const asked = contract.question({ tool, id, from: 0, to: 0 })
    const [template = ''] = Object.keys(document.paths)
    expect(asked).toEqual({ path: template.replace('{tool}', tool).replace('{id}', id) })
    expect(Object.keys(document.paths[template]?.get.responses ?? {})).toEqual([
      '200',
      '401',
      '403',
      '404',
      '429',
      '503',
    ])
  })

  test('admits the same answers as the reader', () => {
    const validate = new Ajv2020({ strict: false }).compile(document.components.schemas.Answer)
    const edit = fc.record(
      {
        tool: fc.jsonValue(),
        user: fc.jsonValue(),
        endedAt: fc.jsonValue(),
        commits: fc.jsonValue(),
        more: fc.jsonValue(),
      },
      { requiredKeys: [] },
    )
    fc.assert(
      fc.property(edit, (more) => {
        const answer = { session: session('s', more) }
        expect(portalAnswer().safeParse(answer).success).toBe(validate(answer))
      }),
    )
    expect(validate({ session: session('s') })).toBe(true)
  })
})
