import { describe, expect, it } from 'vitest'
import { aiConfigurationWords } from '../../src/model/ai-configuration-words.ts'
import type { AiConfiguration } from '../../src/model/ai-configuration.ts'
import { sha256Hex } from '../../src/model/digest.ts'
import type { ResourceDescriptor } from '../../src/model/statement.ts'
import { aiConfigurationDescriptor, readAiConfiguration } from '../../src/predicates/ai-configuration.ts'
import { steersIn } from '../world/hostile-text.ts'
import { schemaErrors } from '../world/published-schema.ts'

const least: AiConfiguration = {
  ...{ edition: 'v1', digest: { sha256: sha256Hex('lines') }, files: 1 },
  ...{ kinds: { instructions: 1 }, tools: { any: 1 }, mcpServers: [] },
}
const whole: AiConfiguration = {
  ...{ ...least, links: 2, submodules: 3, unread: 4 },
  mcpServers: [{ name: 'x', transport: 'stdio', env: ['A'], headers: ['B'] }],
}

describe('an AI configuration in provenance', () => {
  it.each([
    ['the least', least],
    ['all there is', whole],
  ])('%s is read as it was written, by its schema', (_, configuration) => {
    const descriptor = aiConfigurationDescriptor(configuration)
    expect(readAiConfiguration(descriptor)).toEqual(configuration)
    expect(schemaErrors('ai-configuration', descriptor.annotations!['countersign'])).toEqual([])
  })

  it('has none of its files, whatever is given', () => {
    const listing = [{ path: 'AGENTS.md', entry: 'file', sha256: '', kind: 'other', tool: 'any' }]
    expect(JSON.stringify(aiConfigurationDescriptor({ ...least, listing }))).not.toContain('AGENTS')
  })

  const edited = (edit: (annotation: Record<string, unknown>) => void): ResourceDescriptor => {
    const copy = structuredClone(aiConfigurationDescriptor(whole))
    edit(copy.annotations!['countersign'] as Record<string, unknown>)
    return copy
  }

  it('of a later version is read with what it says more', () => {
    const later = { ...edited((it) => (it['more'] = { a: 1 })), uri: 'urn:ai-configuration:v9' }
    expect(readAiConfiguration(later)).toEqual({ ...whole, edition: 'v9', more: { a: 1 } })
  })

  it('says by its digest that there is one, also where the rest is of no known form', () => {
    const bare = { files: 1, kinds: {}, tools: {}, mcpServers: [] }
    const kept = { edition: 'v1', digest: least.digest }
    expect(readAiConfiguration(edited((it) => (it['mcpServers'] = 'none')))).toEqual({ ...bare, ...kept })
    expect(readAiConfiguration({ ...edited(() => undefined), annotations: {} })).toEqual({ ...bare, ...kept, files: 0 })
    expect(readAiConfiguration(edited((it) => (it['links'] = null)))).not.toHaveProperty('links')
    // What the descriptor says is not taken from its annotation.
    const lied = edited((it) => Object.assign(it, { edition: 'v7', digest: { sha256: '0'.repeat(64) } }))
    expect(readAiConfiguration(lied)).toMatchObject(kept)
  })

  it.each<[string, Partial<ResourceDescriptor>]>([
    ['another URI', { uri: 'urn:ai-session:x:y' }],
    ['no digest', { digest: {} }],
    ['a digest that is none', { digest: { sha256: 'x' } }],
  ])('is none with %s', (_, other) => {
    expect(readAiConfiguration({ ...aiConfigurationDescriptor(whole), ...other })).toBeUndefined()
  })
})

it('is told in words that steer nothing, and that count what they leave out', () => {
  expect(aiConfigurationWords(whole)).toBe(
    `1 file, 2 links, 3 submodules (sha256:${least.digest.sha256.slice(0, 12)}): any 1; MCP servers: x (stdio, env A, headers B); 4 files that may name more servers could not be read`,
  )
  const names = Array.from({ length: 25 }, (_, at) => `\u202e\u001b[2J${at}`)
  const crowd = { ...whole, mcpServers: names.map((name) => ({ name, transport: '::warning::', env: names })) }
  const words = aiConfigurationWords(crowd)
  expect(steersIn(words)).toEqual([])
  expect(words).toContain(' and 5 more')
})
