/** How git is asked for patches, and what stands between their lines. */

// Everything that a configuration or .gitattributes could change is said: which lines are added must depend on the two
// trees alone. --text: an attribute cannot hide a file as binary. --no-renames: similarity is a guess, a moved file is new.
export const diffArgs = [
  'diff-tree',
  '--stdin',
  '--always',
  '--root',
  '-r',
  '--patch',
  '--inter-hunk-context=0',
  '--no-renames',
  '--no-ext-diff',
  '--no-textconv',
  '--no-color',
  '--text',
  '--submodule=short',
  '--diff-algorithm=myers',
  '--indent-heuristic',
  '--src-prefix=a/',
  '--dst-prefix=b/',
]

/** A header line is a path and little else; PATH_MAX is 4,096 and each byte can take four characters. */
export const headerBytes = 32_768

/** A hunk whose lines are being read: what is left of each side, and the columns of the current line. */
export interface Hunk {
  readonly oldLines: number[]
  newLines: number
  /** Number of the next line on the new side, and how many lines right before it were added. */
  line: number
  run: number
}

export function isDone(hunk: Hunk): boolean {
  return hunk.newLines <= 0 && hunk.oldLines.every((lines) => lines <= 0)
}

/** `@@ -1,2 +3 @@`, and for n parents `@@@ -1,2 -1 +3,4 @@@` with one more `@` each. */
export function hunkOf(line: string): Hunk | undefined {
  const sides = /^(@@+)((?: -\d+(?:,\d+)?)+) \+(\d+)(?:,(\d+))? @@/.exec(line)
  if (sides === null) return undefined
  const oldLines = (sides[2] ?? '')
    .trim()
    .split(' ')
    .map((side) => Number(side.split(',')[1] ?? 1))
  return { oldLines, newLines: Number(sides[4] ?? 1), line: Number(sides[3]), run: 0 }
}
