/**
 * Values that stand behind a name which says that they are secrets: `DB_PASSWORD=…`, `--token …`, `<password>…</password>`,
 * `{"name":"DB_PASS","value":"…"}`, `login … password …`, `-u user:…`. The value goes whole: in quotes to its end, in YAML as
 * the block that it is, and of a password to the end of its line, for passphrases have blanks.
 */
import type { Form, Place } from './form.ts'
import type { Words } from './word-places.ts'

const keyNames = 'api|access|account|auth|encryption|license|master|private|shared|signing|storage'
const keyWords = keyNames.split('|').flatMap((name) => ['', '_', '.', '-'].map((sign) => `${name}${sign}key`))
const passwords = ['password', 'passwd', 'passphrase']
const secretName = String.raw`(passw(?:or)?d|passphrase|pwd|secret|token|credential|_auth|(?:${keyNames})[_.-]?key)[\w.-]{0,64}`
/** What a name ends with that is just this: `--password-stdin` and `token-file` are none. */
const lastWord = String.raw`(?:passw(?:or)?d|passphrase|pwd|(?<![A-Za-z])pass|(?:key|store|db|user)pass|secret|token|credentials?|(?:${keyNames})[_.-]?key)\d{0,2}(?![\w-])`
/** What the two begin with. */
const secretWords = anyCase([...passwords, 'pwd', 'secret', 'token', 'credential', '_auth', ...keyWords])
const lastWords = anyCase([
  ...[...passwords, 'pwd', 'pass', 'keypass', 'storepass', 'dbpass', 'userpass', 'secret', 'token', 'credential'],
  ...keyWords,
])
const passwordWords = anyCase(passwords)

function anyCase(words: readonly string[]): Words {
  return { words, anyCase: true }
}

/** Of a word only so much, because many a name in front of one may be none; where it is one, `reach` finds the end. */
const quotedOrWord = String.raw`(?:"((?:[^"\\]|\\.)*)"?|'([^']*)'?|(\S{1,256}))`
/** Three quotes are one: Python and TOML. */
const assignment = String.raw`\\*["']?\s*(:=|=>|[:=])\s*\\*(?:""(?=")|''(?='))?${quotedOrWord}`

const valueBehind = String.raw`\\{0,8}["']?\s{0,64},?\s{0,64}\\{0,8}["']?value\\{0,8}["']?\s{0,16}`

export const namedValues: readonly Form[] = [
  // A block of YAML: `password: |`, and the lines that are indented below.
  {
    pattern: new RegExp(
      String.raw`${secretName}["']?[ \t]{0,16}:[ \t]{0,16}[|>][-+\d]{0,2}[ \t]{0,16}\r?\n([ \t]+[^\r\n]*(?:\r?\n[ \t]+[^\r\n]*)*)`,
      'dgi',
    ),
    words: secretWords,
  },
  {
    pattern: new RegExp(secretName + assignment, 'dgi'),
    words: secretWords,
    isSecret: isAssigned,
    reach: reachOfPassword,
  },
  // `DB_PASS`, `dbPass`, `pass=`; letters of other words before it are none (`bypass`, `COMPASS`).
  {
    pattern: new RegExp(String.raw`((?<![A-Za-z])pass|(?<![A-Z])PASS|(?<=[a-z])Pass)\d{0,2}${assignment}`, 'dg'),
    words: { words: ['pass', 'PASS', 'Pass'] },
    isSecret: isAssigned,
    reach: reachOfPassword,
  },
  {
    pattern: new RegExp(
      String.raw`(?<![\w-])--?(?!-?(?:no|without|skip)-)[\w.-]{0,48}?${lastWord}[ \t]{1,16}(?!-)${quotedOrWord}`,
      'dgi',
    ),
    words: lastWords,
    begins: optionsBefore,
    isSecret: isGiven,
    reach: endOfWord,
  },
  {
    pattern: new RegExp(
      String.raw`<(?:[\w-]{1,32}:)?[\w.-]{0,48}?${lastWord}(?:[ \t][^<>]{0,256})?>\s{0,64}(?:<!\[CDATA\[)?([^<>\s][^<>]*)(?=<\/|>)`,
      'dgi',
    ),
    words: lastWords,
    begins: elementBefore,
    isSecret: isValue,
  },
  // As a property list of Apple has it.
  {
    pattern: new RegExp(String.raw`${lastWord}</key>\s{0,64}<string>([^<>]+)`, 'dgi'),
    words: lastWords,
    isSecret: isValue,
  },
  // Name and value apart: NuGet, Kubernetes, task definitions.
  {
    pattern: new RegExp(
      String.raw`(${lastWord})${valueBehind}([:=])\s{0,16}\\{0,8}(?:"((?:[^"\\]|\\.)*)"?|'([^']*)'?|([^\s,}]{1,256}))`,
      'dgi',
    ),
    words: lastWords,
    isSecret: isApart,
    reach: endOfWord,
  },
  // .netrc, on one line or on several.
  {
    pattern:
      /(?<!\w)(?:machine\s{1,16}\S{1,256}|default)\s{1,16}(?:(?:login|account)\s{1,16}\S{1,256}\s{1,16}){0,3}password\s{1,16}(\S+)/dgi,
    words: anyCase(['machine', 'default']),
  },
  {
    pattern: /(?<![\w-])(?:password|passwd|passphrase)[ \t]{1,8}(?:(?:is|was|to)[ \t]{1,8})?["'`]?([^\s"'`,;)]{6,})/dgi,
    words: passwordWords,
    isSecret: isSpoken,
  },
  {
    pattern:
      /(?<![\w-])(?:-u|-U|--user|--proxy-user)[ \t=]{0,8}["']?[^\s:"'/=]{1,128}:(?!\/\/|\d{1,6}(?![^\s"']))([^\s"']{1,256})/dg,
    words: { words: ['-u', '-U'] },
    // What may stand before these two characters: nothing, `-`, `--proxy`.
    begins: (_, at) => [at - 7, at - 1, at].filter((it) => it >= 0),
    isSecret: isValue,
  },
  {
    pattern: /(?<!\w)login\b[^\r\n|;&]{0,256}?[ \t]-p[ \t=]{0,8}["']?([^\s"']+)/dg,
    words: { words: ['login'] },
    isSecret: isValue,
  },
  {
    pattern: /(?<!\w)sshpass[ \t]{1,8}-p[ \t]{0,8}["']?([^\s"']+)/dg,
    words: { words: ['sshpass'] },
    isSecret: isValue,
  },
  {
    pattern: /(?<!\w)(?:mysql|mariadb)[\w-]{0,16}(?![\w-])[^\r\n|;&]{0,256}?[ \t]-p([^\s"']+)/dg,
    words: { words: ['mysql', 'mariadb'] },
    isSecret: isValue,
  },
  {
    pattern: /-pass(?:in|out)?[ \t]{1,8}["']?pass:([^\s"']+)/dgi,
    words: anyCase(['-pass']),
    isSecret: isValue,
  },
  {
    pattern: /:_(?:auth(?:Token)?|password)[ \t]{1,8}["']?([^\s"']+)/dgi,
    words: anyCase([':_auth', ':_password']),
    isSecret: isValue,
  },
  {
    pattern: /ConvertTo-SecureString[ \t]{1,8}(?:-String[ \t]{1,8})?["']?([^\s"'$-][^"'\r\n]*)/dgi,
    words: anyCase(['ConvertTo-SecureString']),
  },
  // In the configuration of Docker: a user and a password in base64.
  {
    pattern: /"auth\\*"\s{0,16}:\s{0,16}\\*"([\w+/=-]{8,})/dgi,
    words: anyCase(['"auth']),
    isSecret: (it) => Buffer.from(it, 'base64').toString('utf8').includes(':'),
  },
]

/** Where an option begins in whose name a word stands: as far before it as the form lets it be. */
function optionsBefore(text: string, at: number): number[] {
  const found: number[] = []
  for (let from = at - 1; from >= Math.max(0, at - 50) && /[\w.-]/.test(text.charAt(from)); from -= 1) {
    if (text.charAt(from) === '-' && !/[\w-]/.test(text.charAt(from - 1))) found.push(from)
  }
  return found
}

/** Where a start tag begins in whose name a word stands. */
function elementBefore(text: string, at: number): number[] {
  let from = at - 1
  while (from > Math.max(0, at - 82) && /[\w.:-]/.test(text.charAt(from))) from -= 1
  return text.charAt(from) === '<' ? [from] : []
}

/** What stands for a value that is elsewhere, or for none. */
function isPlaceholder(value: string): boolean {
  return (
    /^\$(?:\w+|\{[^}]*\}|\{\{[^}]*\}\})$/.test(value) ||
    /^(?:\$?\{\{[^{}]*(?:\}\})?|<[^<>]*>?|%\w+%|\*{3,}|\[redacted\]|[|>][-+\d]{0,2})$/.test(value) ||
    /^(?:true|false|yes|no|none|null|nil|on|off|undefined|required|optional|empty|unset|enabled|disabled)[,;.}\])]*$/i.test(
      value,
    )
  )
}

function isValue(value: string): boolean {
  return value !== '' && !isPlaceholder(value.trim())
}

/** A value, and neither prose behind a colon nor a variable that holds it elsewhere. */
function isAssigned(value: string, match: readonly (string | undefined)[]): boolean {
  const [whole = '', name = '', sign = '', ...quoted] = match
  // `Tokens: 5,244 sent`, `max_tokens: 4096`: what a model is paid by, not what opens a door.
  if (/tokens$/i.test(nameOf(whole, sign)) && /^\d[\d.,_]{0,15}[kKmM]?[,;)\]}]*$/.test(value)) return false
  // `isPassword = (it) => …`: a function.
  if (!isValue(value) || /^\(\w*\)$/.test(value)) return false
  const isWritten = sign !== ':' || quoted[0] !== undefined || quoted[1] !== undefined
  // "PASS: app.tgz" is told by tests.
  if (/^pass$/i.test(name) && !isWritten) return /[_-]$/.test(before(match)) && value.length >= 4
  if (isPassword(whole, sign)) return true
  if (value.length < 4) return false
  const isSuffixed = /^p\w*?(?:d|e)[a-z]/i.test(nameOf(whole, sign))
  return isWritten || (/^p/i.test(name) && !isSuffixed) || /\d/.test(value) || value.length >= 20
}

/** Prose has "the password value: …"; lists have it in quotes or on a line of its own. */
function isApart(value: string, [whole = '', , sign, ...quoted]: readonly (string | undefined)[]): boolean {
  const isWritten = sign !== ':' || quoted[0] !== undefined || quoted[1] !== undefined || whole.includes('\n')
  return isValue(value) && isWritten
}

function before(match: readonly (string | undefined)[]): string {
  const { index, input } = match as RegExpExecArray
  return input.slice(Math.max(0, index - 1), index)
}

function nameOf(whole: string, sign: string): string {
  return whole.slice(0, whole.indexOf(sign)).replace(/[\\"'\s]/g, '')
}

/** Named just so, without more words: `password_policy` is another thing. */
function isPassword(whole: string, sign: string): boolean {
  return /^(?:passw(?:or)?d|passphrase|pwd|pass)\d{0,2}$/i.test(nameOf(whole, sign))
}

/** Behind an option there may be prose: "use --password to log in". */
function isGiven(value: string): boolean {
  const isWord =
    /^(?:an?|and|are|as|be|by|can|file|flag|for|from|has|if|in|instead|is|must|not|of|on|option|or|should|so|stdin|that|the|to|was|when|which|with)[,;.:)]*$/i
  return isValue(value) && !isWord.test(value)
}

/** "password hunter2pass", and neither a version, an id, an address, a name with hyphens nor an algorithm. */
function isSpoken(word: string): boolean {
  const isMixed = /[A-Za-z]/.test(word) && /[\d!@$%^&*?]/.test(word.slice(0, -1))
  const isOther =
    /^v?\d+(?:\.\w+)+/i.test(word) ||
    /^[0-9a-f]{7,}$/i.test(word) ||
    /:\/\/|^[\w./-]+@\w+[.:]|^(?:sha|md)\d+|^\W*[#$<{%]/i.test(word) ||
    /^[A-Za-z]+(?:[-_/.:][A-Za-z0-9]+)+[.:!?]*$/.test(word) ||
    /^(?:argon2|pbkdf2|bcrypt|oauth2|base64|utf-?8|ntlmv|k8s|i18n|l10n)/i.test(word)
  return isMixed && !isOther && !isPlaceholder(word)
}

/** Where another thing begins on a line: an option, an assignment, an address, a digest, a version, the id of a commit. */
const another =
  /^(?:--?[A-Za-z]|&&|\|\|?$|;|>>?$|["']?[A-Za-z_][\w.-]{0,64}["']?=|\w{1,16}:\/\/|(?:sha\d{1,3}|md5):|[\w./:-]{1,200}@sha\d|v?\d+\.\d+\.\d|[0-9a-f]{40}$)/

function endOfWord(text: string, [from, to]: Place, match: readonly (string | undefined)[]): number {
  // The groups of a value in quotes stand before that of a word.
  if (match.at(-1) === undefined || to - from < 256) return to
  const end = /\s|$/g
  end.lastIndex = to
  return end.exec(text)?.index ?? to
}

/** To the end of the line, or to what is another thing; not where a bracket or a quote has ended the value. */
function reachOfPassword(text: string, place: Place, match: readonly (string | undefined)[]): number {
  const [from] = place
  const to = endOfWord(text, place, match)
  const [whole = '', , sign = '', ...quoted] = match
  const isQuoted = quoted[0] !== undefined || quoted[1] !== undefined
  if (isQuoted || !isPassword(whole, sign) || /["'`)\]}>]$/.test(text.slice(from, to))) return to
  // The value of an option is one word.
  const { index } = match as RegExpExecArray
  if (/(?:^|\s)--?[\w.-]*$/.test(text.slice(Math.max(0, index - 64), index))) return to
  let end = to
  const word = /[^\S\r\n]+(\S+)/y
  for (let isListed = /[,;]$/.test(text.slice(from, to)); ;) {
    word.lastIndex = end
    const [whole, next = ''] = word.exec(text) ?? []
    if (whole === undefined || another.test(next) || (isListed && /^["']?[\w.-]{1,64}["']?:$/.test(next))) return end
    end += whole.length
    isListed = /[,;]$/.test(next)
  }
}
