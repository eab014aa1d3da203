/** The table of commands: each is loaded when it is asked for, so table and command could drift apart. */
import { Command } from 'commander'
import { describe, expect, it } from 'vitest'
import type { CommandContext } from '../../src/cli/command.ts'
import { commands } from '../../src/cli/main.ts'
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

describe('the help of the program', () => {
  it('lists all commands with their summaries, in the order of the table', async () => {
    const { exitCode, stdout } = await countersign({ cwd: '/' }, '--help')
    expect(exitCode).toBe(0)
    const [, listed = ''] = stdout.split('\nCommands:\n')
    expect(oneLine(listed)).toBe(commands.map(({ name, summary }) => `${name} ${summary}`).join(' '))
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
