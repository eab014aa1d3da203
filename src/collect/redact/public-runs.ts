/** Random text that opens no door, by where it stands and how it begins: ids, digests, signatures, encoded data, steps of paths and addresses. */
import type { Place } from './form.ts'

/** Ids of calls, answers, requests and parts, as tools and models write them, and of things in the interfaces of services. */
const idKinds = [
  ...[
    'toolu',
    'srvtoolu',
    'mcptoolu',
    'tooluse',
    'msg',
    'req',
    'call',
    'fc',
    'ctc',
    'rs',
    'ws',
    'resp',
    'ig',
    'mcp',
    'lsh',
  ],
  ...[
    'chatcmpl',
    'cmpl',
    'gen',
    'ses',
    'prt',
    'per',
    'run',
    'step',
    'thread',
    'asst',
    'file',
    'batch',
    'container',
    'conv',
  ],
  ...[
    'session',
    'item',
    'event',
    'evt',
    'cus',
    'ch',
    'in',
    'il',
    'pi',
    'pm',
    'sub',
    'si',
    'prod',
    'price',
    'acct',
    'txn',
  ],
  ...[
    'org',
    'user',
    'proj',
    'snap',
    'vs',
    'ft',
    'tool',
    'turn',
    'task',
    'trace',
    'span',
    'dpl',
    'prj',
    'team',
    'build',
  ],
]
const idStart = new RegExp(`^(?:${idKinds.join('|')})[_-](?:(?:bdrk|vrtx|01|1)[_-]?)?[A-Za-z0-9_-]{12,64}$`)

/** What binary data begins with in base64: pictures, fonts, archives, programs, certificates, keys that are public. */
const dataStart =
  /^(?:iVBORw0KGg|\/9j\/|R0lGOD|UklGR|Qk[0-9A-Za-z]|AAABAA|d09GM|T1RUT|AAEAAA|H4sI|UEsDB|KLUv\/|QlpoO|AGFzbQ|f0VMR|JVBERi|MII[A-H]|M(?:FkwEwYHKoZIzj0|CowBQYDK2V|E[QUY]CI)|mQ[EGIN]|AAAA[A-Z]3NzaC|AAAAE2VjZHNh|AAAAGnNr|Cg[A-Za-z0-9])/

/** An algorithm and a sign in front of what it made, also as lockfiles and fingerprints have it. */
const digestStart = /^(?:sha(?:1|224|256|384|512|3)|md5|blake[23][bs]?|h1)[-_=:/]/i
const digestBefore =
  /(?:sha(?:-?(?:1|224|256|384|512|3))|md5|blake[23][bs]?|\bh1|\bzh|;base64,|\bkey-id|\bssh-[a-z0-9-]{2,16}|\becdsa-[a-z0-9-]{4,24})[-_=:, ]?$|(?:\n|\\n)\d{1,20}(?:\n|\\n)$|\u2014 [\w.+/-]{1,80} $/i

/** The end of a name whose value says who or what something is, and of what is signed or encrypted, which is read by all. */
const publicName =
  /(?:(?<![A-Za-z])|_|-|[a-z](?=[A-Z]))(?:u?u?id|ids|guid|ulid|cid|kid|pid|signatures?|sig|digests?|checksums?|hash|hashes|sha\d{0,3}|etag|integrity|resolved|fingerprint|thumbprint|cursor|encrypted_?content|encryptedContent|redacted_thinking|revision|rev|commit|tree|blob|nonce|path|uri|url|href|src|image|mappings|signed_?entry_?timestamp|cert(?:ificate)?|public_?key)$/i
const nameBefore = /([\w$.-]{1,64})[\\"'`]{0,4}[ \t]{0,4}(?:=>|:=|[:=])[ \t]{0,4}[\\"'`]{0,4}$/

const looked = 96

/** Whether a run of characters that looks random is such; `before`: what the text stands behind. */
export function isPublicRun(text: string, [from, to]: Place, before: string): boolean {
  // Behind `\n` in the source of a text the letter is no part of it.
  const isEscaped = text.charAt(from - 1) === '\\' && /[nrt]/.test(text.charAt(from))
  const start = isEscaped ? from + 1 : from
  const run = text.slice(start, to)
  if (isDigest(run, text.slice(to, to + 2))) return true
  if (idStart.test(run) || dataStart.test(run) || digestStart.test(run)) return true
  const line = (start < looked ? before : '') + text.slice(Math.max(0, start - looked), start)
  if (digestBefore.test(line)) return true
  const [, name = ''] = nameBefore.exec(line) ?? []
  return publicName.test(name) || isStep(run, line) || isOfLines(text, [start, to], isEscaped) || isText(run)
}

/** Of SHA-1 or SHA-256 in base64, as they stand in lists by themselves. */
function isDigest({ length }: string, behind: string): boolean {
  return (length === 27 || length === 43) && /^=(?!=)/.test(behind)
}

/** A step of a path, or of an address, or of the host in one. */
function isStep(run: string, line: string): boolean {
  const isBehind = /[./\\~@#%?&]$/.test(line) || /\w:$/.test(line)
  if (run.startsWith('/') || (isBehind && !/[=&?]$/.test(line))) return true
  const steps = run.split('/')
  return steps.length > 1 && steps.some((it) => /^[a-z_-]{4,}$/.test(it))
}

/** One of several lines of encoded data, as certificates and attachments have them. */
function isOfLines(text: string, [from, to]: Place, isEscaped: boolean): boolean {
  const before = text.slice(Math.max(0, from - 64), isEscaped ? from - 2 : from)
  const behind = to - from < 48 ? '' : text.slice(to, to + 64)
  return (
    /[\w+/=]{40,}[\\rn\s]{0,6}[ \t]{0,16}$/.test(before) ||
    /^={0,2}(?:\\r)?(?:\\n|\r?\n)[ \t]{0,16}[\w+/=]{40,}/.test(behind)
  )
}

/** Text in base64; what is in it is looked at elsewhere. */
function isText(run: string): boolean {
  const plain = Buffer.from(run, 'base64')
  const readable = plain.filter((it) => it >= 0x20 && it < 0x7f).length
  return readable >= plain.length * 0.85
}
