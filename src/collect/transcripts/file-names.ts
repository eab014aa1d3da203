/** What the names of files and their URIs say. */

const uuid = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/

/** The path in `file:///a/b%20c`; any other text is a path already. */
export function pathOfUri(text: string): string {
  if (!text.startsWith('file://')) return text
  // `file:///C:/a` is a path without the slash before its drive.
  const path = text.slice('file://'.length).replace(/^\/(?=[A-Za-z](?::|%3A)\/)/i, '')
  try {
    return decodeURIComponent(path)
  } catch {
    return path
  }
}

/** The UUID that is the name of a file, without its ending; undefined for every other name, for it would say nothing of a session. */
export function uuidInName(name: string): string | undefined {
  const stem = (name.split('/').at(-1) ?? '').replace(/(?:\.[a-z]+)+$/, '')
  return isUuid(stem) ? stem : undefined
}

/** The UUID that is the name of a folder, `above` folders above the file. */
export function uuidOfFolder(name: string, above: number): string | undefined {
  const folder = name.split('/').at(-1 - above) ?? ''
  return isUuid(folder) ? folder : undefined
}

function isUuid(text: string): boolean {
  return text.length === 36 && uuid.test(text)
}
