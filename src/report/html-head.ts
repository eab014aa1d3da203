/** The head of each page that we draw: it runs no script and loads nothing, and its style is the one that is named by its hash. */
import { createHash } from 'node:crypto'

/** Up to `</head>`. `title` is HTML already; `css` is ours, and has nothing from outside in it. */
export function htmlHead(title: string, css: string): readonly string[] {
  const style = createHash('sha256').update(css).digest('base64')
  const policy = `default-src 'none'; style-src 'sha256-${style}'; base-uri 'none'; form-action 'none'`
  return [
    '<!doctype html>',
    '<html lang="en">',
    '<head>',
    '<meta charset="utf-8">',
    `<meta http-equiv="Content-Security-Policy" content="${policy}">`,
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    '<meta name="referrer" content="no-referrer">',
    `<title>${title}</title>`,
    `<style>${css}</style>`,
    '</head>',
  ]
}
