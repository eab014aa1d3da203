/** Tokens of services by what they begin with. */
import type { Form } from './form.ts'

/** What they begin with, a class of characters at most among the first three; GitHub's and GitLab's are those of `tokenStart`. */
const beginnings = [
  ...['npm_', 'pypi-', 'rubygems_', 'dckr_[a-z]{2,5}_', 'xox[a-z][.-]', 'xapp-', 'AIza', 'ya29\\.', 'GOCSPX-'],
  ...['sk-(?:ant|proj|svcacct|admin|or|lf)-', '(?<![A-Za-z])gsk_', '(?<![A-Za-z])hf_', 'ABSK'],
  ...['[rs]k_(?:live|test)_', 'whsec_', 'shp[a-z]{2}_', 'lin_api_', 'ntn_', 'figd_', 'glc_', 'glsa_', 'ops_eyJ'],
  ...['hv[sbr]\\.', 'vc[a-z]_', 'dapi', 'cfk_', 'cfut_', 'cfat_', 'tskey-', 'SG\\.', 'do[opr]_v1_', 'NRAK-', 'PMAK-'],
  ...['ATATT', 'ATCTT', 'AKCp', 'cmVmdGtu', 'sbp_', 'pscale_', 'pul-', 'nfp_', 'xkeysib-', 'sq0[a-z]{3}-', 'bkua_'],
  ...['CCIPAT_', 'LTAI', 'EAAG', 'rdme_', 'sntry[a-z]_', 'phc_', 'FLWSECK'],
  ...['shippo_(?:live|test)_', 'duffel_(?:live|test)_', 'access-(?:production|sandbox|development)-', 'CFPAT-'],
  ...['pat-(?:na|eu)\\d-', 'dt0[cs]\\d\\d\\.', 'fio-u-', 'sk\\.eyJ'],
]

/** The same of those that are short, or like words: nothing stands in front, and what follows is one run. */
const strictBeginnings = [
  ...['xai-', 'pplx-', 'r8_', 'HRKU-', 'sq[apu]_', 'dp\\.(?:st|pt|ct|sa|scim|audit)\\.(?:[a-z0-9_-]{2,35}\\.)?'],
  ...['fm[12]_', 'fo1_', 'rnd_', 'bkct_', 'bkaj_', 'sk-', 'fw_', 'tgp_v1_', 'nvapi-', 'csk-', 'jina_', 'tvly-', 'e2b_'],
  ...['lsv2_[a-z]{2}_', 'phx_', 'mlsn\\.', 'tfp_', 'napi_', 'sb_secret_', 'rpa_', 'apify_api_', 'nf[bcou]_', 'oy2'],
  ...['CLOJARS_', 'waka_', 'sgp_', 'ATBB', 'GR1348941', 'pn[ub]_', 'AKID', 'EZ[AT]K', 'tk-us-'],
]

const letters = Array.from('abcdefghijklmnopqrstuvwxyz')

/** The text with which all begin that such a pattern matches, as far as it is one, or a few where a class of characters comes early. */
function wordsOf(pattern: string): string[] {
  const plain = pattern.replace(/^\(\?<![^)]*\)/, '')
  const [, before = '', characters, behind = ''] = /^((?:[\w-]|\\\.){0,2})\[([^\]]+)\](?!\{)(.*)$/.exec(plain) ?? []
  const each = characters === undefined ? [plain] : classOf(characters).map((it) => before + it + behind)
  return each.map((it) => (/^(?:[\w-]|\\\.)+/.exec(it)?.[0] ?? '').replaceAll('\\', ''))
}

function classOf(characters: string): string[] {
  return characters === 'a-z' ? letters : Array.from(characters)
}

export const tokenForms: readonly Form[] = [
  {
    pattern: new RegExp(`(?:${beginnings.join('|')})[\\w.+/=~-]{16,}`, 'dg'),
    words: { words: beginnings.flatMap(wordsOf) },
    isSecret: (secret) => /\d/.test(secret.slice(4)),
  },
  {
    pattern: new RegExp(`(?<![A-Za-z0-9])(?:${strictBeginnings.join('|')})[A-Za-z0-9_+/=-]{20,}`, 'dg'),
    words: { words: strictBeginnings.flatMap(wordsOf) },
    isSecret: (it) => /\d/.test(it.slice(4)),
  },
]
