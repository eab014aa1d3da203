/** Keys with a prefix, as Jira and Linear have them: `PROJ-12`. Much else looks like one. */
import type { OwnTracker } from '../../model/evidence-config.ts'
import type { FoundTicket } from './found.ts'
import { ticketNumber } from './found.ts'
import type { Relation } from './relation-words.ts'

const key = new RegExp(`^([A-Za-z][A-Za-z0-9_]{0,29})-(${ticketNumber})$`)
const keyInBranch = new RegExp(`(^|[/_.-])([A-Za-z][A-Za-z0-9_]{0,29}?)-(${ticketNumber})(?=$|[/_.-])`, 'g')

/**
 * Names with a number that are no tickets, although people write "fixes UTF-8 names": encodings, digests, standards, advisories,
 * models, versions, parts of a whole. A prefix that the configuration names counts all the same.
 */
const lookalikes = new Set(
  [
    'UTF UCS ASCII ANSI LATIN CP KOI EUC GB BIG WINDOWS ISO IEC IEEE ITU ECMA ES RFC BCP STD DIN EN BS NIST FIPS SP PEP JEP KEP',
    'TC39 ADR RFD SHA SHA1 SHA2 SHA3 MD HMAC CRC XXHASH BLAKE AES DES RSA DSA ECDSA ED X CURVE P SECP TLS SSL HTTP H QUIC IPV IP',
    'CVE CWE CAPEC GHSA GO RUSTSEC PYSEC OSV SNYK RHSA USN DSA DLA MS KB VU XSA ZDI COVID SARS PM CO GPT CLAUDE OPUS SONNET HAIKU',
    'GEMINI GEMMA LLAMA MISTRAL QWEN O K PHI GROK DEEPSEEK X86 X64 I386 ARM AMD INTEL RISC RV MIPS POWER CUDA SM GCC LLVM CLANG',
    'NODE NODEJS PYTHON PY JAVA JDK RUBY PHP PERL LUA CPP CXX C GNU POSIX UNIX WIN MACOS IOS ANDROID UBUNTU DEBIAN FEDORA RHEL',
    'V VERSION RC ALPHA BETA PRE REL RELEASE SNAPSHOT BUILD PATCH STEP PHASE STAGE PART SECTION CHAPTER APPENDIX FIGURE TABLE ITEM',
    'OPTION LEVEL TIER TYPE CLASS LINE PAGE BIT BYTE UINT INT FLOAT FP BF F U I Q T S M L A B D E G R N W Y Z J EXIT ERROR ERR CODE',
    'HTTP2 HTTP3 OAUTH OAUTH2 U2F FIDO FIDO2 MP MPEG H264 H265 AV VP WEBGL ES2015 PNG JPEG DDR USB PCI PCIE LGA SATA RAID LTO TOP',
    'PR MR PULL GH GL COMMIT MERGE JOB RUN TASKS DAY WEEK MONTH YEAR Q1 Q2 Q3 Q4 FY UTC GMT TODO FIXME PRIORITY P0 P1 P2 SEV',
  ].flatMap((it) => it.split(' ')),
)

/** The ticket that a word names: by a prefix that was named, or behind a relation word that people use for nothing else. */
export function keyIn(
  word: string,
  relation: Relation | undefined,
  trackers: readonly OwnTracker[],
): FoundTicket | undefined {
  const [, written = '', number = ''] = key.exec(word) ?? []
  if (number === '') return undefined
  const prefix = written.toUpperCase()
  const named = trackers.find((it) => it.prefixes.includes(prefix))
  if (named !== undefined && (written === prefix || relation !== undefined)) {
    return found(named, `${prefix}-${number}`, 'prefix')
  }
  const isKey = written === prefix && prefix.length > 1 && !lookalikes.has(prefix)
  if (named !== undefined || !isKey || relation?.isSure !== true) return undefined
  return found(onlyTracker(trackers), `${prefix}-${number}`, 'relation')
}

/** A branch has no relation words: only prefixes count that were named, in lower case where a part of it begins so. */
export function keysInBranch(branch: string, trackers: readonly OwnTracker[]): FoundTicket[] {
  if (trackers.every((it) => it.prefixes.length === 0)) return []
  return [...branch.matchAll(keyInBranch)].flatMap(([, before = '', written = '', number = '']) => {
    const prefix = written.toUpperCase()
    const named = trackers.find((it) => it.prefixes.includes(prefix))
    const counts = named !== undefined && (written === prefix || before === '' || before === '/')
    return counts ? [found(named, `${prefix}-${number}`, 'prefix')] : []
  })
}

/** A tracker of which nobody said how its keys begin takes those that no other has, where it is the only one. */
function onlyTracker(trackers: readonly OwnTracker[]): OwnTracker | undefined {
  const open = trackers.filter((it) => (it.system === 'jira' || it.system === 'linear') && it.prefixes.length === 0)
  return open.length === 1 ? open[0] : undefined
}

function found(tracker: OwnTracker | undefined, name: string, rule: FoundTicket['rule']): FoundTicket {
  const { system = 'unknown', url } = tracker ?? {}
  const page = system === 'linear' ? 'issue' : 'browse'
  return { system, key: name, uri: url === undefined ? undefined : `${url}/${page}/${name}`, rule }
}
