/** Completions: bash is asked as it would be by somebody who types; what is not installed here is looked at as text. */
import { execFileSync, spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { commands } from '../../src/cli/command-table.ts'
import { countersign } from './terminal.ts'

let folder: string
const scripts: { [shell: string]: string } = {}
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'countersign-completion-'))
  mkdirSync(join(folder, 'dist'))
  for (const name of ['a b.tgz', 'app.tgz', '$(touch x)', '*']) writeFileSync(join(folder, 'dist', name), '')
  for (const shell of ['bash', 'zsh', 'fish', 'powershell']) {
    const { exitCode, stdout, stderr } = await countersign({ cwd: '/' }, 'completion', shell)
    expect([shell, exitCode, stderr]).toEqual([shell, 0, ''])
    scripts[shell] = stdout
    writeFileSync(join(folder, `countersign.${shell}`), stdout)
  }
})
afterAll(() => rmSync(folder, { recursive: true }))

/** What bash offers for the last of these words, as its own `complete` calls the function. */
function offered(...words: readonly string[]): readonly string[] {
  const program = `
    source ./countersign.bash
    COMP_WORDS=("$@") COMP_CWORD=$(($# - 1))
    [[ $(complete -p countersign) == *'-F _countersign countersign' ]] || exit 1
    _countersign countersign "\${COMP_WORDS[COMP_CWORD]}" "\${COMP_WORDS[COMP_CWORD-1]}"
    for word in "\${COMPREPLY[@]}"; do printf '%s\\n' "$word"; done`
  const options = { cwd: folder, encoding: 'utf8', env: { PATH: process.env['PATH'], LC_ALL: 'C' } } as const
  const output = execFileSync('bash', ['--norc', '-c', program, 'bash', 'countersign', ...words], options)
  return output.split('\n').slice(0, -1)
}

describe('bash offers', () => {
  it('the commands, and those of a command', () => {
    expect(offered('')).toEqual(commands.map((it) => it.name))
    expect(offered('ins')).toEqual(['inspect'])
    expect(offered('trust', '')).toEqual(['show', 'update', 'import', 'export'])
    expect(offered('help', 'me')).toEqual(['merge'])
    expect(offered('help', 'trust', '')).toEqual(['show', 'update', 'import', 'export'])
    expect(offered('help', 'verify', '')).toEqual([])
    expect(offered('help', 'trust', '-')).toEqual([])
    expect(offered('completion', '')).toEqual(['bash', 'zsh', 'fish', 'powershell'])
  })

  it('every option that a help names, and none of another command', async () => {
    for (const path of [
      ...commands.map((it) => [it.name]),
      ['trust', 'show'],
      ['trust', 'update'],
      ['trust', 'import'],
    ]) {
      const { stdout } = await countersign({ cwd: '/' }, ...path, '--help')
      const named = [...stdout.matchAll(/^ {2}(-\w, )?(--[a-z-]+)/gm)].flatMap(([forms]) => forms.trim().split(', '))
      const words = [...offered(...path, '-')]
      expect([path, words.sort()]).toEqual([path, named.sort()])
    }
    expect(offered('-')).toEqual(['--version', '-V', '--help', '-h'])
  })

  it('choices, behind a blank and behind an equals sign', () => {
    expect(offered('verify', '--format', '')).toEqual([
      'text',
      'json',
      'markdown',
      'sarif',
      'junit',
      'html',
      'policy-input',
    ])
    expect(offered('verify', '--format', '=', 'j')).toEqual(['json', 'junit'])
    expect(offered('verify', '--format', '=')).toEqual([
      'text',
      'json',
      'markdown',
      'sarif',
      'junit',
      'html',
      'policy-input',
    ])
    expect(offered('attest', 'dist/app.tgz', '--on-outage', 'd')).toEqual(['defer'])
    expect(offered('verify', '--ci-output', '')).toEqual(['github', 'gitlab'])
  })

  it('files where one can stand, whatever they are called, and folders where one must', () => {
    expect([...offered('inspect', 'dist/')].sort()).toEqual([
      'dist/$(touch x)',
      'dist/*',
      'dist/a b.tgz',
      'dist/app.tgz',
    ])
    expect(offered('verify', '-b', 'dist/ap')).toEqual(['dist/app.tgz'])
    expect(offered('verify', '--repo', 'acme/widget', '--', 'dist/ap')).toEqual(['dist/app.tgz'])
    expect(offered('attest', '--sigstore', 'd')).toEqual(['dist'])
    expect(offered('attest', '--sigstore', 'l')).toEqual(['local'])
    // Each command the names that it takes: nobody signs with GitHub's own instance, and no local one is updated.
    for (const [argv, names] of [
      [['attest'], ['local', 'public']],
      [['verify'], ['github', 'local', 'public']],
      [
        ['trust', 'show'],
        ['github', 'local', 'public'],
      ],
      [
        ['trust', 'update'],
        ['github', 'public'],
      ],
    ] as const) {
      expect([
        argv,
        offered(...argv, '--sigstore', '')
          .filter((it) => it !== 'dist' && !it.includes('.'))
          .sort(),
      ]).toEqual([argv, names])
    }
    expect(offered('local', '--local-state', '')).toEqual(['dist'])
    expect(offered('verify', '--commit', '')).toEqual([])
  })

  it('a file that is called like a flag with its folder, unless a -- stands before it', () => {
    writeFileSync(join(folder, '--evil'), '')
    try {
      expect(offered('verify', '')).toContain('./--evil')
      expect(offered('verify', '')).not.toContain('--evil')
      expect(offered('verify', '--', '')).toContain('--evil')
    } finally {
      rmSync(join(folder, '--evil'))
    }
  })

  it('nothing of a command whose name is a value', () => {
    expect(offered('verify', '--repo', 'trust', '')).not.toContain('show')
    expect(offered('verify', 'trust', '--o')).toEqual(['--owner', '--owner-id', '--offline', '--overwrite'])
    expect(offered('verify', '--', '--o')).toEqual([])
  })
})

/** Every word that a script must name. */
const words = ['attest', 'verify', 'completion', 'signer-workflow', 'retry-budget', 'defer', 'github', 'powershell']

describe('a script', () => {
  it.each(['bash', 'zsh', 'fish', 'powershell'])('for %s names commands, options and choices', (shell) => {
    const script = scripts[shell]!
    expect(words.filter((it) => !script.includes(it))).toEqual([])
    expect(script).toMatch(/\n$/)
    expect(script).not.toMatch(/undefined|\[object|\u001b/)
  })

  it.each([
    ['bash', 'bash', ['-n']],
    ['zsh', 'zsh', ['-n']],
    ['fish', 'fish', ['--no-execute']],
  ])('for %s is one, as the shell says where it is installed', (shell, program, flags) => {
    const { error, status, stderr } = spawnSync(program, [...flags, join(folder, `countersign.${shell}`)])
    if (error !== undefined && 'code' in error && error.code === 'ENOENT') return
    expect([status, stderr.toString()]).toEqual([0, ''])
  })

  it('for zsh and PowerShell opens no quote, bracket or block that it does not close', () => {
    const zsh = unquoted(scripts['zsh']!, /'[^']*'(?:\\'(?:'[^']*')?)*/g).replace(/^#.*$/gm, '')
    expect(zsh).not.toMatch(/['`]/)
    // A pattern of `case` closes a bracket that it opens here too.
    expect(balance(zsh, '(', ')')).toBe(0)
    expect(balance(zsh, '{', '}')).toBe(0)
    expect(count(zsh, /^\s*case /gm)).toBe(count(zsh, /^\s*esac$/gm))
    expect(count(zsh, /^\s*if /gm)).toBe(count(zsh, /^\s*fi$/gm))
    const powershell = unquoted(scripts['powershell']!, /'(?:[^']|'')*'/g)
    for (const [open, close] of [
      ['(', ')'],
      ['{', '}'],
      ['[', ']'],
    ] as const)
      expect([open, balance(powershell, open, close)]).toEqual([open, 0])
    expect(powershell).not.toContain("'")
  })

  it('for fish is a line for each word, whose condition and texts are quoted', () => {
    const lines = scripts['fish']!.split('\n').filter((it) => it !== '' && !it.startsWith('#'))
    const quoted = String.raw`'(?:[^'\\]|\\['\\])*'`
    const line = new RegExp(
      `^complete -c countersign (?:-e|-f|-n ${quoted}(?: -[a-zA-Z](?: (?:[a-zA-Z-]+|${quoted}))?)+)$`,
    )
    expect(lines.filter((it) => !line.test(it))).toEqual([])
  })

  it('for another shell there is none', async () => {
    expect((await countersign({ cwd: '/' }, 'completion', 'csh')).exitCode).toBe(2)
    expect((await countersign({ cwd: '/' }, 'completion')).exitCode).toBe(2)
  })
})

function unquoted(text: string, quotes: RegExp): string {
  return text.replace(quotes, 'x')
}

function balance(text: string, open: string, close: string): number {
  return text.split(open).length - text.split(close).length
}

function count(text: string, what: RegExp): number {
  return text.match(what)?.length ?? 0
}
