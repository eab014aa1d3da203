/**
 * An alert for a webhook of Teams' Workflows: a message with one Adaptive Card. It is of version 1.2, the first that has `RichTextBlock`, whose
 * text runs know no Markdown; a `TextBlock` does. The older MessageCard of connectors is retired.
 */
import type { Alert } from '../../model/alert.ts'
import { messageOf, withoutLinks } from './message.ts'
import type { Piece } from './message.ts'

export function teamsBody(alert: Alert): string {
  const { title, lines, key } = messageOf(alert)
  const content = {
    $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
    type: 'AdaptiveCard',
    version: '1.2',
    body: [
      { type: 'RichTextBlock', inlines: [{ type: 'TextRun', text: plain(title), weight: 'Bolder' }] },
      ...lines.map((pieces) => ({ type: 'RichTextBlock', inlines: pieces.map(textRun) })),
      { type: 'RichTextBlock', inlines: [{ type: 'TextRun', text: plain(key), isSubtle: true, size: 'Small' }] },
    ],
  }
  const attachment = { contentType: 'application/vnd.microsoft.card.adaptive', contentUrl: null, content }
  return JSON.stringify({ type: 'message', attachments: [attachment] })
}

function textRun({ text, quoted }: Piece, index: number): object {
  const spaced = `${index === 0 ? '' : ' '}${plain(text)}`
  return { type: 'TextRun', text: spaced, ...(quoted ? { fontType: 'Monospace' } : {}) }
}

/** `<at>` names people; `{{DATE(…)}}` is a function of cards, `${…}` and `@{…}` are expressions of templates and flows. */
function plain(text: string): string {
  return withoutLinks(text)
    .replaceAll('<', '‹')
    .replaceAll('>', '›')
    .replace(/[{$@](?=\{)/g, '$& ')
}
