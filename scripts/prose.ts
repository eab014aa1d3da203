/**
 * Plain English: no sentence over thirty words and none of the phrases that docs/style.md lists, in what a user reads first. Prints each place; exit 1
 * if there is one.
 */
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const most = 30

export interface Fault {
  readonly file: string
  readonly line: number
  readonly fault: string
}

/** What is read: README and the pages a user is led to, and what the command prints as help. */
export const readFirst = [
  'README.md',
  'SECURITY.md',
  'CHANGELOG.md',
  'CONTRIBUTING.md',
  'docs/**/!(style).md',
  'test/cli/help*.txt',
]

export function refusedPhrases(style: string): readonly string[] {
  const list = style.slice(style.indexOf('<!-- phrases -->'))
  return [...list.matchAll(/^- (.+)$/gm)].map(([, phrase = '']) => phrase)
}

/** Each sentence of a page with the line on which its paragraph begins: paragraphs, items of lists and cells of tables each end one. */
export function sentencesOf(text: string): readonly (readonly [line: number, sentence: string])[] {
  const found: [number, string][] = []
  let open: { line: number; text: string } | undefined
  let isCode = false
  const close = (): void => {
    if (open !== undefined) {
      // A stop before a blank ends a sentence, and so do a colon and a semicolon; one within code does not.
      const sentences = open.text
        .replace(/`[^`]*`/g, (code) => code.replace(/[\s.:;!?]/g, '·'))
        .split(/(?<=[.!?:;])\s+/)
      for (const it of sentences) found.push([open.line, it])
    }
    open = undefined
  }
  for (const [at, line] of text.split('\n').entries()) {
    if (/^\s*```/.test(line)) isCode = !isCode
    const isApart = isCode || /^\s*(?:```|#|<!--|\|?\s*:?-{3})/.test(line)
    if (isApart || line.trim() === '' || /^\s*(?:[-*]|\d+\.)\s/.test(line) || line.startsWith('|')) close()
    if (isApart || line.trim() === '') continue
    if (line.startsWith('|')) {
      for (const cell of line.split(/(?<!\\)\|/)) {
        open = { line: at + 1, text: cell.trim() }
        close()
      }
    } else if (open === undefined) open = { line: at + 1, text: line.trim().replace(/^(?:[-*>]|\d+\.)\s+/, '') }
    else open.text += ` ${line.trim()}`
  }
  close()
  return found.filter(([, it]) => it !== '')
}

/**
 * What the command prints as help, as a page: an option, a command or an exit code is an item, its description a cell beside it. Command lines of
 * examples are code.
 */
export function pageOfHelp(help: string): string {
  const lines = help.split('\n').map((line) => {
    if (/^ {2}countersign /.test(line)) return ''
    const [, term, description] = /^ {2}(\S.*?)(?: {2,}(.*))?$/.exec(line) ?? []
    if (term === undefined) return line
    return description === undefined ? `- ${term}` : `- \`${term}\`: ${description}`
  })
  return lines.join('\n')
}

export function faultsIn(file: string, text: string, phrases: readonly string[]): readonly Fault[] {
  const refused = phrases.map((it) => ({
    it,
    pattern: new RegExp(`(?<![\\w-])${it.replace(/[/]/g, '\\/')}(?![\\w-])`, 'i'),
  }))
  const page = file.endsWith('.txt') ? pageOfHelp(text) : text
  return sentencesOf(page).flatMap(([line, sentence]) => {
    const words = sentence.split(/\s+/).filter((it) => /[A-Za-z]/.test(it)).length
    return [
      ...(words > most ? [{ file, line, fault: `${words} words: ${sentence.slice(0, 90)}…` }] : []),
      ...refused
        .filter(({ pattern }) => pattern.test(sentence))
        .map(({ it }) => ({ file, line, fault: `"${it}": ${sentence.slice(0, 90)}` })),
    ]
  })
}

if (import.meta.main) {
  const phrases = refusedPhrases(readFileSync(join(root, 'docs/style.md'), 'utf8'))
  const files = readFirst.flatMap((it) => globSync(it, { cwd: root })).toSorted()
  const faults = files.flatMap((file) => faultsIn(file, readFileSync(join(root, file), 'utf8'), phrases))
  for (const { file, line, fault } of faults) process.stdout.write(`${file}:${line} ${fault}\n`)
  process.stdout.write(`${files.length} pages, ${faults.length} ${faults.length === 1 ? 'place' : 'places'} to mend\n`)
  if (faults.length > 0) process.exitCode = 1
}
