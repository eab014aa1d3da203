/**
 * Secrets by their form, beside those that secretlint's preset knows: private keys of every kind, tokens by what they begin with,
 * and whatever stands behind a name that says it is a secret. What is signed stays for ever, so this one would rather take out a
 * word too many.
 */
import { tokenStart } from '../../one-line.ts'

/** From, to: places in the text. */
export type Place = readonly [number, number]

interface Form {
  /** With the flags `dg`; the secret is its group, or the whole. Each begins with text that makes its search a linear one. */
  readonly pattern: RegExp
  readonly isSecret?: (secret: string, match: readonly (string | undefined)[]) => boolean
}

const keyNames = 'api|access|account|auth|encryption|license|master|private|shared|signing|storage'
const secretName = String.raw`(passw(?:or)?d|passphrase|pwd|secret|token|credential|_auth|(?:${keyNames})[_.-]?key)[\w.-]{0,64}`

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

const forms: readonly Form[] = [
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
  { pattern: new RegExp(`(?:${beginnings})[\\w.+/=~-]{16,}`, 'dg'), isSecret: (secret) => /\d/.test(secret.slice(4)) },
  { pattern: /\d{8,10}:AA[\w-]{30,}/dg },
  { pattern: /(?:hooks\.slack\.com\/services|discord(?:app)?\.com\/api\/webhooks)\/([^\s"'<>]+)/dgi },
  { pattern: /authorization\\*["']?\s*[:=]\s*\\*["']?([^\s"'][^"'\r\n]*)/dgi },
  { pattern: /(?:bearer|basic)(?:[ \t]|%20|\+)+([\w+/=.~-]{8,})/dgi, isSecret: isCredential },
  { pattern: /sig(?:nature)?=([^&\s"';]{16,})/dgi },
  // Of an address: `user:password@`, or a token alone in front of the `@`.
  { pattern: /:\/\/([^\s/?#@:"'<>]*:(?!\d{1,5}[/?#])[^\s"'<>]{1,256})@/dg },
  { pattern: /:\/\/([^\s/?#@:"'<>]{16,256})@/dg },
  {
    pattern: new RegExp(
      String.raw`${secretName}\\*["']?\s*(:=|=>|[:=])\s*\\*(?:"((?:[^"\\]|\\.)*)"?|'([^']*)'?|(\S+))`,
      'dgi',
    ),
    isSecret: isAssigned,
  },
]

/** Where secrets of these forms stand in a text that the caller has bounded; places may overlap. */
export function knownForms(text: string): Place[] {
  return [...forms.flatMap((form) => placesOf(form, text)), ...tokens(text)]
}

function placesOf({ pattern, isSecret }: Form, text: string): Place[] {
  const places: Place[] = []
  const search = new RegExp(pattern)
  for (let found = search.exec(text); found !== null; found = search.exec(text)) {
    const groups = (found.indices ?? []).filter((it) => it !== undefined)
    const place = groups.at(-1)
    if (place === undefined) continue
    const [from, to] = place
    if (isSecret?.(text.slice(from, to), found) === false) {
      // Behind a name that is none there may be another: `secret: password=…`.
      if (groups.length > 1) search.lastIndex = from
    } else if (to > from) places.push([from, to])
  }
  return places
}

/** Prose has such words before others: "a bearer of news", "basic authentication". */
function isCredential(text: string): boolean {
  return (text.length >= 16 && /\d/.test(text)) || Buffer.from(text, 'base64').toString('utf8').includes(':')
}

/** A value, and neither prose behind a colon nor a variable that holds it elsewhere. */
function isAssigned(value: string, [, name = '', sign = '', ...quoted]: readonly (string | undefined)[]): boolean {
  if (value.length < 4 || /^\$(?:\w+|\{[^}]*\})$/.test(value)) return false
  const isWritten = sign !== ':' || quoted[0] !== undefined || quoted[1] !== undefined
  return isWritten || /^p/i.test(name) || /\d/.test(value) || value.length >= 20
}

/** Tokens that error messages are kept free of, and every JWT: base64url parts, the first of which is a JSON object. */
function tokens(text: string): Place[] {
  const places: Place[] = []
  for (const { 0: run, index } of text.matchAll(/[\w.=%-]+/g)) {
    const start = tokenStart(run)
    if (start !== undefined) places.push([index + start, index + run.length])
  }
  for (const { 0: run, index } of text.matchAll(/[\w.-]+/g)) {
    const parts = run.split('.')
    const first = parts.findIndex((part, at) => at + 2 < parts.length && isHeader(part))
    if (first >= 0) places.push([index, index + run.length])
  }
  return places
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
