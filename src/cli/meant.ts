/** An error about a word of the command line, with what may have been meant by it. */
import { CommanderError } from 'commander'
import type { Command } from 'commander'
import { CountersignError } from '../index.ts'
import { didYouMean } from './similar.ts'

/** The error as it was, where nothing is like the word. */
export function asMeant(thrown: unknown, [name, word = '']: readonly string[], program: Command): unknown {
  const group = program.commands.find((it) => it.name() === name)
  const below = group?.commands ?? []
  if (word.startsWith('-') || below.some((it) => it.name() === word)) return withChoice(thrown)
  const names = below.map((it) => it.name())
  if (thrown instanceof CountersignError && thrown.code === 'revision-unknown') {
    const meant = didYouMean(word, names)
    const hint = thrown.hint === undefined ? {} : { hint: thrown.hint }
    return meant === '' ? thrown : new CountersignError(thrown.code, `${thrown.message}${meant}`, hint)
  }
  if (!(thrown instanceof CommanderError) || !slips.includes(thrown.code) || below.length === 0)
    return withChoice(thrown)
  const [, flag] = /unknown option '(--?[A-Za-z-]+)/.exec(thrown.message) ?? []
  const knowing = below.filter(({ options }) => options.some(({ long, short }) => long === flag || short === flag))
  const byFlag = didYouMean(
    word,
    knowing.map((it) => it.name()),
  )
  const meant = byFlag === '' ? didYouMean(word, names) : byFlag
  // What takes a revision, too, says nothing of commands where the word is like none.
  const isCommand = group?.registeredArguments[0]?.name() === 'word' && word !== ''
  if (meant === '' && !isCommand) return thrown
  return new CountersignError('usage', `${name ?? ''} has no command ${JSON.stringify(word)}${meant}`)
}

/** What a word brings about that is no command below another one, where something stands behind it. */
const slips = ['commander.unknownOption', 'commander.excessArguments']

/** One of several words that an option or an argument takes. */
function withChoice(thrown: unknown): unknown {
  if (!(thrown instanceof CommanderError) || thrown.code !== 'commander.invalidArgument') return thrown
  const [, word = '', choices = ''] = /'([^']*)' is invalid.*Allowed choices are (.*)\.$/.exec(thrown.message) ?? []
  return new CommanderError(thrown.exitCode, thrown.code, `${thrown.message}${didYouMean(word, choices.split(', '))}`)
}
