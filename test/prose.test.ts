/** What counts as a sentence of a page, and which of them are found: a check that reads pages wrongly lets hard ones through. */
import { describe, expect, it } from 'vitest'
import { faultsIn, pageOfHelp, refusedPhrases, sentencesOf } from '../scripts/prose.ts'

const words = (count: number): string => Array.from({ length: count }, () => 'word').join(' ')
const texts = (page: string): string[] => sentencesOf(page).map(([, sentence]) => sentence)
const faults = (page: string, phrases: readonly string[] = [], file = 'page.md'): string[] =>
  faultsIn(file, page, phrases).map(({ line, fault }) => `${line} ${fault.replace(/:.*/s, '')}`)

describe('sentences of a page', () => {
  it('go on over the ends of lines, and stand at the line on which their paragraph begins', () => {
    expect(sentencesOf('# Title\n\nOne goes\non here. Two\nends.\n\nThree.')).toEqual([
      [3, 'One goes on here.'],
      [3, 'Two ends.'],
      [7, 'Three.'],
    ])
  })

  it('end at a stop, a colon and a semicolon before a blank, and not within a version or a file name', () => {
    expect(texts('What is it? It is this: one; two! Node 24.15.0 reads a.json')).toEqual([
      'What is it?',
      'It is this:',
      'one;',
      'two!',
      'Node 24.15.0 reads a.json',
    ])
  })

  it('are one each in items of lists and cells of tables', () => {
    expect(texts('- one\n  and on\n- two\n1. three\n\n> said')).toEqual(['one and on', 'two', 'three', 'said'])
    expect(texts('| a | b |\n| --- | :-: |\n| one \\| two | three |')).toEqual(['a', 'b', 'one \\| two', 'three'])
  })

  it('are none in code, headings and comments', () => {
    expect(texts(`# ${words(40)}\n<!-- ${words(40)} -->\n\`\`\`sh\n${words(40)}\n\nmore\n\`\`\`\nend`)).toEqual(['end'])
  })

  it('have code in their lines as one word, whatever stops and blanks it holds', () => {
    expect(texts('Say `countersign verify. Now; or: later` first.')).toEqual([
      'Say `countersign·verify··Now··or··later` first.',
    ])
  })
})

describe('what is found', () => {
  it('is a sentence of 31 words and not one of 30', () => {
    expect(faults(`${words(30)}.`)).toEqual([])
    expect(faults(`${words(31)}.`)).toEqual(['1 31 words'])
    expect(faults(`${words(20)}\n${words(11)}.`)).toEqual(['1 31 words'])
    expect(faults(`${words(20)}. ${words(11)}.`)).toEqual([])
    expect(faults(`| ${words(31)} | ${words(30)} |`)).toEqual(['1 31 words'])
  })

  it('counts neither numbers nor signs as words', () => {
    expect(faults(`${words(30)} 1,024 – 4.`)).toEqual([])
  })

  it('is a refused phrase in any letter case, as whole words, also over the end of a line', () => {
    const phrases = ['is none', 'whoever', 'and/or']
    expect(faults('Whoever reads.', phrases)).toEqual(['1 "whoever"'])
    expect(faults('This is\nnone. One and/or two.', phrases)).toEqual(['1 "is none"', '1 "and/or"'])
    expect(faults('It is nonetheless this-is none-such.', phrases)).toEqual([])
    expect(faults('Write `whoever reads`.', ['whoever reads'])).toEqual([])
  })

  it('is what the page of style lists below its mark', () => {
    expect(refusedPhrases('- not this\n\n<!-- phrases -->\n\n- is none\n- by whom\n')).toEqual(['is none', 'by whom'])
  })
})

describe('help', () => {
  const help = [
    'Options:',
    '  -o, --out <PATH>  write it there,',
    '                    as a whole',
    '  --overwrite       replace it',
    '',
    'Examples:',
    '  # a bundle',
    `  countersign inspect ${words(40)}`,
    '',
    'Exit codes:',
    '  0  shown',
    '  2  the command line is wrong',
  ].join('\n')

  it('has a sentence for each option, example and exit code', () => {
    const said = texts(pageOfHelp(help)).filter((it) => !it.startsWith('`'))
    expect(said).toEqual([
      'Options:',
      'write it there, as a whole',
      'replace it',
      'Examples:',
      '# a bundle',
      'Exit codes:',
      'shown',
      'the command line is wrong',
    ])
  })

  it('is read as help where the file is a transcript', () => {
    expect(faults(help, [], 'help.txt')).toEqual([])
    expect(faults(`  --out  ${words(20)}\n         ${words(11)}`, [], 'help.txt')).toEqual(['1 31 words'])
  })
})
