/**
 * How a path of a machine is written: with either separator, escaped as often as texts lie in each other, percent-encoded, behind a drive or
 * what mounts one. Pure.
 */

/** Between two steps. */
const between = String.raw`(?:[\\/]+|%(?:25)*(?:2f|5c))`

/** The last separator by itself: in front of it stand those of `file://`. */
const lastSeparator = new RegExp(String.raw`(?:\\*/|\\+|%(?:25)*(?:2f|5c))$`, 'i')

/** Behind an escape a drive begins, behind another letter (`file:`) it does not. */
const drive = String.raw`(?<=^|[^A-Za-z0-9\\]|\\[nrt])[A-Za-z](?::|%(?:25)*3a|\|)`
const slash = String.raw`(?:\\*\/|%(?:25)*2f)`
// A disk of Windows as other systems have it.
const mountedDrive = String.raw`(?:${slash}(?:mnt|cygdrive|host_mnt))?${slash}[A-Za-z]`
const mounts = [
  mountedDrive,
  String.raw`[\\/]{2,}wsl(?:\$|\.localhost)${between}[\w.-]{1,64}`,
  // Where folders of people are kept on larger systems.
  String.raw`${slash}(?:var|usr|export|nfs|net|host|rootfs|private)`,
  String.raw`${slash}System${slash}Volumes${slash}Data`,
  String.raw`${slash}(?:mnt|Volumes|data|nfs|export)${slash}[\w.-]{1,64}`,
]
const rootBefore = new RegExp(`(?:${drive}|${mounts.join('|')})${between}$`, 'i')
const driveBefore = new RegExp(`^(?:${drive}|${mountedDrive})${between}$`, 'i')
const runBefore = new RegExp(`${between}$`, 'i')

/** Of what stands before the first step; longer than any of it. */
const longestRoot = 120

/** Behind these begins what is written as it is. */
const ahead: ReadonlySet<number> = new Set(Array.from('" \n\t\'`=(,[{<>', (it) => it.charCodeAt(0)))

export interface PathRoot {
  /** Where the path begins. */
  readonly start: number
  /** As its steps are parted. */
  readonly separator: string
  readonly hasDrive: boolean
}

/** The root of the path whose first step begins at a place; undefined where none does. */
export function rootAt(text: string, step: number): PathRoot | undefined {
  const last = text.charAt(step - 1)
  // Nearly all stand so: a search takes long where each row of a transcript has some.
  if (last === '/' && ahead.has(text.charCodeAt(step - 2))) return { start: step - 1, separator: '/', hasDrive: false }
  // `/`, `\`, or the last digit of `%2F` and `%5C`.
  if (!/[\\/fFcC]/.test(last)) return undefined
  const before = text.slice(Math.max(0, step - longestRoot), step)
  const separator = lastSeparator.exec(before)?.[0]
  if (separator === undefined) return undefined
  for (const [root] of [rootBefore.exec(before) ?? [], runBefore.exec(before) ?? []]) {
    const length = root === undefined ? undefined : lengthOfRoot(before, root, separator)
    if (root !== undefined && length !== undefined) {
      return { start: step - length, separator, hasDrive: driveBefore.test(root) }
    }
  }
  return undefined
}

/** Undefined where something stands before it that goes on. */
function lengthOfRoot(before: string, root: string, separator: string): number | undefined {
  const front = before.slice(0, -root.length)
  const run = /^[\\/]*/.exec(root)?.[0].length ?? 0
  if (front.endsWith(':') && run > separator.length) {
    // Of an address only that of a file is a path from its first step on.
    return /file:$/i.test(front) ? root.length - run + separator.length : undefined
  }
  if (run > 0 && /[\\/]$/.test(front)) return /file:(?:\\*\/)+$/i.test(front) ? root.length : undefined
  if (!isStart(front)) return undefined
  // `file:///C:/a`: the slash is one of the address.
  return root.length + (run === 0 ? (/file:(?:\\*\/){2}(\\*\/)$/i.exec(front)?.[1]?.length ?? 0) : 0)
}

/** Behind such a word a path has begun already, and goes on. */
const goesOn = /[\p{L}\p{N}_.~%)\]}$@+-]$/u
/** An escape of JSON, of an address, of colours; an option that its value is joined to; an address of another machine. */
const isNoWord =
  /(?:\\[nrtbfv]|\\u[0-9a-f]{4}|%[0-9a-f]{2}|(?:\x1b|\\u001b|\\x1b|\\e|\\033)\[[\d;]{0,12}[a-z]|(?:^|[\s"'`=,([{\\])-{1,2}[a-z]|(?:ssh|sftp|rsync|smb|nfs|vscode-remote|vscode-vfs):[\\/]{2,}[^\s"'\\/]{1,80})$/i

function isStart(front: string): boolean {
  return !goesOn.test(front) || isNoWord.test(front)
}

/** Behind a step that ends there the same one does not go on. */
const stepEnds = String.raw`(?![\p{L}\p{N}_-]|\.[\p{L}\p{N}_]|\\+u00[c-f])`

/** A pattern of steps one after another, as many as stand there; each is a group. `separator` as it is written. */
export function stepsPattern(steps: readonly string[], separator: string, ignoresCase: boolean): RegExp {
  const between = plain(separator)
  const nested = steps.reduceRight((rest, step, at) => {
    const own = `(${Array.from(step, writings).join('')})${stepEnds}${rest}`
    return at === 0 ? own : `(?:${between}${own})?`
  }, '')
  return new RegExp(nested, ignoresCase ? 'iyu' : 'yu')
}

function writings(character: string): string {
  if (/^\w$/.test(character)) return character
  const encoded = Array.from(Buffer.from(character), (it) => `%(?:25)*${hex(it, 2)}`).join('')
  const escaped = Array.from({ length: character.length }, (_, at) => {
    return String.raw`\\+u${hex(character.charCodeAt(at), 4)}`
  }).join('')
  return `(?:${plain(character)}|${encoded}|${escaped})`
}

/** In either case. */
function hex(value: number, digits: number): string {
  const lower = value.toString(16).padStart(digits, '0')
  return lower.replace(/[a-f]/g, (it) => `[${it}${it.toUpperCase()}]`)
}

function plain(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\/]/g, String.raw`\$&`)
}

/** The name of a person as a step: its separator, and the name. Only one of Windows has blanks in it, and ends with a separator then. */
export const nameStep = new RegExp(
  String.raw`(${between})(?:([^\s\\/"'<>|:*?;,%\p{Cc}]{1,32}(?: [^\s\\/"'<>|:*?;,%\p{Cc}]{1,32}){1,3})(?=\\)|` +
    String.raw`((?:[^\s\\/"'\u0060<>|:*?;,(){}[\]$&!#=%\u2026\p{Cc}]|\\+u00[0-9a-f]{2}|%(?!(?:25)*(?:2f|5c|20|22|27|3a|0a))[0-9a-f]{2}){1,64}))`,
  'iyu',
)
