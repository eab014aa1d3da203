/** The path in a header of a patch. Pure, and without an import: what a hook of git starts has it, too. */

/** `b/path`, or quoted as in C, with a tab behind it if it holds a space; undefined for `/dev/null`, where the file is not there. */
export function patchPath(text: string, prefix: 'a/' | 'b/' = 'b/'): string | undefined {
  const written = text.replace(/\t$/, '')
  const path = written.startsWith('"') ? unquote(written.slice(1, -1)) : written
  return path.startsWith(prefix) ? path.slice(2) : undefined
}

const escapes: Readonly<Record<string, string>> = { a: '\x07', b: '\b', t: '\t', n: '\n', v: '\v', f: '\f', r: '\r' }

function unquote(text: string): string {
  return text.replace(/\\([0-7]{3}|.)/gs, (_, escape: string) =>
    escape.length === 3 ? String.fromCharCode(parseInt(escape, 8)) : (escapes[escape] ?? escape),
  )
}
