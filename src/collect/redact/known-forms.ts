/**
 * Secrets by their form, beside those that secretlint's preset knows: private keys of every kind, tokens by what they begin with,
 * and whatever stands behind a name that says it is a secret. What is signed stays for ever, so this one would rather take out a
 * word too many.
 */
import { tokenMark, tokenStart } from '../../one-line.ts'
import { placesOf } from './form.ts'
import type { Form, Place } from './form.ts'
import { charactersOf, longRuns, runEnd, runStart } from './long-runs.ts'
import type { Characters } from './long-runs.ts'
import { namedValues } from './named-values.ts'

/** What tokens of services begin with; GitHub's and GitLab's are those of `tokenStart`. */
const beginnings = [
  ...['npm_', 'pypi-', 'rubygems_', 'dckr_[a-z]{2,5}_', 'xox[a-z][.-]', 'xapp-', 'AIza', 'ya29\\.', 'GOCSPX-'],
  ...[
    'sk-(?:ant|proj|svcacct|admin|or|lf)-',
    '(?<![A-Za-z])(?:gsk|hf)_',
    'ABSK',
    '[rs]k_(?:live|test)_',
    'whsec_',
    'shp[a-z]{2}_',
  ],
  ...[
    'lin_api_',
    'ntn_',
    'figd_',
    'glc_',
    'glsa_',
    'ops_eyJ',
    'hv[sbr]\\.',
    'vc[a-z]_',
    'dapi',
    'cf(?:k|ut|at)_',
    'tskey-',
  ],
  ...[
    'SG\\.',
    'do[opr]_v1_',
    'NRAK-',
    'PMAK-',
    'ATATT',
    'ATCTT',
    'AKCp',
    'cmVmdGtu',
    'sbp_',
    'pscale_',
    'pul-',
    'nfp_',
  ],
  ...['xkeysib-', 'sq0[a-z]{3}-', 'bkua_', 'CCIPAT_', 'LTAI', 'EAAG', 'rdme_', 'sntry[a-z]_', 'phc_'],
].join('|')

/** The same of those that are short, or like words: nothing stands in front, and what follows is one run. */
const strictBeginnings = [
  ...[
    'xai-',
    'pplx-',
    'r8_',
    'HRKU-',
    'sq[apu]_',
    'dp\\.(?:st|pt|ct|sa|scim|audit)\\.(?:[a-z0-9_-]{2,35}\\.)?',
    'fm[12]_',
    'fo1_',
    'rnd_',
  ],
  ...[
    'bkct_',
    'bkaj_',
    'sk-',
    'fw_',
    'tgp_v1_',
    'nvapi-',
    'csk-',
    'jina_',
    'tvly-',
    'e2b_',
    'lsv2_[a-z]{2}_',
    'phx_',
    'mlsn\\.',
  ],
  ...[
    'tfp_',
    'napi_',
    'sb_secret_',
    'rpa_',
    'apify_api_',
    'nf[bcou]_',
    'oy2',
    'CLOJARS_',
    'waka_',
    'sgp_',
    'ATBB',
    'GR1348941',
  ],
].join('|')

const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
const word = `${letters}0123456789_`
/** What tokens with such beginnings are made of, the beginnings too. */
const ofTokens = charactersOf(`${word}.+/=~-`)
/** Characters of the shortest: a beginning of three, and what follows. */
const shortestToken = 19
const begins = new RegExp(`${beginnings}|(?<![A-Za-z0-9])(?:${strictBeginnings})`)

/** Whether a run of the text is long enough, and has a digit and a beginning: few have all of it. */
function mayHoldToken(text: string): boolean {
  for (const [from, to] of longRuns(text, ofTokens, shortestToken)) {
    const run = text.slice(from, to)
    if (/\d/.test(run) && begins.test(run)) return true
  }
  return false
}

/** Those that {@link mayHoldToken} tells. */
export const tokenForms: readonly Form[] = [
  {
    pattern: new RegExp(`(?:${beginnings})[\\w.+/=~-]{16,}`, 'dg'),
    isSecret: (secret) => /\d/.test(secret.slice(4)),
  },
  {
    pattern: new RegExp(`(?<![A-Za-z0-9])(?:${strictBeginnings})[A-Za-z0-9_+/=-]{20,}`, 'dg'),
    isSecret: (it) => /\d/.test(it.slice(4)),
  },
]

/** Exported for the test that holds the fast search against a plain one. */
export const forms: readonly Form[] = [
  // To its end, or to that of the text: a key that was cut is one too.
  {
    pattern:
      /-{4,5} ?BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY[\s\S]*?(?:-{4,5} ?END [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?(?: ?-{4,5})?|$(?![\s\S]))/dg,
  },
  { pattern: /PuTTY-User-Key-File-[\s\S]*/dg },
  // `-----BEGIN` once more in base64, and the beginning of a key of OpenSSH.
  { pattern: /(?:LS0tLS1CRUdJTi|b3BlbnNzaC1rZXktdjE)[\w+/=-]*/dg },
  { pattern: /AGE-(?:SECRET-KEY|PLUGIN)-[A-Z0-9-]{16,}/dgi },
  { pattern: /(?:A3T[A-Z0-9]|A(?:KI|GP|ID|RO|IP|NP|NV|SI|BI|CC)A)[A-Z0-9]{12,}/dg },
  { pattern: /\.atlasv1\.[\w=-]{32,}/dg },
  { pattern: /(?<![\w.-])sl\.[\w-]{0,4}\.?[\w-]{60,}/dg },
  { pattern: /(?<![A-Za-z0-9])cio[A-Za-z0-9]{32}(?![A-Za-z0-9])/dg, isSecret: (it) => /\d/.test(it) },
  { pattern: /[?&]code=([\w%+/=-]{30,})/dg },
  { pattern: /\d{8,10}:AA[\w-]{30,}/dg },
  { pattern: /(?:webhook\.office\.com|outlook\.office(?:365)?\.com)\/webhook\w{0,8}\/([^\s"'<>]+)/dgi },
  { pattern: /(?:hooks\.zapier\.com\/hooks\/catch|maker\.ifttt\.com\/trigger)\/([^\s"'<>]+)/dgi },
  {
    pattern:
      /(?:hooks\.slack\.com\/(?:services|workflows|triggers)|discord(?:app)?\.com\/api\/webhooks)\/([^\s"'<>]+)/dgi,
  },
  { pattern: /authorization\\*["']?\s*[:=]\s*\\*["']?([^\s"'][^"'\r\n]*)/dgi },
  { pattern: /(?:bearer|basic)(?:[ \t]|%20|\+)+([\w+/=.~-]{8,})/dgi, isSecret: isCredential },
  { pattern: /sig(?:nature)?=([^&\s"';]{16,})/dgi },
  // Of an address: `user:password@`, or a token alone in front of the `@`.
  { pattern: /:\/\/([^\s/?#@:"'<>]*:(?!\d{1,5}[/?#])[^\s"'<>]{1,256})@/dg },
  { pattern: /:\/\/([^\s/?#@:"'<>]{16,256})@/dg },
]

/** Where secrets of these forms stand in a text that the caller has bounded; places may overlap. */
export function knownForms(text: string): Place[] {
  return [...plainForms(text), ...encoded(text)]
}

const mostForms = [...forms, ...namedValues]

function plainForms(text: string): Place[] {
  const all = mayHoldToken(text) ? [...tokenForms, ...mostForms] : mostForms
  return [...all.flatMap((form) => placesOf(form, text)), ...tokens(text)]
}

/**
 * Text in base64 that holds a secret, on one line or broken into lines: the key of a service account, the configuration of a
 * client. What it would be without its encoding is looked at, so it does not matter how it begins.
 */
function encoded(text: string): Place[] {
  const places: Place[] = []
  let end = 0
  for (const [from] of longRuns(text, ofBase64, 32)) {
    // Within what was looked at as lines of another.
    if (from < end) continue
    encodedLines.lastIndex = from
    const [run = ''] = encodedLines.exec(text) ?? []
    end = from + run.length
    // As many characters as hold the 64 bytes, if they are on one line.
    if (isBinary(run.slice(0, 88))) continue
    const plain = Buffer.from(run, 'base64').toString('latin1')
    if (isControl.test(plain.slice(0, 64))) continue
    if (plainForms(plain).length > 0) places.push([from, end])
  }
  return places
}

const ofBase64 = charactersOf(`${word}+/-`)
const encodedLines = /[\w+/-]{32,}(?:\r?\n[ \t]{0,16}[\w+/-]{32,}){0,1000}(?:\r?\n[\w+/-]{1,76}(?==|\s|$))?={0,2}/y
const isControl = /[\0-\x08\x0e-\x1f]/

/** Pictures and digests are, and most of a transcript's base64 are these. */
function isBinary(start: string): boolean {
  return isControl.test(Buffer.from(start, 'base64').toString('latin1', 0, 64))
}

/** Prose has such words before others: "a bearer of news", "basic authentication". */
function isCredential(text: string): boolean {
  return (text.length >= 16 && /\d/.test(text)) || Buffer.from(text, 'base64').toString('utf8').includes(':')
}

/** Tokens that error messages are kept free of, and every JWT: base64url parts, the first of which is a JSON object. */
function tokens(text: string): Place[] {
  const places: Place[] = []
  for (const [from, to] of runsAround(tokenMark, text, ofMarked)) {
    const start = tokenStart(text.slice(from, to))
    if (start !== undefined) places.push([from + start, to])
  }
  for (const [from, to] of runsAround(headerMark, text, ofDotted)) {
    const parts = text.slice(from, to).split('.')
    const first = parts.findIndex((part, at) => at + 2 < parts.length && isHeader(part))
    if (first >= 0) places.push([from, to])
  }
  return places
}

const ofMarked = charactersOf(`${word}.=%-`)
const ofDotted = charactersOf(`${word}.-`)
/** In base64url the beginning of `{`, of a blank, and of a tab or line end; and two dots further on. */
const headerMark = /(?<![\w-])(?:e[w-z\d_-]|I[A-P]|C[Q-Za-v]|D[Q-Za-f])[\w-]*\.[\w-]*\./g

/** The runs in which a mark stands, each once. */
function* runsAround(
  mark: RegExp,
  text: string,
  within: Characters,
): Generator<readonly [number, number], void, undefined> {
  const search = new RegExp(mark)
  for (let found = search.exec(text); found !== null; found = search.exec(text)) {
    const to = runEnd(text, within, found.index)
    yield [runStart(text, within, found.index), to]
    search.lastIndex = to
  }
}

function isHeader(part: string): boolean {
  const json = Buffer.from(part, 'base64url').toString('utf8')
  return /^\s*\{/.test(json) && isJson(json)
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}
