/** Alerts as they are drawn: what is told, by which key, and that no text from outside is more than text in any chat. */
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { CountersignError } from '../../src/errors.ts'
import { alertKey, failureKey } from '../../src/model/alert.ts'
import type { Alert } from '../../src/model/alert.ts'
import { limits } from '../../src/model/limits.ts'
import type { Verdict } from '../../src/model/verdict.ts'
import { alertBody, formatOfHost } from '../../src/report/alerts/body.ts'
import { alertFormats } from '../../src/report/alerts/formats.ts'
import { newAlertTally } from '../../src/report/alerts/tally.ts'
import { plainStyle } from '../../src/report/style.ts'
import { anyText } from '../world/any-text.ts'
import { hostile, steersIn } from '../world/hostile-text.ts'
import { schemaErrors } from '../world/published-schema.ts'
import { runs } from '../world/runs.ts'
import { policyKinds, sampleVerdict } from '../world/verdict-samples.ts'

const time = '2026-11-27T10:00:00.000Z'

function alertOf(...verdicts: readonly Verdict[]): Alert | undefined {
  const tally = newAlertTally('verify', plainStyle)
  verdicts.forEach(tally.add)
  return tally.alert(time)
}

function told(...verdicts: readonly Verdict[]): Alert {
  const alert = alertOf(...verdicts)
  if (alert === undefined) throw new Error('nothing is told')
  return alert
}

function named(name: string, digest: Record<string, string>): Verdict {
  return { ...sampleVerdict('fail', 'none'), artifact: { name, digest } }
}

interface Card {
  readonly attachments: readonly [
    { readonly content: { readonly body: readonly RichText[] } & Record<string, unknown> },
  ]
}
interface RichText {
  readonly type: string
  readonly inlines: readonly { readonly type: string; readonly text: string }[]
}

const parsed = (alert: Alert, format: (typeof alertFormats)[number]): unknown =>
  JSON.parse(alertBody(alert, format).text)
const slackText = (alert: Alert): string => (parsed(alert, 'slack') as { readonly text: string }).text
const cardOf = (alert: Alert): Card['attachments'][0]['content'] =>
  (parsed(alert, 'teams') as Card).attachments[0].content
const cardText = (alert: Alert): string =>
  cardOf(alert)
    .body.map(({ inlines }) => inlines.map((it) => it.text).join(''))
    .join('\n')

describe('an alert', () => {
  it('is made of what fails or is undecided, and of nothing that passes', () => {
    for (const policy of policyKinds) expect(alertOf(sampleVerdict('pass', policy))).toBeUndefined()
    expect(told(sampleVerdict('pass', 'none'), sampleVerdict('undecided', 'none')).outcome).toBe('undecided')
    expect(told(sampleVerdict('undecided', 'none'), sampleVerdict('fail', 'none')).outcome).toBe('fail')
  })

  it('names each rule that fails once, with how often, and neither warnings nor waivers', () => {
    const rules = told(sampleVerdict('fail', 'all')).failures.map((it) => it.rule)
    expect(rules).toEqual(expect.arrayContaining(['ai/models', 'ai/review']))
    expect(rules.filter((it) => /share|ticket|freshness|triggers/.test(it))).toEqual([])
    const [row] = sampleVerdict('fail', 'fail').policy!.checks.filter((it) => it.outcome === 'fail')
    const verdict = sampleVerdict('fail', 'fail')
    const twice = { ...verdict, policy: { ...verdict.policy!, checks: [row!, row!, row!] } } as Verdict
    expect(told(twice).failures).toMatchObject([{ rule: row!.rule, times: 3 }])
  })

  it('where no rule was asked has the code as its rule', () => {
    const bare = {
      ...sampleVerdict('fail', 'none'),
      attestations: [],
      failure: { code: 'attestation-none', message: 'x' },
    }
    expect(told(bare as Verdict).failures).toMatchObject([{ rule: 'attestation-none', code: 'attestation-none' }])
  })

  it('of a command that ended early has its code, and of a wrong command line there is none', () => {
    const ended = (code: 'trust-unavailable' | 'usage' | 'summary-not-signed'): Alert | undefined => {
      const tally = newAlertTally('gate', plainStyle)
      tally.failed(new CountersignError(code, 'at /home/ann of ann@example.org'))
      return tally.alert(time)
    }
    expect(ended('usage')).toBeUndefined()
    expect(ended('trust-unavailable')).toMatchObject({
      outcome: 'undecided',
      failures: [{ rule: 'trust-unavailable' }],
    })
    expect(JSON.stringify(ended('summary-not-signed'))).not.toContain('ann')
  })

  it('is what its schema says, whatever stands in the verdict', () => {
    fc.assert(
      fc.property(
        anyText(),
        fc.constantFrom(...policyKinds),
        fc.constantFrom('fail', 'undecided'),
        (text, policy, outcome) => {
          expect(schemaErrors('alert', told(sampleVerdict(outcome, policy, text)))).toEqual([])
        },
      ),
      { numRuns: runs(200) },
    )
  })

  it('says nothing of what was expected and found, of messages, and of folders of the machine', () => {
    const secret = 'ann@example.org'
    const verdict = JSON.parse(
      JSON.stringify(sampleVerdict('fail', 'all')).replace(
        /("(?:expected|found|message|note|hint)":")[^"]*/g,
        `$1${secret}`,
      ),
    ) as Verdict
    for (const format of alertFormats) expect(alertBody(told(verdict), format).text).not.toContain('ann')
    const names = [
      '/home/ann/dist/app.tgz',
      'C:\\Users\\ann\\app.tgz',
      '../ann/app.tgz',
      '~/ann/app.tgz',
      '\\\\ann\\app.tgz',
    ]
    for (const name of names) {
      expect(told(named(name, {})).failures[0]!.artifact!.name).toBe('app.tgz')
    }
    expect(told(named('dist/app.tgz', {})).failures[0]!.artifact!.name).toBe('dist/app.tgz')
  })
})

describe('the key', () => {
  const text = fc.string()

  it('is another one for another rule, artifact or outcome, and for nothing else', () => {
    fc.assert(
      fc.property(text, text, text, fc.uint8Array({ minLength: 32, maxLength: 32 }), (rule, name, other, bytes) => {
        const digest = { sha256: Buffer.from(bytes).toString('hex') }
        const key = failureKey(rule, { name, digest }, 'fail')
        expect(failureKey(rule, { name: other, digest: { sha512: 'x', ...digest } }, 'fail')).toBe(key)
        expect(failureKey(rule, { name, digest }, 'undecided')).not.toBe(key)
        expect(failureKey(`${rule}x`, { name, digest }, 'fail')).not.toBe(key)
        expect(failureKey(rule, { name, digest: { sha256: 'b' } }, 'fail')).not.toBe(key)
        expect(failureKey(rule, { name, digest: {} }, 'fail')).not.toBe(key)
      }),
      { numRuns: runs(300) },
    )
  })

  it('cannot be brought about by moving words from one part to another', () => {
    fc.assert(
      fc.property(fc.tuple(text, text), fc.tuple(text, text), ([rule, name], [rule2, name2]) => {
        fc.pre(rule !== rule2 || name !== name2)
        const key = (a: string, b: string): string => failureKey(a, { name: b, digest: {} }, 'fail')
        expect(key(rule, name)).not.toBe(key(rule2, name2))
      }),
      { numRuns: runs(300) },
    )
  })

  it('of an alert does not depend on order, repetition or time, and does on each failure', () => {
    fc.assert(
      fc.property(fc.uniqueArray(text, { minLength: 2, maxLength: 8 }), (all) => {
        const keys = all.map((it) => failureKey(it, undefined, 'fail'))
        expect(alertKey([...keys, ...keys].toReversed())).toBe(alertKey(keys))
        expect(alertKey(keys.slice(1))).not.toBe(alertKey(keys))
        expect(alertKey(keys.slice(0, 1))).toBe(keys[0])
      }),
      { numRuns: runs(200) },
    )
    const tally = newAlertTally('verify', plainStyle)
    tally.add(sampleVerdict('fail', 'all'))
    expect(tally.alert('2027-01-01T00:00:00.000Z')!.idempotencyKey).toBe(
      told(sampleVerdict('fail', 'all')).idempotencyKey,
    )
  })

  it('has those failures in it that are not shown', () => {
    const many = Array.from({ length: 30 }, (_, at) => named(`f${at}`, { sha256: String(at) }))
    const [all, fewer] = [told(...many), told(...many.slice(0, 29))]
    expect(all.failures).toEqual(fewer.failures)
    expect(all.failures).toHaveLength(limits.alertFailures)
    expect(all.more).toBe(fewer.more + told(many[29]!).failures.length)
    expect(all.idempotencyKey).not.toBe(fewer.idempotencyKey)
    expect(slackText(all)).toContain(`and ${all.more} more`)
    expect(cardText(all)).toContain(`and ${all.more} more`)
  })

  it('stands in every form', () => {
    const alert = told(sampleVerdict('fail', 'all'))
    for (const format of alertFormats) expect(alertBody(alert, format).text).toContain(alert.idempotencyKey)
  })
})

/** What is markup in Slack's form, outside of what is quoted, and what ends a quotation. */
function slackMarkup(text: string): readonly string[] {
  return text.split('\n').flatMap((line) => {
    const own = line.split('`')
    return [
      ...(own.length % 2 === 0 ? [`open quotation: ${line}`] : []),
      ...(/[<>@]|&(?!amp;|lt;|gt;)/.exec(line) ?? []),
      ...(/:\/\/|mailto:|www\./i.exec(line) ?? []),
    ]
  })
}

describe('in a chat, text from outside', () => {
  const attacks = [
    '<!channel>',
    '<!here|x> <!everyone>',
    '<@U024BE7LH>',
    '<#C024BE7LR>',
    '<!subteam^SAZ94GDB8>',
    '<https://evil.example|log in>',
    '&lt;!channel&gt;',
    '@channel @all @here @ann',
    '`@channel`',
    '``` <!channel> ```',
    '[log in](https://evil.example)',
    'https://evil.example/ mailto:ann@evil.example www.evil.example',
    '<at>Ann</at>',
    '{{DATE(2026-01-01T00:00:00Z,SHORT)}} {{{DATE(x)}}',
    '${$root.secret} @{body()} @{{x}',
    hostile,
  ]

  it.each(attacks)('is no markup of Slack: %j', (text) => {
    const shown = slackText(told(sampleVerdict('fail', 'all', text)))
    expect(slackMarkup(shown)).toEqual([])
    expect(steersIn(shown)).toEqual([])
  })

  it.each(attacks)('is no markup of Teams: %j', (text) => {
    const shown = cardText(told(sampleVerdict('fail', 'all', text)))
    expect(shown.match(/[<>]|:\/\/|mailto:|www\.|\{\{|\$\{|@\{/gi)).toBeNull()
    expect(steersIn(shown)).toEqual([])
  })

  it('is never more than text, and all of it is bounded', () => {
    const pieces = fc.array(fc.oneof(fc.constantFrom(...attacks), anyText()), { maxLength: 60 })
    const heaviest = ['&', '"', '<', '{', '一', '\u{1f600}'].map((it): [string] => [it.repeat(300)])
    fc.assert(
      fc.property(
        pieces.map((it) => it.join('')),
        (text) => {
          const many = Array.from({ length: 12 }, (_, at) => ({
            ...sampleVerdict('fail', 'all', text),
            artifact: { name: `${at}${text}`, digest: { sha256: at.toString(16).repeat(64) } },
          }))
          const alert = told(...many)
          expect(slackMarkup(slackText(alert))).toEqual([])
          expect(cardText(alert).match(/[<>]|:\/\/|\{\{|\$\{|@\{/g)).toBeNull()
          for (const format of alertFormats) expect(steersIn(alertBody(alert, format).text)).toEqual([])
          expect(Buffer.byteLength(alertBody(alert, 'teams').text)).toBeLessThan(28 * 1024)
          expect(slackText(alert).length).toBeLessThan(40_000)
        },
      ),
      { numRuns: runs(100), examples: heaviest },
    )
  })

  it('stands in the card where Markdown is not known', () => {
    const { body, ...card } = cardOf(told(sampleVerdict('fail', 'all', '**bold** [a](b)')))
    expect(card).toEqual({
      ...{ $schema: 'http://adaptivecards.io/schemas/adaptive-card.json', type: 'AdaptiveCard', version: '1.2' },
    })
    // The rules of the card's schema for these two: nothing but what they name, and text that is a text.
    for (const block of body) {
      expect(Object.keys(block).sort()).toEqual(['inlines', 'type'])
      expect(block.type).toBe('RichTextBlock')
      for (const run of block.inlines) {
        expect(run.type).toBe('TextRun')
        expect(run.text).not.toBe('')
        const known = ['type', 'text', 'weight', 'isSubtle', 'size', 'fontType']
        expect(Object.keys(run).filter((it) => !known.includes(it))).toEqual([])
      }
    }
  })
})

describe('the CloudEvent', () => {
  it('has the attributes that the specification requires, in its forms', () => {
    const alert = told(sampleVerdict('fail', 'none'))
    const { contentType, text } = alertBody(alert, 'cloudevents')
    expect(contentType).toBe('application/cloudevents+json; charset=utf-8')
    const event = JSON.parse(text) as Record<string, unknown>
    expect(event).toMatchObject({ specversion: '1.0', id: alert.idempotencyKey, datacontenttype: 'application/json' })
    expect(event['data']).toEqual(alert)
    // §3.1: lower-case letters and digits; §3.1.1: not empty; RFC 3986 and RFC 3339.
    expect(Object.keys(event).filter((it) => !/^[a-z0-9]{1,20}$/.test(it))).toEqual([])
    for (const name of ['id', 'source', 'type', 'subject']) expect(event[name]).toMatch(/./)
    expect(URL.canParse(event['source'] as string, 'https://x.example')).toBe(true)
    expect(event['dataschema']).toBe('https://w3id.org/countersign/schemas/alert/v1')
    expect(event['time']).toBe(time)
  })

  it('names a subject only where there is one', () => {
    const event = (...some: readonly Verdict[]): unknown => parsed(told(...some), 'cloudevents')
    const bare = (name: string): Verdict => ({ ...sampleVerdict('undecided', 'none'), artifact: { name, digest: {} } })
    expect(event(bare('a'))).toHaveProperty('subject', 'a')
    expect(event(bare('a'), bare('b'))).not.toHaveProperty('subject')
    expect(event(bare(''))).not.toHaveProperty('subject')
  })
})

describe('the form', () => {
  it.each([
    ['hooks.slack.com', 'slack'],
    ['hooks.slack.com.evil.example', 'json'],
    ['prod-12.westeurope.logic.azure.com', 'teams'],
    ['x.0a.environment.api.powerplatform.com', 'teams'],
    ['acme.webhook.office.com', 'teams'],
    ['notlogic.azure.com', 'json'],
    ['alerts.acme.example', 'json'],
  ])('of %s is %s', (host, format) => expect(formatOfHost(host)).toBe(format))
})
