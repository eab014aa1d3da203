/** What is told of MCP servers, and what of them never is: commands, arguments, addresses, values. */
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { plainJson } from '../../../src/collect/ai-configuration/json-with-comments.ts'
import { readMcpServers } from '../../../src/collect/ai-configuration/mcp-servers.ts'
import type { ReadServers } from '../../../src/collect/ai-configuration/mcp-servers.ts'
import { limits } from '../../../src/model/limits.ts'
import { runs } from '../../world/runs.ts'

const read = (text: string, path = '.mcp.json'): ReadServers => readMcpServers(path, Buffer.from(text))
const servers = (value: object, path?: string): ReadServers => read(JSON.stringify(value), path)

describe('servers', () => {
  it.each<[string, object]>([
    ['.mcp.json', { mcpServers: { x: { command: 'npx' } } }],
    ['.vscode/mcp.json', { servers: { x: { type: 'stdio' } }, inputs: [{ id: 'token' }] }],
    ['apps/web/.cursor/mcp.json', { mcpServers: { x: { command: 'npx' } } }],
    ['.gemini/settings.json', { theme: 'x', mcpServers: { x: { command: 'npx' } } }],
    ['.amp/settings.json', { 'amp.mcpServers': { x: { command: 'npx' } } }],
    ['.zed/settings.json', { context_servers: { x: { command: { path: 'npx' } } } }],
    ['opencode.jsonc', { mcp: { x: { type: 'local', command: ['npx'] } } }],
    ['.crush.json', { mcp: { x: { type: 'stdio', command: 'npx' } } }],
    ['.copilot/mcp-config.json', { mcpServers: { x: { type: 'local', command: 'npx' } } }],
  ])('stand in %s', (path, value) => {
    expect(servers(value, path)).toEqual({ servers: [{ name: 'x', transport: 'stdio' }], withheld: 0 })
  })

  it.each<[string, unknown, string]>([
    ['an address', { url: 'https://x.example' }, 'http'],
    ['an address of events', { type: 'sse', url: 'https://x.example' }, 'http'],
    ['an address of Gemini', { httpUrl: 'https://x.example' }, 'http'],
    ['a remote of opencode', { type: 'remote' }, 'http'],
    ['a command', { command: 'x' }, 'stdio'],
    ['nothing', {}, 'unknown'],
    ['no object', null, 'unknown'],
    ['a list', ['x'], 'unknown'],
  ])('with %s are told by what they speak', (_, said, transport) => {
    expect(servers({ mcpServers: { x: said } }).servers).toEqual([{ name: 'x', transport }])
  })

  it('are told with the names of variables and headers, and with nothing else', () => {
    const secret = 'PLANTED-s3cr3t'
    const said = {
      command: `/bin/${secret}`,
      args: ['--token', secret, `https://user:${secret}@x.example/?key=${secret}`],
      cwd: `/srv/${secret}`,
      url: `https://x.example/${secret}?key=${secret}`,
      env: { GITHUB_PERSONAL_ACCESS_TOKEN: secret, DB_PASSWORD: secret, API_KEY: secret },
      environment: { API_KEY: secret, _X: secret },
      headers: { Authorization: `Bearer ${secret}`, 'X-Api-Key': secret },
      [secret]: secret,
    }
    const answer = servers({ mcpServers: { x: said }, inputs: [{ id: secret }] })
    expect(answer).toEqual({
      servers: [
        {
          ...{ name: 'x', transport: 'stdio' },
          env: ['API_KEY', 'DB_PASSWORD', 'GITHUB_PERSONAL_ACCESS_TOKEN', '_X'],
          headers: ['Authorization', 'X-Api-Key'],
        },
      ],
      withheld: 0,
    })
    expect(JSON.stringify(answer)).not.toContain(secret)
  })

  it.each([
    `ghp_${'a1'.repeat(18)}`,
    'zoe@example.org',
    '/home/zoe/server',
    'C:\\Users\\zoe',
    'https://u:hunter2hunter2@x.example',
    'with\nline',
    '\u202egithub',
    '',
    ' ',
    'x'.repeat(129),
  ])('and variables of the name %j are withheld', (name) => {
    const answer = servers({ mcpServers: { [name]: { command: 'x' }, ok: { env: { [name]: '1', OK: '1' } } } })
    expect(answer).toEqual({ servers: [{ name: 'ok', transport: 'unknown', env: ['OK'] }], withheld: 2 })
  })

  it('are so many and no more, and so are their variables', () => {
    const many = (length: number): Record<string, object> =>
      Object.fromEntries(Array.from({ length }, (_, at) => [`n${at}`, {}]))
    expect(servers({ mcpServers: many(limits.mcpServers + 7) })).toMatchObject({ withheld: 7 })
    const [server] = servers({ mcpServers: { x: { env: many(limits.mcpNames + 7) } } }).servers
    expect(server!.env).toHaveLength(limits.mcpNames)
  })

  it.each([
    ['broken', '{ "mcpServers": '],
    ['empty', ''],
    ['no object', '[]'],
    ['not UTF-8', '\xff\xfe'],
    ['the same server twice', '{"mcpServers":{"x":{},"x":{"command":"y"}}}'],
    ['a server __proto__', '{"mcpServers":{"__proto__":{"command":"y"}}}'],
    ['a variable __proto__', '{"mcpServers":{"x":{"env":{"__proto__":"y"}}}}'],
    ['too deep', `{"mcpServers":${'['.repeat(100)}${']'.repeat(100)}}`],
    ['a comment without end', '{"mcpServers":{"x":{}}} /*'.replace('/*', '} /*')],
  ])('in what is %s are not named', (_, text) => {
    expect(readMcpServers('.mcp.json', Buffer.from(text, 'latin1'))).toEqual({
      servers: [],
      problem: 'broken',
      withheld: 0,
    })
  })

  it('called as members that every object has are servers', () => {
    const text = '{"mcpServers":{"constructor":{"command":"x"},"toString":{"env":{"valueOf":"1"}}}}'
    expect(read(text).servers).toEqual([
      { name: 'constructor', transport: 'stdio' },
      { name: 'toString', transport: 'unknown', env: ['valueOf'] },
    ])
  })

  it.each([
    ['.codex/config.toml', '[mcp_servers.x]\ncommand = "y"\n', 'other-form'],
    ['.codex/config.toml', 'model = "gpt"\n', undefined],
    ['.continue/mcpServers/x.yaml', 'name: x\nmcpServers:\n  - name: y\n', 'other-form'],
    ['.continue/config.yaml', 'name: x\n', undefined],
    ['.claude/skills/x/data.json', '{"mcpServers":{"x":{}}}', undefined],
  ])('in %s are not read: %j', (path, text, problem) => {
    expect(read(text, path)).toEqual({ servers: [], withheld: 0, ...(problem === undefined ? {} : { problem }) })
  })
})

describe('JSON with comments', () => {
  it('is read as editors read it', () => {
    const text = `// one\n{ /* "a": 1, */ "url": "https://x // no comment /* nor */",\r\n"b": [1, 2,], // two\n"c\\"//": {"d": "\\\\",},\n}`
    expect(JSON.parse(plainJson(text))).toEqual({
      ...{ url: 'https://x // no comment /* nor */', b: [1, 2], 'c"//': { d: '\\' } },
    })
  })
  it.each(['[1,,]', '[1 2]', '{"a":1 /* x */ 2}', '"a', '/', '{"a": 1 /* }', "{'a':1}", '[1,]]'])(
    'is no more than that: %s',
    (text) => expect(() => JSON.parse(plainJson(text)) as unknown).toThrow(),
  )
  it('leaves JSON as it is, and takes comments out of it wherever there may be a blank', () => {
    const comments = fc.constantFrom('', '/* " */', '// "\n', '/**/', '/*,}*/')
    fc.assert(
      fc.property(fc.jsonValue(), comments, (value, comment) => {
        const text = JSON.stringify(value, undefined, 1)
        expect(plainJson(text)).toBe(text)
        const commented = text.replaceAll(/\n/g, `${comment}\n`)
        expect(JSON.parse(plainJson(`${comment}${commented}${comment}`))).toEqual(JSON.parse(text))
      }),
      { numRuns: runs(100) },
    )
  })
  it('of any text gives some, and of a megabyte of beginnings as well', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('"', '\\', '/', '*', ',', '}', ']', '\n', 'a') }), (text) => {
        expect(plainJson(text).length).toBeLessThanOrEqual(text.length + 1)
      }),
      { numRuns: runs(200) },
    )
    for (const part of ['/*', '//', '"', ',', ', ', '\\', '"\\']) plainJson(part.repeat(500_000 / part.length))
  })
})
