/** What is told of MCP servers, and what of them never is: commands, arguments, addresses, values. */
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { plainJson } from '../../../src/collect/ai-configuration/json-with-comments.ts'
import { readMcpServers } from '../../../src/collect/ai-configuration/mcp-servers.ts'
import type { ReadServers } from '../../../src/collect/ai-configuration/mcp-servers.ts'
import { limits } from '../../../src/model/limits.ts'
import { runs } from '../../world/runs.ts'
import { anyText } from '../../world/any-text.ts'

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
    ['.codex/config.toml', 'model = "gpt"\n# nothing of servers'],
    ['.codex/config.toml', 'model = '],
    ['.continue/config.yaml', 'name: x\n'],
    ['.continue/config.yaml', 'name: &a [*a'],
    ['.claude/skills/x/data.json', '{"mcpServers":{"x":{}}}'],
  ])('in %s are none: %j', (path, text) => {
    expect(read(text, path)).toEqual({ servers: [], withheld: 0 })
  })
})

const planted = 'PLANTED_s3cr3t'

describe('servers in TOML', () => {
  const toml = (text: string): ReadServers => read(text, 'x/.codex/config.toml')
  it('are told with names alone', () => {
    const answer = toml(`model = "x"\r
[mcp_servers.one]
command = "${planted}"
args = ["${planted}"]
env_vars = ["HOME_OF_X", "A=${planted}"]
env.API_KEY = "${planted}"
[mcp_servers."two.x"]
url = "https://x.example/${planted}"
bearer_token_env_var = "${planted}"
http_headers = { X-Key = "${planted}" }
env_http_headers = { Authorization = "${planted}" }
[mcp_servers.two]
env = { constructor = "${planted}" }
[mcp_servers.two.tools.x]
approval_mode = "${planted}"
[profiles.x.mcp_servers.not]
command = "x"
`)
    expect(answer).toEqual({
      servers: [
        { name: 'one', transport: 'stdio', env: ['API_KEY', 'HOME_OF_X'] },
        { name: 'two.x', transport: 'http', headers: ['Authorization', 'X-Key'] },
        { name: 'two', transport: 'unknown', env: ['constructor'] },
      ],
      withheld: 1,
    })
    expect(JSON.stringify(answer)).not.toContain(planted)
  })

  it.each([
    ['is cut', '[mcp_servers.x'],
    ['has a server twice', '[mcp_servers.x]\n[mcp_servers.x]\n'],
    ['has a variable twice', '[mcp_servers.x.env]\nA = "1"\nA = "2"\n'],
    ['has a server __proto__', '[mcp_servers.__proto__]\ncommand = "x"\n'],
    ['has a variable __proto__', '[mcp_servers.x.env]\n"__proto__" = "x"\n'],
    ['has what is said under __proto__', '[mcp_servers.x.__proto__]\ncommand = "x"\n'],
    ['is too deep', `mcp_servers = ${'['.repeat(50_000)}`],
    ['is too deep in tables', `mcp_servers = ${'{a='.repeat(50_000)}`],
    ['is not UTF-8', 'mcp_servers = "\xff"'],
  ])('of a file that %s are none', (_, text) => {
    expect(readMcpServers('.codex/config.toml', Buffer.from(text, 'latin1'))).toEqual({
      ...{ servers: [], withheld: 0, problem: 'broken' },
    })
  })

  it.each([
    ['a name of very many parts', `mcp_servers.${'a.'.repeat(500_000)}b = 1`],
    ['very many tables', Array.from({ length: 50_000 }, (_, at) => `[mcp_servers.a${at}]`).join('\n')],
    ['very many names', Array.from({ length: 40_000 }, (_, at) => `mcp_servers.x.env.A${at} = 1`).join('\n')],
  ])('with %s come to an end', (_, text) => {
    expect(toml(text).servers.length).toBeLessThanOrEqual(limits.mcpServers)
  })

  it('are read of any text without a fault', () => {
    const signs = ['[', ']', '{', '}', '=', '.', ',', '"', "'", '\n', '#', '\\', 'a', '1', '-', '__proto__']
    const part = fc.oneof(fc.constantFrom(...signs), anyText({ maxLength: 2 }))
    fc.assert(
      fc.property(fc.array(part, { maxLength: 40 }), (parts) => {
        const { servers: found, problem } = toml(`mcp_servers.x = 1\n${parts.join('')}`)
        expect(found.length === 0 || problem === undefined).toBe(true)
      }),
      { numRuns: runs(300) },
    )
  })
})

describe('servers in YAML', () => {
  const yaml = (text: string): ReadServers => read(text, '.continue/mcpServers/x.yaml')
  it('are told with names alone, of a list and of an object', () => {
    const answer = yaml(`name: x
mcpServers:
  - name: one
    command: ${planted}
    args: [${planted}]
    env:
      API_KEY: ${planted}
  - name: two
    type: sse
    url: https://x.example/${planted}
    requestOptions:
      headers: { X-Key: ${planted} }
  - name: twice
    env: { A: ${planted} }
  - name: twice
    env: { B: ${planted} }
  - command: ${planted}
`)
    expect(answer).toEqual({
      servers: [
        { name: 'one', transport: 'stdio', env: ['API_KEY'] },
        { name: 'two', transport: 'http', headers: ['X-Key'] },
        { name: 'twice', transport: 'unknown' },
      ],
      withheld: 1,
    })
    expect(JSON.stringify(answer)).not.toContain(planted)
    expect(yaml('mcpServers: { x: { command: y } }').servers).toEqual([{ name: 'x', transport: 'stdio' }])
  })

  const bomb = ['a: &a [x, x]', ...Array.from({ length: 30 }, (_, at) => `b${at}: &b${at} [*a, *a]`)].join('\n')
  it.each([
    ['has anchors', `${bomb}\nmcpServers: { x: { command: y } }`],
    ['has a tag', 'mcpServers: !!js/function { x: { command: y } }'],
    ['merges', 'base: &b { command: x }\nmcpServers: { x: { <<: *b } }'],
    ['has two documents', 'mcpServers: { x: {} }\n---\nmcpServers: { y: {} }'],
    ['has a server twice', 'mcpServers:\n  x: { command: y }\n  x: { url: z }\n'],
    ['has a variable twice', 'mcpServers: { x: { env: { A: 1, A: 2 } } }'],
    ['is too deep', `mcpServers: ${'['.repeat(10_000)}`],
    ['is too large', `mcpServers: { x: {} }\n#${'x'.repeat(limits.configBytes)}`],
    ['is a list', '- mcpServers: x'],
    ['has a server __proto__', 'mcpServers: { __proto__: { command: x } }'],
    ['has what is said under __proto__', 'mcpServers: [{ name: x, __proto__: { command: y } }]'],
    ['has a variable __proto__', 'mcpServers: [{ name: x, env: { __proto__: y } }]'],
  ])('of a file that %s are none', (_, text) => {
    expect(yaml(text)).toEqual({ servers: [], withheld: 0, problem: 'other-form' })
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
