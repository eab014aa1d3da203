/** `.countersign/config.yaml` as whoever can commit could write it. */
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readConfigBytes } from '../../../src/collect/config/config-bytes.ts'
import { readEvidenceConfig } from '../../../src/collect/config/read-config.ts'
import { CountersignError, attempt, attemptAsync } from '../../../src/errors.ts'
import { schemaErrors } from '../../world/published-schema.ts'
import { runs } from '../../world/runs.ts'
import { scratchRepository } from '../../world/scratch-repository.ts'

const whole = `# Ours.
version: 1
tools:
  - id: our-agent
    names: [acme-runner]
    addresses: [agent@acme.example]
    accounts:
      - { id: 123456789, login: "acme-agent[bot]" }
    role: implementation
    sites: [agent.acme.example]
    branches: [acme-agent/]
    authorMark: (acme)
readers:
  skip: [trailer, entire-checkpoint, trailer]
remotes:
  - backup
  - https://git.acme.example/checkpoints.git
trackers:
  - system: jira
    url: https://acme.atlassian.net/
    prefixes: [PROJ, OPS]
  - { system: linear, prefixes: [ENG] }
identityKey:
  variable: COUNTERSIGN_IDENTITY_KEY
`

/** Code of the refusal, and where it says that it is. */
function refusalOf(text: string | Buffer): readonly [string, string] | string {
  const config = attempt(() => readConfigBytes(Buffer.from(text)))
  if (!(config instanceof CountersignError)) return 'accepted'
  return [config.code, /^\.countersign\/config\.yaml(?::(\d+:\d+))?: /.exec(config.message)?.[1] ?? 'nowhere']
}

describe('a configuration', () => {
  it('says tools, readers to skip, remotes, trackers and where a key is', () => {
    expect(readConfigBytes(Buffer.from(whole))).toMatchObject({
      tools: [{ id: 'our-agent', names: ['acme-runner'], accounts: [{ id: 123456789 }], authorMark: '(acme)' }],
      skip: ['entire-checkpoint', 'trailer'],
      remotes: [
        { kind: 'name', name: 'backup' },
        { kind: 'address', url: 'https://git.acme.example/checkpoints.git' },
      ],
      trackers: [
        { system: 'jira', url: 'https://acme.atlassian.net', prefixes: ['PROJ', 'OPS'] },
        { system: 'linear', url: undefined, prefixes: ['ENG'] },
      ],
      identityKey: { variable: 'COUNTERSIGN_IDENTITY_KEY' },
    })
  })

  it('is the same with a byte order mark and other line ends, but for its digest', () => {
    const { sha256, ...plain } = readConfigBytes(Buffer.from(whole))
    const { sha256: other, ...windows } = readConfigBytes(Buffer.from(`\ufeff${whole.replaceAll('\n', '\r\n')}`))
    expect(windows).toEqual(plain)
    expect(other).not.toBe(sha256)
  })

  it('of nothing but a version says nothing', () => {
    const { tools, skip, remotes, trackers, identityKey } = readConfigBytes(Buffer.from('version: 1\n'))
    expect([tools, skip, remotes, trackers, identityKey]).toEqual([[], [], [], [], undefined])
  })

  it('is what its published schema says', () => {
    const file = {
      version: 1,
      tools: [{ id: 'our-agent', addresses: ['agent@acme.example'], sites: ['a.example/x'], branches: ['acme/'] }],
      readers: { skip: ['trailer'] },
      remotes: ['https://git.acme.example/x'],
      trackers: [{ system: 'jira', url: 'https://jira.acme.example/jira', prefixes: ['PROJ'] }],
      identityKey: { file: '/run/secrets/key' },
    }
    expect(schemaErrors('countersign-config', file)).toEqual([])
    for (const extra of [{ allowedSigners: 'x' }, { version: 2 }, { identityKey: { file: 'x', variable: 'y' } }]) {
      expect(schemaErrors('countersign-config', { ...file, ...extra })).not.toEqual([])
    }
  })
})

describe('a file that is refused whole', () => {
  const deep = (open: string, close: string, times: number): string => open.repeat(times) + close.repeat(times)
  it.each<[string, string | Buffer, string, string]>([
    ['nothing', '', 'config-malformed', '1:1'],
    ['another version', 'version: 2\n', 'config-malformed', '1:1'],
    ['a list', '- version\n', 'config-malformed', '1:1'],
    ['a text', 'version', 'config-malformed', '1:1'],
    ['an unknown member', 'version: 1\ntool: []\n', 'config-malformed', '2:1'],
    ['an unknown member within', 'version: 1\ntools:\n  - id: x-y\n    adresses: []\n', 'config-malformed', '4:5'],
    ['a key that is there twice', 'version: 1\nremotes: []\nremotes: []\n', 'config-malformed', '3:1'],
    ['a key of all objects', 'version: 1\n__proto__: { tools: [] }\n', 'config-malformed', '2:1'],
    ['one within', 'version: 1\nreaders: { skip: [], __proto__: {} }\n', 'config-malformed', '2:22'],
    ['a merge', 'version: 1\n<<: { remotes: [] }\n', 'config-malformed', '2:1'],
    ['an anchor', 'version: 1\nremotes: &a []\n', 'config-malformed', '2:10'],
    ['a bomb of aliases', 'version: 1\na: &a [x]\nb: &b [*a,*a]\nc: [*b,*b]\n', 'config-malformed', '2:4'],
    ['a tag', 'version: 1\nremotes: !!js/function "x"\n', 'config-malformed', '2:10'],
    ['a tag of our own kind', 'version: !!int 1\n', 'config-malformed', '1:10'],
    ['a directive', '%YAML 1.1\n---\nversion: 1\n', 'config-malformed', '1:1'],
    ['a second document', 'version: 1\n---\nremotes: []\n', 'config-malformed', '2:1'],
    ['an end with more behind it', 'version: 1\n...\nremotes: []\n', 'config-malformed', '2:1'],
    ['a key behind a question mark', '? version\n: 1\n', 'config-malformed', '1:1'],
    ['a key that is no text', 'version: 1\n[a]: 1\n', 'config-malformed', '2:1'],
    ['a list that does not end', 'version: 1\nremotes: [a\n', 'config-malformed', '3:1'],
    ['a tab for an indent', 'version: 1\nreaders:\n\tskip: []\n', 'config-malformed', '3:1'],
    ['brackets without end', `version: 1\nremotes: ${'['.repeat(30_000)}\n`, 'config-malformed', '2:26'],
    ['brackets in brackets', `version: 1\nremotes: ${deep('[', ']', 17)}\n`, 'config-malformed', '2:26'],
    ['lists in one line', `remotes:\n  ${'- '.repeat(20_000)}x\n`, 'config-malformed', '2:35'],
    ['keys behind keys in one line', `version: 1\nremotes: ${'a: '.repeat(15_000)}\n`, 'config-malformed', '2:56'],
    ['keys behind keys in brackets', `version: 1\nremotes: { ${'a: '.repeat(15_000)}}\n`, 'config-malformed', '2:58'],
    [
      'keys below keys',
      Array.from({ length: 250 }, (_, at) => `${' '.repeat(at)}a:\n`).join(''),
      'config-malformed',
      '33:1',
    ],
    ['very many parts', `version: 1\nremotes: [${'a,'.repeat(30_000)}]\n`, 'config-malformed', '2:10925'],
    ['more than 64 KiB', `version: 1\n${'#'.repeat(65_536)}\n`, 'config-malformed', 'nowhere'],
    ['UTF-16', Buffer.from('version: 1\n', 'utf16le'), 'config-malformed', '1:2'],
    ['Latin-1', Buffer.from('version: 1 # caf\u00e9\n', 'latin1'), 'config-malformed', 'nowhere'],
    ['a zero byte', 'version: 1\0\n', 'config-malformed', '1:11'],
    ['a mark of direction', 'version: 1 # \u202e x\n', 'config-malformed', '1:14'],
    ['a mark of direction as an escape', 'version: 1\nremotes: ["a\\u202e"]\n', 'config-malformed', '2:11'],
    ['a space of no width as an escape', 'version: 1\n"read\\u200bers": {}\n', 'config-malformed', '2:1'],
    ['a mark in the middle', 'version: 1\n\ufeffremotes: []\n', 'config-malformed', '2:1'],
    ['a reader that is none', 'version: 1\nreaders: { skip: [trailers] }\n', 'config-malformed', '2:19'],
    ['signers', 'version: 1\nallowedSigners: signers\n', 'config-refused', '2:1'],
    ['a keyring', 'version: 1\nkeyring: keys.gpg\n', 'config-refused', '2:1'],
    ['101 tools', `version: 1\ntools: [${'{ id: x-y },'.repeat(101)}]\n`, 'config-malformed', '2:1'],
  ])('%s', (_, text, code, place) => {
    expect(refusalOf(text)).toEqual([code, place])
  })

  it('whatever it is, with a code', () => {
    const words = [
      'version: 1\n',
      '- ',
      '[',
      ']',
      '{',
      '}',
      ': ',
      '? ',
      '&a ',
      '*a',
      '!x ',
      '"',
      "'",
      '|\n',
      '>-\n',
      '\n',
    ]
    const text = fc.array(fc.oneof(fc.constantFrom(...words, '  ', '#', '---\n', 'tools', ','), fc.string()))
    fc.assert(
      fc.property(
        fc.oneof(
          fc.uint8Array(),
          text.map((it) => Buffer.from(it.join(''))),
        ),
        (bytes) => {
          const refusal = refusalOf(Buffer.from(bytes))
          expect(refusal === 'accepted' || ['config-malformed', 'config-refused'].includes(refusal[0])).toBe(true)
        },
      ),
      { numRuns: runs(300) },
    )
  })
})

describe('a row', () => {
  it.each([
    ['the address of a known tool', 'addresses: [noreply@anthropic.com]', '5:17'],
    ['its account in the form of an address', 'addresses: [1+copilot@users.noreply.github.com]', '5:17'],
    ['the address of everybody', 'addresses: [noreply@github.com]', '5:17'],
    ['its account', 'accounts: [{ id: 198982749 }]', '5:18'],
    ['its login under another number', 'accounts: [{ id: 7, login: copilot }]', '5:25'],
    ['the account of everybody', 'accounts: [{ id: 41898282 }]', '5:18'],
    ['its site, further down', 'sites: [claude.ai/code]', '5:13'],
    ['the site of everybody', 'sites: [github.com]', '5:13'],
    ['the site of everybody of one name', 'sites: [github.com/acme]', '5:13'],
    ['its branches', 'branches: [claude/fix/]', '5:16'],
    ['everybody’s branches', 'branches: [feature/]', '5:16'],
    ['its mark', 'authorMark: (aider)', '5:5'],
    ['its name', 'names: [cursor-agent]', '5:13'],
    ['a name that it shares with people', 'names: [claude]', '5:13'],
    ['a name around its own', 'names: [cursor-claude]', '5:13'],
    ['the name of a model', 'names: [opus]', '5:13'],
    ['the name of nothing', 'names: [unknown]', '5:13'],
    ['a name with a version', 'names: [acme-2]', '5:13'],
    ['a name twice', 'names: [acme-runner, acme-runner]', '5:26'],
  ])('with %s is refused', (_, row, place) => {
    expect(refusalOf(`version: 1\ntools:\n  # Rows.\n  - id: human-helper\n    ${row}\n`)).toEqual([
      'config-refused',
      place,
    ])
  })

  it.each([
    ['an address that is a pattern', 'addresses: ["*@acme.example"]'],
    ['one in capitals', 'addresses: [Agent@acme.example]'],
    ['a whole domain', 'addresses: ["@acme.example"]'],
    ['a host without a dot', 'sites: [ai]'],
    ['an address as a site', 'sites: ["https://acme.example"]'],
    ['all branches', 'branches: [""]'],
    ['branches that only begin so', 'branches: [acme]'],
    ['a name with blanks', 'names: [our agent]'],
    ['a number that is none', 'accounts: [{ id: 0x1.8 }]'],
    ['first names', 'firstNames: [ann]'],
    ['an account that counts as co-author only', 'accounts: [{ id: 7, isCoAuthorOnly: true }]'],
  ])('with %s is malformed', (_, row) => {
    expect(refusalOf(`version: 1\ntools:\n  - id: human-helper\n    ${row}\n`)[0]).toBe('config-malformed')
  })

  it('has an id that is no other tool’s name, and its own row', () => {
    const row = (...ids: readonly string[]): unknown =>
      refusalOf(`version: 1\ntools: [${ids.map((it) => `{ id: ${it} }`).join(', ')}]\n`)
    expect(row('gastown')).toEqual(['config-refused', '2:11'])
    expect(row('unknown')).toEqual(['config-refused', '2:11'])
    expect(row('our-agent', 'our-agent')).toEqual(['config-refused', '2:30'])
  })

  it('adds to a known tool, and to nothing that is another’s', () => {
    expect(refusalOf('version: 1\ntools: [{ id: claude-code, names: [acme-claude] }]\n')).toBe('accepted')
    expect(refusalOf('version: 1\ntools: [{ id: claude-code, names: [cursor-claude] }]\n')).toEqual([
      'config-refused',
      '2:36',
    ])
  })
})

describe('a remote', () => {
  it.each([
    ['http', 'http://git.acme.example/x', 'config-malformed'],
    ['git over ssh', 'git@git.acme.example:x.git', 'config-malformed'],
    ['a helper of git', 'ext::sh -c x', 'config-malformed'],
    ['a file', 'file:///etc', 'config-malformed'],
    ['a path', '../elsewhere', 'config-malformed'],
    ['an option', '--upload-pack=x', 'config-malformed'],
    ['a user', 'https://user:secret@git.acme.example/x', 'config-malformed'],
    ['a query', 'https://git.acme.example/x?y', 'config-malformed'],
    ['this machine', 'https://localhost/x', 'config-refused'],
    ['this machine, by number', 'https://127.0.0.1/x', 'config-refused'],
    ['this machine, by another number', 'https://2130706433/x', 'config-refused'],
    ['the metadata of a cloud', 'https://169.254.169.254/latest', 'config-refused'],
    ['an IPv6 address', 'https://[::1]/x', 'config-refused'],
    ['a machine of the network', 'https://vault.internal/x', 'config-refused'],
    ['a name that only the network knows', 'https://vault/x', 'config-refused'],
  ])('by %s is refused', (_, remote, code) => {
    expect(refusalOf(`version: 1\nremotes: ["${remote}"]\n`)).toEqual([code, '2:11'])
  })
})

describe('a tracker', () => {
  it.each<[string, string, readonly [string, string]]>([
    ['of a system that is none', '{ system: trello, prefixes: [A] }', ['config-malformed', '3:7']],
    ['without an address and a prefix', '{ system: jira }', ['config-malformed', '3:5']],
    ['without any of its prefixes', '{ system: jira, prefixes: [] }', ['config-malformed', '3:21']],
    ['with a prefix in lower case', '{ system: jira, prefixes: [proj] }', ['config-malformed', '3:32']],
    ['with a key as prefix', '{ system: jira, prefixes: [PROJ-] }', ['config-malformed', '3:32']],
    ['with a pattern', '{ system: jira, prefixes: ["*"] }', ['config-malformed', '3:32']],
    ['with a prefix twice', '{ system: jira, prefixes: [A, B, A] }', ['config-malformed', '3:38']],
    ['of a forge, with a prefix', '{ system: github, prefixes: [GH] }', ['config-malformed', '3:23']],
    ['in the clear', '{ system: jira, url: "http://jira.acme.example" }', ['config-malformed', '3:21']],
    ['with a user', '{ system: jira, url: "https://a:b@jira.acme.example" }', ['config-malformed', '3:21']],
    ['with a query', '{ system: jira, url: "https://jira.acme.example/?x=1" }', ['config-malformed', '3:21']],
    ['with a script', '{ system: jira, url: "javascript:alert(1)" }', ['config-malformed', '3:21']],
    ['that climbs', '{ system: jira, url: "https://jira.acme.example/../x" }', ['config-malformed', '3:21']],
    ['with a number for a host', '{ system: jira, url: "https://0x7f000001/x" }', ['config-malformed', '3:21']],
    ['with a place for a token', '{ system: jira, prefixes: [A], token: x }', ['config-malformed', '3:36']],
    ['with an API', '{ system: jira, prefixes: [A], api: "https://evil.example" }', ['config-malformed', '3:36']],
  ])('%s is refused', (_, row, refusal) => {
    expect(refusalOf(`version: 1\ntrackers:\n  - ${row}\n`)).toEqual(refusal)
  })

  it('has a prefix that is no other’s', () => {
    const rows = '[{ system: jira, prefixes: [A] }, { system: linear, prefixes: [B, A] }]'
    expect(refusalOf(`version: 1\ntrackers: ${rows}\n`)).toEqual(['config-malformed', '2:77'])
  })

  it('is one of a few', () => {
    const rows = Array.from({ length: 21 }, (_, at) => `{ system: jira, prefixes: [P${at}] }`).join(', ')
    expect(refusalOf(`version: 1\ntrackers: [${rows}]\n`)).toEqual(['config-malformed', '2:1'])
  })
})

describe('where a key is', () => {
  it.each([['variable: PATH'], ['variable: GITHUB_SHA'], ['file: /k, variable: COUNTERSIGN_K'], ['file: ""'], ['']])(
    'is not said by %j',
    (said) => {
      expect(refusalOf(`version: 1\nidentityKey: { ${said} }\n`)[0]).toBe('config-malformed')
    },
  )
})

describe('in a repository', () => {
  it('is that of the commit, not of the work tree, and none where there is none', async () => {
    const scratch = scratchRepository()
    const without = scratch.commit('one')
    const commit = scratch.commit('two', { '.countersign/config.yaml': whole })
    scratch.write('.countersign/config.yaml', 'version: 2\n')
    const repository = await scratch.open()
    expect(await readEvidenceConfig(repository, without)).toBeUndefined()
    expect(await readEvidenceConfig(repository, commit)).toEqual(readConfigBytes(Buffer.from(whole)))
  })

  it('is a file of it, and has one name', async () => {
    const scratch = scratchRepository()
    const id = (content: string): string => scratch.git(['hash-object', '-w', '--stdin'], content)
    const tree = (...entries: readonly string[]): string =>
      scratch.git(['mktree', '--missing'], `${entries.join('\n')}\n`)
    const file = id('version: 1\n')
    // Where a link leads would be a configuration, if it were read as one.
    const link = file
    const module = '1'.repeat(40)
    const inFolder = (...entries: readonly string[]): string => tree(`040000 tree ${tree(...entries)}\t.countersign`)
    const trees = [
      inFolder(`120000 blob ${link}\tconfig.yaml`),
      inFolder(`160000 commit ${module}\tconfig.yaml`),
      inFolder(`040000 tree ${tree(`100644 blob ${file}\tx`)}\tconfig.yaml`),
      inFolder(`100644 blob ${file}\tconfig.yml`),
      inFolder(`100644 blob ${id('#'.repeat(70_000))}\tconfig.yaml`),
      tree(`120000 blob ${link}\t.countersign`),
      tree(`160000 commit ${module}\t.countersign`),
    ]
    const repository = await scratch.open()
    for (const it of trees) {
      const commit = scratch.git(['commit-tree', '-m', 'x', it])
      const read = await attemptAsync(() => readEvidenceConfig(repository, commit))
      expect(read instanceof CountersignError ? read.code : read).toBe('config-malformed')
    }
    const program = scratch.git(['commit-tree', '-m', 'x', inFolder(`100755 blob ${file}\tconfig.yaml`)])
    expect(await readEvidenceConfig(repository, program)).toMatchObject({ skip: [] })
  })
})
