/** Asking the person who commits, where the team wants that: on the terminal itself, since git gives hooks no input. */
import { closeSync, openSync, readSync, writeSync } from 'node:fs'
import { noneTrailer, sessionOfText, trailersOf } from './session-name.ts'
import type { SessionTrailers } from './session-name.ts'

const terminal = '/dev/tty'
const mostCharacters = 512

/** What was answered; nothing where there is no terminal, or no answer that says anything. */
export function askForSession(): SessionTrailers[] {
  let tty: number | undefined
  try {
    tty = openSync(terminal, 'r+')
    writeSync(tty, 'countersign: which AI session took part? TOOL:ID, "none REASON", or Enter to leave it open: ')
    const answer = readLine(tty).trim()
    const trailers = answerOf(answer)
    if (trailers.length === 0 && answer !== '') writeSync(tty, 'countersign: that names no session; it is left open\n')
    return trailers
  } catch {
    return []
  } finally {
    if (tty !== undefined) closeSync(tty)
  }
}

/** `tool:id`, several with commas or blanks between them, or `none` and a reason. */
export function answerOf(answer: string): SessionTrailers[] {
  const reason = /^none\b[\s:,]*(.*)$/i.exec(answer)?.[1]
  if (reason !== undefined) return [noneTrailer(reason) ?? []].flat()
  const sessions = answer
    .split(/[\s,]+/)
    .filter((it) => it !== '')
    .map(sessionOfText)
  return sessions.every((it) => it !== undefined) ? sessions.map(trailersOf) : []
}

function readLine(file: number): string {
  const byte = Buffer.alloc(1)
  const bytes: number[] = []
  while (bytes.length < mostCharacters && readSync(file, byte) === 1 && byte[0] !== 0x0a) bytes.push(byte[0] ?? 0)
  return Buffer.from(bytes).toString('utf8')
}
