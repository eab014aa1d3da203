/** Alerts: nobody else chooses where they go, nothing that is secret or private is in them, and no text in them is more than text. */
import type { Edit } from './edit.ts'
import { inFile } from './in-file.ts'

const drawn = ['report/alerts.test.ts']
const sent = ['notify/alerts.test.ts']
const asked = ['cli/alerts.test.ts']

export const alerts: readonly Edit[] = [
  ...inFile('report/alerts/slack.ts', drawn, [
    { rule: 'A mention or a link in a chat of Slack', find: ".replaceAll('<', '&lt;')", replace: '' },
    { rule: 'A mention that was escaped before it came', find: ".replaceAll('&', '&amp;')", replace: '' },
    { rule: 'The end of a quotation in a chat', find: ".replaceAll('`', \"'\")", replace: '' },
    { rule: 'A call to a whole channel of Mattermost', find: ".replaceAll('@', '＠')", replace: '' },
    { rule: 'A link in a chat of Slack, by its address alone', find: 'withoutLinks(text)', replace: 'text' },
  ]),
  ...inFile('report/alerts/teams.ts', drawn, [
    { rule: 'A mention in a card', find: ".replaceAll('<', '‹')", replace: '' },
    { rule: 'A function of cards, an expression of templates', find: ".replace(/[{$@](?=\\{)/g, '$& ')", replace: '' },
    { rule: 'A link in a card', find: 'withoutLinks(text)', replace: 'text' },
    {
      rule: 'Markdown in a card',
      find: "{ type: 'TextRun', text: spaced,",
      replace: "{ type: 'TextBlock', text: spaced,",
    },
  ]),
  ...inFile('report/alerts/message.ts', drawn, [
    {
      rule: 'An address without a scheme, made a link',
      find: '.replace(/\\b(mailto:|www\\.)/gi',
      replace: '.replace(/(?!)/gi',
    },
    {
      rule: 'Failures left out without a word',
      find: '(more === 0 ? [] : [[own(`and ${more} more`)]])',
      replace: '[]',
    },
  ]),
  ...inFile('report/alerts/tally.ts', drawn, [
    {
      rule: 'A folder of a person in an alert',
      find: "short(isOfMachine ? (last ?? '') : name)",
      replace: 'short(name)',
    },
    {
      rule: 'An alert that grows with what fails',
      find: 'if (shown.length === limits.alertFailures) return',
      replace: '',
    },
    {
      rule: 'Text of any length in an alert',
      find: 'return cut(text, limits.alertCharacters)',
      replace: 'return text',
    },
    { rule: 'An alert about a command line that is wrong', find: "if (kind === 'usage') return", replace: '' },
    { rule: 'A pass that is told as a failure', find: "if (outcome === 'pass') return []", replace: '' },
    {
      rule: 'What a policy or a person says in place of our own words',
      find: 'const hint = hintOf(code)',
      replace: 'const hint = artifact?.name ?? hintOf(code)',
    },
  ]),
  ...inFile('model/alert.ts', drawn, [
    { rule: 'One key for two outcomes', find: 'artifactId(artifact), outcome]', replace: 'artifactId(artifact)]' },
    { rule: 'One key for two artifacts', find: 'rule, artifactId(artifact), outcome]', replace: 'rule, outcome]' },
    {
      rule: 'Another key for the same failures in another order',
      find: '[...new Set(keys)].sort()',
      replace: '[...new Set(keys)]',
    },
  ]),
  ...inFile('report/alerts/body.ts', drawn, [
    {
      rule: 'The host of somebody else, taken for a chat',
      find: 'hostname === it || hostname.endsWith(`.${it}`)',
      replace: 'hostname.includes(it)',
    },
  ]),
  ...inFile('notify/deliver.ts', sent, [
    {
      rule: 'A redirect to where nobody asked for it',
      find: "redirect: 'error'",
      replace: "redirect: 'follow'",
    },
    {
      rule: 'An answer without an end, waited for',
      find: 'await response.body?.cancel().catch(() => undefined)',
      replace: 'await response.text()',
    },
    {
      rule: 'An attempt that takes the whole budget',
      find: 'Math.min(limits.alertAttempt, budget.requestTimeout())',
      replace: 'budget.requestTimeout()',
    },
    { rule: 'Attempts without an end', find: 'attempts === mostAttempts', replace: 'false' },
    { rule: 'An attempt that cannot help', find: 'mayPass: isPassing(status)', replace: 'mayPass: true' },
  ]),
  ...inFile('notify/addresses.ts', sent, [
    { rule: 'A secret over a line that anybody reads', find: 'url !== null && isSecure(url)', replace: 'url !== null' },
    {
      rule: 'The secret on the command line',
      find: 'const secret = secretOf(notifySecret, valueOf)',
      replace:
        'const secret = notifySecret?.startsWith("env:") === true ? secretOf(notifySecret, valueOf) : notifySecret',
    },
    { rule: 'A secret that can be guessed', find: 'secret.length >= leastSecret', replace: 'true' },
    { rule: 'An unsigned alert in place of a signed one', find: 'isUnsigned ? [] : addresses', replace: 'addresses' },
    { rule: 'Addresses without number', find: 'if (notify.length > limits.alertAddresses)', replace: 'if (false)' },
    {
      rule: 'An address of a chat in a message',
      find: 'throw refused(`${name} is no https URL',
      replace: 'throw refused(`${value} is no https URL',
    },
  ]),
  ...inFile('notify/signature.ts', sent, [
    { rule: 'An old alert, sent again', find: '.update(`${seconds}.${body}`)', replace: '.update(body)' },
  ]),
  ...inFile('notify/alerts.ts', sent, [
    {
      rule: 'The path of an address in a message',
      find: '`no alert to ${address.host}:',
      replace: '`no alert to ${address.url}:',
    },
    {
      rule: 'Another key in the header than in the body',
      find: '\'idempotency-key\': `"${alert.idempotencyKey}"`',
      replace: '\'idempotency-key\': `"${seconds}"`',
    },
  ]),
  ...inFile('cli/main.ts', asked, [
    {
      rule: 'An end before the verdict that nobody is told of',
      find: 'const ended = await ci.end(report(asMeant(thrown, argv, program), terminal), thrown)\n    await alerts.end(thrown)',
      replace: 'const ended = await ci.end(report(asMeant(thrown, argv, program), terminal), thrown)',
    },
  ]),
  ...inFile('cli/alerts.ts', asked, [
    {
      rule: 'A signature that nobody gets',
      find: 'if (notifyFormat === undefined && notifySecret === undefined) return undefined',
      replace: 'return undefined',
    },
  ]),
]
