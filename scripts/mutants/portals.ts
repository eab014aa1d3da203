/** What is asked of portals, and what of their answers counts. */
import type { Edit } from './edit.ts'
import { inFile } from './in-file.ts'

const asking = ['collect/portals/open-portal.test.ts']
const judging = ['collect/portals/agreement.test.ts']
const collecting = ['collect/sessions/portal.test.ts']
const attesting = ['attest/portal.test.ts']

export const portals: readonly Edit[] = [
  ...inFile('collect/portals/open-portal.ts', asking, [
    {
      rule: 'A token over http, or an address with a user',
      find: 'url !== null && isSecure(url)',
      replace: 'url !== null',
    },
    {
      rule: 'An address with a query',
      find: " && url.search === '' && url.hash === ''",
      replace: '',
    },
    {
      rule: 'Pages that lead back to each other',
      find: 'if (visited.has(path))',
      replace: 'if (false)',
    },
    { rule: 'Pages without an end', find: 'visited.size === limits.portalPages', replace: 'visited.size === 1e4' },
    {
      rule: 'An answer of which the last page alone is pinned',
      find: 'hash.update(heard.body)\n',
      replace: 'if (said.length === 0) hash.update(heard.body)\n',
    },
    {
      rule: 'A portal that is asked without end',
      find: 'sessions.slice(0, limits.portalSessions)',
      replace: 'sessions',
    },
    {
      rule: 'A portal that refuses the token, and is asked with it again and again',
      find: "if ('trouble' in answer && answer.next !== 'other') break",
      replace: '',
    },
    {
      rule: 'A portal that failed, taken for one that knows no such session',
      find: 'heard.status !== undefined && row.unknownAt.includes(heard.status)',
      replace: 'true',
    },
  ]),
  ...inFile('platform/ask-boundedly.ts', asking, [
    {
      rule: 'A redirect that takes the token of a portal along',
      find: "redirect: 'error'",
      replace: "redirect: 'follow'",
    },
    {
      rule: 'A portal that never ends its answer',
      find: 'service.bytes, () => tooLong',
      replace: '1e9, () => tooLong',
    },
  ]),

  ...inFile(
    'collect/portals/told-facts.ts',
    [...asking, ...judging],
    [
      { rule: 'An answer about another session', find: 'id !== asked.id || ', replace: '' },
      {
        rule: 'An answer about another tool',
        find: ' || (tool !== undefined && tool !== asked.tool)',
        replace: '',
      },
      {
        rule: 'An answer of which one entry alone is of the session',
        find: 'said.some(isAnother)',
        replace: 'said.every(isAnother)',
      },
      { rule: 'A session that ends in the future', find: ' || endedAt > now + portalSkew', replace: '' },
      { rule: 'A session that ends before it begins', find: 'endedAt < startedAt || ', replace: '' },
      { rule: 'A session of two people', find: 'names.size > 1', replace: 'names.size > 2' },
    ],
  ),

  ...inFile('collect/portals/agreement.ts', judging, [
    {
      rule: 'A portal that does not know the user',
      find: "user === undefined || user.kind === 'opaque'",
      replace: 'user === undefined',
    },
    { rule: 'A person without an address', find: "address === '' || user.kind", replace: 'user.kind' },
    {
      rule: 'An account whose name ends like another one’s',
      find: ' && /^\\d{1,20}$/.test(address.slice(0, -own.length - 1))',
      replace: '',
    },
    {
      rule: 'A repository that is not known',
      find: 'if (own === undefined) return true',
      replace: 'if (own === undefined) return false',
    },
    {
      rule: 'A repository whose name begins like another one’s',
      find: '!said.some((it) => forms.includes(isForge ? it.toLowerCase() : it))',
      replace: '!said.some((it) => forms.some((form) => it.toLowerCase().startsWith(form)))',
    },
    { rule: 'A commit long after the session', find: ' && authored * 1_000 <= end', replace: '' },
    { rule: 'A commit before the session', find: 'authored * 1_000 + 999 >= start && ', replace: '' },
    {
      rule: 'A commit that was committed before the session',
      find: ' && committed * 1_000 + 999 >= start',
      replace: '',
    },
    {
      rule: 'A commit that the portal does not name',
      find: '!named.includes(commit) && !named.includes(change)',
      replace: 'false',
    },
    { rule: 'A session without commits', find: 'commits.length > 0 && ', replace: '' },
  ]),

  ...inFile('collect/portals/contract.ts', asking, [
    { rule: 'A session whose name climbs up a path', find: '!isStep(tool) || !isStep(id)', replace: 'false' },
    {
      rule: 'A session whose name is a path',
      find: '${encodeURIComponent(tool)}/${encodeURIComponent(id)}',
      replace: '${tool}/${id}',
    },
    { rule: 'A day that is none', find: 'start === undefined || ', replace: '' },
    { rule: 'An address that is none', find: " || address?.kind === 'opaque'", replace: '' },
  ]),
  ...inFile('collect/portals/github-audit-log.ts', asking, [
    { rule: 'An event of another session', find: "it['agent_session_id'] === session.id && ", replace: '' },
    { rule: 'An event of a person', find: " && it['actor_is_agent'] === true", replace: '' },
    { rule: 'An audit log of any host', find: 'cloud.exec(url.host)?.[1]', replace: 'url.host' },
  ]),
  ...inFile('collect/portals/anthropic-compliance.ts', asking, [
    {
      rule: 'A session of another product',
      find: "typeof surface === 'string' ? 'another' : undefined",
      replace: 'undefined',
    },
  ]),
  ...inFile('collect/portals/cloudflare-ai-gateway.ts', asking, [
    {
      rule: 'What a client writes of itself',
      find: 'user: undefined, repositories: undefined }',
      replace: "user: { kind: 'address' as const, address: 'ann@example.com' }, repositories: undefined }",
    },
  ]),

  ...inFile(
    'collect/sessions/level.ts',
    ['collect/sessions/level.test.ts'],
    [
      {
        rule: 'A portal that does not say whose the session was',
        find: 'portalLinks.every((link) => portal[link] === true)',
        replace: 'portalLinks.every((link) => portal[link] !== false)',
      },
    ],
  ),
  ...inFile('collect/sessions/portal.ts', collecting, [
    { rule: 'An answer that contradicts, as evidence', find: 'if (missing.length > 0) continue', replace: '' },
    { rule: 'A summary of another digest', find: 'sha256Hex(Buffer.from(text)) !== sha256 || ', replace: '' },
    { rule: 'A summary with a secret', find: ' || (await holdsSecrets(text))', replace: '' },
  ]),
  ...inFile('attest/portal.ts', attesting, [
    {
      rule: 'A portal that is asked without a token',
      find: "if (portalTokenFile === undefined) throw needs('portal', 'portalTokenFile')",
      replace: 'if (portalTokenFile === undefined) return undefined',
    },
    {
      rule: 'A summary that is written through a link',
      find: 'if (folder !== undefined) await refuseLinksBelow(root, folder)',
      replace: '',
    },
    { rule: 'A summary that others can read', find: 'mode: 0o600', replace: 'mode: 0o644' },
  ]),
  ...inFile('attest/token-file.ts', attesting, [
    { rule: 'A token of two lines', find: 'if (!/^[!-~]+$/.test(token))', replace: 'if (false)' },
  ]),
  ...inFile('attest/asked-range.ts', attesting, [
    {
      rule: 'A portal that is asked although nobody may be',
      find: "request.network === 'none' && request.portal !== undefined",
      replace: 'false',
    },
  ]),
]
