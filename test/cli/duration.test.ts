/** Durations have one form, whatever the option. */
import { describe, expect, it } from 'vitest'
import { commands } from '../../src/cli/command-table.ts'
import { milliseconds } from '../../src/cli/duration.ts'
import { codeOf } from '../world/failure.ts'
import { countersign } from './terminal.ts'

describe('a duration', () => {
  it.each([
    ['30s', 30_000],
    ['0.5s', 500],
    ['5m', 300_000],
    ['2h', 7_200_000],
    ['7d', 604_800_000],
    ['24d', 2_073_600_000],
    ['0s', 0],
  ])('%s is %i ms', (text, expected) => {
    expect(milliseconds(text, '--time')).toBe(expected)
  })

  it.each([
    '30',
    '0',
    '',
    ' 30s',
    '30 s',
    '30S',
    '5M',
    '-1s',
    '+1s',
    '1e3s',
    '.5s',
    '1.5.2s',
    '1m30s',
    '30sec',
    's',
    'Ns',
    '0x10s',
    '١s',
    '25d',
    '9999999d',
    '30s\n',
    'PT5M',
    '1w',
    '500ms',
  ])('is not %j', (text) => {
    expect(codeOf(() => milliseconds(text, '--time'))).toBe('usage')
  })
})

/** Every option of every command that takes a time, as its help names it, with what the command needs besides. */
/** What a command asks for before it looks at anything else. */
const needed: { readonly [command: string]: readonly string[] } = {
  verify: ['-R', 'a/b'],
  graph: ['-R', 'a/b'],
  'reasoning-log': ['-R', 'a/b'],
  redact: ['--record', 'a'.repeat(64), '--reason', 'It held a name.'],
  'rebuild-compare': ['/nowhere/b.tgz', '--out', '/nowhere/c.json'],
  'vsa-verify': [
    ...['--vsa', '/nowhere/vsa.json', '-R', 'a/b', '--verifier-id', 'https://x.example'],
    ...['--resource-uri', 'https://x.example/a', '--level', 'SLSA_BUILD_LEVEL_1'],
  ],
}

const withoutArtifact: readonly (string | undefined)[] = ['trust', 'redact']

async function options(): Promise<readonly (readonly string[])[]> {
  const lines: string[][] = []
  for (const path of [
    ...commands.map(({ name }) => [name]),
    ['trust', 'show'],
    ['trust', 'update'],
    ['trust', 'import'],
  ]) {
    const { stdout } = await countersign({ cwd: '/' }, ...path, '--help')
    for (const [, flag = ''] of stdout.matchAll(/^ +(?:-\w, )?(--[a-z-]+) <TIME>/gm)) {
      lines.push([
        ...path,
        ...(withoutArtifact.includes(path[0] ?? '') ? [] : ['/nowhere/app.tgz']),
        ...(needed[path[0] ?? ''] ?? []),
        flag,
      ])
    }
  }
  return lines
}

describe('every option that takes one', () => {
  it('is known by its placeholder', async () => {
    expect((await options()).map((it) => `${it[0] ?? ''} ${it.at(-1) ?? ''}`)).toMatchInlineSnapshot(`
      [
        "attest --retry-budget",
        "deployed --retry-budget",
        "redact --retry-budget",
        "reasoning-log --refresh-timeout",
        "graph --refresh-timeout",
        "verify --refresh-timeout",
        "vsa-verify --refresh-timeout",
        "rebuild-compare --retry-budget",
        "trust --refresh-timeout",
        "trust --refresh-timeout",
      ]
    `)
  })

  it('refuses a bare number, and says how to write it', async () => {
    for (const argv of await options()) {
      const { exitCode, stdout, stderr } = await countersign({ cwd: '/', env: { HOME: '/nowhere' } }, ...argv, '30')
      expect([argv, exitCode, stdout]).toEqual([argv, 2, ''])
      expect(stderr).toBe(
        `countersign: error: ${argv.at(-1)!} is not a duration: "30" (usage)\n` +
          'countersign: hint: write its unit: 30s for seconds, 30m for minutes, 30h for hours, 30d for days\n',
      )
    }
  })

  it('takes each unit', async () => {
    const fetch = (): Promise<never> => Promise.reject(new Error('no network'))
    for (const argv of await options()) {
      for (const time of ['1s', '1m', '1h', '1d']) {
        const { stderr } = await countersign({ cwd: '/', env: { HOME: '/nowhere' }, fetch }, ...argv, time)
        expect([argv, stderr.includes('is not a duration')]).toEqual([argv, false])
      }
    }
  })
})
