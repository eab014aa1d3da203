/**
 * Where JSON documents that follow each other begin and end: a line each, or printed over many lines, or with nothing between
 * them. Only brackets and strings are looked at; whether what is cut out is JSON is for `parseJson`.
 *
 * A document that is broken must not take the others with it. No string goes over the end of a line, and no printer puts a
 * bracket that opens into the first column of a line but where a document begins: so it begins there, whatever is still open.
 */

/** Told of each document in turn: bytes from `start` to before `end` of the whole text, and the line of `start`, from 1. */
export type DocumentVisit = (start: number, end: number, line: number) => void

/** Takes a text in pieces. What begins with no bracket ends with its line, and so does what has anything behind it there. */
export interface DocumentCutter {
  readonly push: (piece: Uint8Array) => void
  /** The text has ended. */
  readonly end: () => void
  /** Where the document begins that has not ended, and its line; undefined between documents. */
  readonly open: () => { readonly start: number; readonly line: number } | undefined
}

type State = 'between' | 'inside' | 'string' | 'escape' | 'after' | 'text'

const lineFeed = 0x0a
const quote = 0x22
const backslash = 0x5c

export function newDocumentCutter(visit: DocumentVisit): DocumentCutter {
  let state: State = 'between'
  let position = 0
  let line = 1
  let depth = 0
  let isFirstColumn = true
  let start = 0
  let startLine = 1
  let balanced = 0 // behind the bracket that closed the document

  function begin(at: number, next: State): void {
    start = at
    startLine = line
    depth = next === 'inside' ? 1 : 0
    state = next
  }

  function finish(end: number): void {
    state = 'between'
    visit(start, end, startLine)
  }

  function endLine(at: number): void {
    if (state === 'text') finish(at)
    else if (state === 'after') finish(balanced)
    else state = 'inside'
    line += 1
    isFirstColumn = true
  }

  function take(byte: number, at: number): void {
    const opens = byte === 0x7b || byte === 0x5b // { [
    switch (state) {
      case 'between':
        begin(at, opens ? 'inside' : 'text')
        break
      case 'inside':
        if (opens && isFirstColumn) {
          finish(at)
          begin(at, 'inside')
        } else if (opens) depth += 1
        else if (byte === quote) state = 'string'
        else if (byte === 0x7d || byte === 0x5d) {
          depth -= 1
          if (depth === 0) {
            balanced = at + 1
            state = 'after'
          }
        }
        break
      case 'string':
        if (byte === quote) state = 'inside'
        else if (byte === backslash) state = 'escape'
        break
      case 'escape':
        state = 'string'
        break
      case 'after':
        if (opens) {
          finish(balanced)
          begin(at, 'inside')
        } else if (!isBlank(byte)) state = 'text'
        break
      case 'text':
        break
    }
  }

  return {
    push(piece) {
      for (let index = 0; index < piece.length; index += 1) {
        if (state === 'string') index = endOfPlain(piece, index)
        else if (state === 'between') {
          const blank = blankFrom(piece, index)
          index = blank.end
          line += blank.lines
        }
        const byte = piece[index]
        if (byte === lineFeed) endLine(position + index)
        else if (byte !== undefined) {
          take(byte, position + index)
          isFirstColumn &&= isOfMark(byte)
        }
      }
      position += piece.length
    },
    end() {
      if (state !== 'between') finish(state === 'after' ? balanced : position)
    },
    open: () => (state === 'between' ? undefined : { start, line: startLine }),
  }
}

/** Most of a bundle is base64, of which nothing means anything here. */
function endOfPlain(piece: Uint8Array, from: number): number {
  for (let at = from; at < piece.length; at += 1) {
    const byte = piece[at]
    if (byte === quote || byte === backslash || byte === lineFeed) return at
  }
  return piece.length
}

function isBlank(byte: number): boolean {
  return byte <= 0x20 || isOfMark(byte)
}

/** A byte order mark is no part of any document, also where files that begin with one were put together; no document begins with a part of it. */
function isOfMark(byte: number): boolean {
  return byte === 0xef || byte === 0xbb || byte === 0xbf
}

/** Blanks and control characters, of which a file may hold very many between its documents. */
function blankFrom(piece: Uint8Array, from: number): { readonly end: number; readonly lines: number } {
  let lines = 0
  for (let at = from; at < piece.length; at += 1) {
    const byte = piece[at] ?? 0
    if (!isBlank(byte)) return { end: at, lines }
    if (byte === lineFeed) lines += 1
  }
  return { end: piece.length, lines }
}
