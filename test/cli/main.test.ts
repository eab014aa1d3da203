/** The table of commands: each is loaded when it is asked for, so table and command could drift apart. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Command } from 'commander'
import { describe, expect, it, onTestFinished } from 'vitest'
import type { CommandContext } from '../../src/cli/command.ts'
import { commands } from '../../src/cli/command-table.ts'
import { countersign } from './terminal.ts'

const names = commands.map((it) => it.name)

/** Nothing of it is touched by a command that is only registered. */
const context = {} as CommandContext

describe('a row of the table', () => {
  it.each(commands)('says of $name what the command says of itself', async ({ name, summary, load }) => {
    const program = new Command()
    const register = await load()
    register(program, context)
    expect(program.commands.map((it) => [it.name(), it.description()])).toEqual([[name, summary]])
  })

  it.each(names)('leads to the help of %s', async (name) => {
    const { exitCode, stdout, stderr } = await countersign({ cwd: '/' }, name, '--help')
    expect([exitCode, stderr]).toEqual([0, ''])
    expect(stdout).toMatch(new RegExp(`^Usage: countersign ${name} `))
    expect(oneLine(stdout)).toContain(commands.find((it) => it.name === name)!.summary)
  })

  it('leads to the command behind a -- too, which ends the flags of the program alone', async () => {
    const { exitCode, stderr } = await countersign({ cwd: '/' }, '--', 'inspect', 'nowhere.json')
    expect(exitCode).toBe(2)
    expect(stderr).toContain('(path-missing)')
  })
})

describe('a word that a file name made', () => {
  const planted = [
    '-h',
    '-V',
    '-V.tgz',
    '-hx.tgz',
    '--help',
    '--version',
    '--strict',
    '--trusted-root=root',
    '--dry-run',
    '--',
    '--x',
  ]

  it.each(planted)('%s is no flag, and ends nothing with a yes', async (name) => {
    const cwd = mkdtempSync(join(tmpdir(), 'countersign-words-'))
    onTestFinished(() => rmSync(cwd, { recursive: true }))
    writeFileSync(join(cwd, name), 'planted')
    writeFileSync(join(cwd, 'app.tgz'), 'x')
    const question = ['--repo', 'acme/widget', '--offline']
    for (const argv of [
      ['verify', name, 'app.tgz', ...question],
      ['verify', ...question, 'app.tgz', name],
      ['attest', name, 'app.tgz'],
    ]) {
      const { exitCode, stdout } = await countersign({ cwd, env: { HOME: cwd } }, ...argv)
      expect([argv, exitCode === 0, stdout.includes('PASS')]).toEqual([argv, false, false])
      if (name !== '--') expect([argv, exitCode, stdout]).toEqual([argv, 2, ''])
    }
  })

  it('in a list from elsewhere is no help either', async () => {
    for (const word of ['-h', '--help', '-V', '--version', '-hV', '-Vx']) {
      for (const argv of [
        ['verify', 'app.tgz', word],
        ['verify', word, 'app.tgz'],
        ['trust', 'show', '--offline', word],
      ]) {
        expect([argv, (await countersign({ cwd: '/' }, ...argv)).exitCode]).toEqual([argv, 2])
      }
    }
  })

  it('may be longer than any name of a file', async () => {
    const long = 'x'.repeat(5_000)
    const ask = (...argv: string[]) => countersign({ cwd: '/', env: {} }, 'verify', ...argv, '--repo', 'acme/widget')
    expect((await ask('app.tgz', `--builder-id=https://ci.example/${'x'.repeat(300)}`, '--offline')).exitCode).toBe(2)
    expect((await ask(long, '--offline')).stderr).not.toContain('(internal)')
    expect((await ask(`sha256:${'a'.repeat(300)}`, '--offline')).stderr).not.toContain('(internal)')
  })

  it('is a file behind --', async () => {
    const argv = ['verify', '--repo', 'acme/widget', '--offline', '--', '-h', '--strict']
    const { exitCode, stdout } = await countersign({ cwd: '/', env: {} }, ...argv)
    expect([exitCode, stdout.match(/^UNDECIDED/gm)?.length]).toEqual([2, 2])
  })

  it('is given twice, so that nobody knows which one counts', async () => {
    const commit = (digit: string): string[] => ['--commit', digit.repeat(40)]
    const argv = ['verify', 'app.tgz', '--repo', 'acme/widget', ...commit('a'), ...commit('b')]
    expect((await countersign({ cwd: '/' }, ...argv)).exitCode).toBe(2)
    const twice = ['verify', 'app.tgz', '--repo', 'acme/widget', '--workflow=a.yml', '--workflow', 'b.yml']
    expect((await countersign({ cwd: '/' }, ...twice)).exitCode).toBe(2)
  })
})

describe('the help of the program', () => {
  it('lists all commands with their summaries, in the order of the table', async () => {
    const { exitCode, stdout } = await countersign({ cwd: '/' }, '--help')
    expect(exitCode).toBe(0)
    const [, listed = ''] = stdout.split('\nCommands:\n')
    expect(oneLine(listed.split('\n\n')[0] ?? '')).toBe(
      commands.map(({ name, summary }) => `${name} ${summary}`).join(' '),
    )
  })

  it.each([{ argv: ['-h'] }, { argv: ['--help', 'verify'] }, { argv: ['--help', '--', 'verify'] }])(
    'is the same for $argv',
    async ({ argv }) => {
      expect(await countersign({ cwd: '/' }, ...argv)).toEqual(await countersign({ cwd: '/' }, '--help'))
    },
  )
})

describe('an unknown command', () => {
  it.each([
    ['verfiy', 'verify'],
    ['atest', 'attest'],
    ['Local', 'local'],
  ])('%s suggests %s', async (given, meant) => {
    const { exitCode, stdout, stderr } = await countersign({ cwd: '/' }, given)
    expect([exitCode, stdout]).toEqual([2, ''])
    expect(stderr).toContain(`unknown command '${given}'`)
    expect(stderr).toContain(`Did you mean ${meant}?`)
  })

  it.each(['constructor', '__proto__', 'toString', '', ' '])('%j is not in the table', async (given) => {
    const { exitCode, stdout } = await countersign({ cwd: '/' }, given)
    expect([exitCode, stdout]).toEqual([2, ''])
  })
})

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim()
}
