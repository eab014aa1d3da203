/**
 * Text from outside, made fit to be shown: whatever stands in a commit message, a file name, a certificate or the answer of a
 * service, it steers neither a terminal nor the log of a CI job.
 */

// Controls (C0, C1), format characters (direction, joiners, tags), line and paragraph separators, and whatever else is ignored by
// default when it is shown: it hides what stands beside it (Trojan Source, CVE-2021-42574; UAX #44).
const unseenClass = String.raw`\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}`
const unseen = new RegExp(`[${unseenClass}]`, 'u')
const allUnseen = new RegExp(`[${unseenClass}]`, 'gu')
const runsOfUnseen = new RegExp(`[${unseenClass}]+`, 'gu')

// Anywhere in a line: `##[command]` (GitHub Actions, Azure Pipelines), `##vso[command]` (Azure Pipelines), `##teamcity[command]`.
const markedCommand = /##(?=[a-z]*\[)/gi

/** Whether text holds a character that cannot be seen, or that makes other text look different than it is. */
export function holdsUnseen(text: string): boolean {
  return unseen.test(text)
}

/**
 * The same text on one line, of any length, in which nothing is a control character or a command of a CI log. GitHub Actions
 * takes `::command::` where a line begins.
 *
 * @example
 * ```ts
 * import { unsteering } from 'countersign/report'
 *
 * console.log(unsteering('dist/x\n::stop-commands::pwn')) // dist/x ::stop-commands::pwn
 * ```
 */
export function unsteering(text: string): string {
  return text.replace(runsOfUnseen, ' ').replace(markedCommand, '# #').trim().replace(/^::/, ': :')
}

/**
 * JSON text that says the same, without any of that: in JSON an escape is the same value.
 *
 * @example
 * ```ts
 * import { unsteeringJson } from 'countersign/report'
 *
 * console.log(unsteeringJson('{"name":"##[group]x"}')) // {"name":"#\u0023[group]x"}
 * ```
 */
export function unsteeringJson(json: string): string {
  return json.replace(allUnseen, escaped).replace(markedCommand, String.raw`#\u0023`)
}

function escaped(character: string): string {
  const units = Array.from({ length: character.length }, (_, at) => character.charCodeAt(at))
  return units.map((unit) => `\\u${unit.toString(16).padStart(4, '0')}`).join('')
}

/**
 * Text from outside made fit for one line of output: no control characters, no command of a CI log, nothing that has the shape
 * of a JWT (@sigstore/sign puts the whole OIDC token into an error message), at most 2,000 characters.
 *
 * @example
 * ```ts
 * import { oneLine } from 'countersign/report'
 *
 * console.log(oneLine('a subject\u001b[31m\nin a certificate')) // a subject [31m in a certificate
 * ```
 */
export function oneLine(text: string): string {
  // What cannot be seen is gone first: it could stand within a token.
  const plain = unsteering(text.slice(0, 20_000))
  // Once more, because our own words in the place of a token begin with a bracket, which makes a command of `##`.
  const line = unsteering(plain.replace(/[A-Za-z0-9_.=%-]+/g, withoutToken))
  const more = Math.max(line.length, text.length) - 2_000
  return line.length > 2_000 ? `${line.slice(0, 2_000)}… and ${more} more characters` : line
}

function withoutToken(run: string): string {
  const start = tokenStart(run)
  return start === undefined ? run : `${run.slice(0, start)}[token removed]`
}

/** What tokens of GitHub and GitLab begin with. */
const forgeToken =
  /(?:gh[pousr]_|github_pat_|gl(?:pat|ptt|dt|rtr?|cbt|ft|imt|agent|wt|soat|ffct)-|gloas-)[A-Za-z0-9_-]{16,}/

/**
 * Where a token begins that ends with its run of letters, digits and `_.=%-`. A JWT's header is JSON, so its base64url begins with
 * eyJ, and a dot ends it. By two searches of the run that it stands in: an expression that looks for its parts begins anew at each
 * eyJ, which takes a quadratic time.
 */
export function tokenStart(run: string): number | undefined {
  const forge = forgeToken.exec(run)
  if (forge !== null) return forge.index
  const start = run.indexOf('eyJ')
  const end = Math.max(run.lastIndexOf('.'), run.toLowerCase().lastIndexOf('%2e'))
  return start >= 0 && end - start >= 8 ? start : undefined
}
