/** What is asked of a forge with a token, and what is made of its answers. */
import type { Edit } from './edit.ts'
import { inFile } from './in-file.ts'

const address = ['collect/forge/api-address.test.ts']
const asking = ['collect/forge/ask-forge.test.ts']
const walk = ['collect/change/forge-requests.test.ts']
const whole = ['attest/forge.test.ts']

export const forge: readonly Edit[] = [
  ...inFile('collect/forge/api-address.ts', address, [
    {
      rule: 'A clone that says where the token of a forge goes',
      find: "if (host === 'gitlab.com')",
      replace: 'if (host !== undefined)',
    },
    {
      rule: 'A host that is called like a tenant of GitHub’s',
      find: '/^[a-z0-9-]+\\.ghe\\.com$/',
      replace: '/\\.ghe\\.com$/',
    },
    { rule: 'A token of a forge in the clear', find: '!isSecure(url) || ', replace: '' },
    { rule: 'An API with a question in its address', find: " || url.search !== '' || url.hash !== ''", replace: '' },
    {
      rule: 'An API that only begins like GitHub’s',
      find: '[a-z0-9-]+\\.ghe\\.com)$/',
      replace: '[a-z0-9-]+\\.ghe\\.com)/',
    },
  ]),

  ...inFile('collect/forge/ask-forge.ts', asking, [
    {
      rule: 'A redirect that takes the token of a forge along',
      find: "redirect: 'error'",
      replace: "redirect: 'follow'",
    },
    {
      rule: 'A forge that redirects each question',
      find: "|| reason.startsWith('a redirect')",
      replace: '',
    },
    { rule: 'A forge that stalls each question', find: '|| isTimeout(thrown) ', replace: '' },
    {
      rule: 'A forge that never ends its answer',
      find: 'limits.forgeAnswerBytes, () => tooLong',
      replace: '1e9, () => tooLong',
    },
    { rule: 'A forge with pages without end', find: 'page <= limits.forgePages', replace: 'page <= 99' },
    { rule: 'More questions than a token has', find: 'changes.slice(0, limits.forgeChanges)', replace: 'changes' },
    { rule: 'A forge that takes all the time of a job', find: 'if (!budget.reaches(0))', replace: 'if (false)' },
    { rule: 'A wait that is longer than the job', find: 'if (!budget.reaches(readyAt)) return answer', replace: '' },
    { rule: 'A forge that fails for ever', find: ' || attempts === mostAttempts', replace: '' },
    {
      rule: 'A forge that refuses, asked again and again',
      find: " || ('trouble' in answer && answer.next !== 'other')",
      replace: '',
    },
    { rule: 'A forge that knows nothing, asked again and again', find: 'failures === mostFailures || ', replace: '' },
    { rule: 'A request that was never merged', find: 'if (!isMerged) return undefined', replace: '' },
    {
      rule: 'A number of a forge that is none',
      find: 'number > 0 && number < 1e9',
      replace: 'true',
    },
    {
      rule: 'An option of git in the place of a head',
      find: '!/^(?:[0-9a-f]{40}|[0-9a-f]{64})$/.test(head)',
      replace: 'head.length === 0',
    },
    { rule: 'Any number of requests for one change', find: '.slice(0, mostRequests)', replace: '' },
    {
      rule: 'A forge that said nothing, taken for one that said none',
      find: "if (!('trouble' in answer)) requests.set(change, answer)",
      replace: "requests.set(change, 'trouble' in answer ? [] : answer)",
    },
  ]),

  ...inFile('collect/change/forge-requests.ts', walk, [
    {
      rule: 'A head of other files, because the forge says so',
      find: 'const { proved, unproved } = await proveNamed(repository, candidates, since)',
      replace:
        'const { unproved } = await proveNamed(repository, []), proved = new Map((candidates).map((it) => [it.change, it]))',
    },
    {
      rule: 'The last of several rewritten commits, taken for all of them',
      find: 'isRewritten.has(change)\n      ? []',
      replace: 'false\n      ? []',
    },
    {
      rule: 'A head of another kind of id, which git would stumble over',
      find: 'isObjectId(repository, head)',
      replace: 'head.length > 0',
    },
    {
      rule: 'A request that was merged as it is, told as one that does not fit',
      find: '.filter(({ head }) => outside.has(head))',
      replace: '',
    },
    {
      rule: 'A head that is nowhere, told as nothing',
      find: 'missing.count === 0',
      replace: 'missing.count >= 0',
    },
    {
      rule: 'What a forge did not say, told as nothing',
      find: 'said.silent === 0',
      replace: 'said.silent >= 0',
    },
  ]),

  ...inFile(
    'collect/git/remote.ts',
    ['collect/git/fetch.test.ts'],
    [
      {
        rule: 'A commit that is not there, which keeps the others away',
        find: 'if (failed !== undefined && some.length > 1)',
        replace: 'if (false)',
      },
      {
        rule: 'Commits that are nowhere, asked for without end',
        find: 'asked < limits.fetchesOfCommits',
        replace: 'asked < 1_000',
      },
    ],
  ),

  ...inFile('attest/token-file.ts', whole, [
    {
      rule: 'A token of a forge with a header behind it, which an error would repeat',
      find: 'if (/^[!-~]+$/.test(token))',
      replace: 'if (true)',
    },
    { rule: 'A token of a forge without end', find: 'limits.forgeTokenBytes', replace: '1e9' },
  ]),
  ...inFile('attest/forge.ts', whole, [
    {
      rule: 'A forge that is asked where nothing can be fetched',
      find: "if (fetch === undefined || fetch.length === 0) throw needs('forgeTokenFile', 'fetch')",
      replace: '',
    },
  ]),
]
