/**
 * Names of owners and repositories on GitHub: it tells no upper from lower case in them, and a certificate has the letters that
 * whoever made the repository wrote. Nothing else of an identity is read without its case, and no other forge's.
 */
import { gitHubIssuer } from '../model/identity.ts'
import { gitHubServer } from '../providers/github.ts'

/**
 * The server of GitHub that an issuer vouches for: github.com, a tenant of ghe.com, or an enterprise's own (GHES); undefined for
 * an issuer that is none of GitHub's.
 */
export function gitHubServerOf(issuer: string | undefined): string | undefined {
  if (issuer === undefined) return undefined
  const server = gitHubServer(issuer)
  if (server !== gitHubServer(gitHubIssuer)) return server
  return issuer === gitHubIssuer || issuer.startsWith(`${gitHubIssuer}/`) ? server : undefined
}

/** An address or a pattern with the letters of owner and repository small, if it lies on that server; else as it is. */
export function withoutNameCase(text: string, server: string): string {
  const root = `${server}/`
  if (!text.startsWith(root)) return text
  const [owner = '', name, ...rest] = text.slice(root.length).split('/')
  return root + [small(owner), ...(name === undefined ? [] : [small(name)]), ...rest].join('/')
}

/** ASCII alone: no name has other letters, and some of those become ASCII when they are made small. */
export function small(text: string): string {
  return text.replace(/[A-Z]/g, (letter) => letter.toLowerCase())
}
