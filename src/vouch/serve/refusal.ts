/** What a service for receipts does not grant: a closed table, so that no answer can hold anything of a request or of a token. */

const table = {
  'request-malformed': [400, 'the body is no strict JSON of the form that is described'],
  'query-refused': [
    400,
    'the address takes no query: a token belongs in the Authorization header, where no log has it',
  ],
  'token-missing': [401, 'the request needs one header Authorization: Bearer, with the token of the session'],
  'token-malformed': [401, 'the token is no strict JWT of a vendor that is taken here'],
  'token-header-refused': [401, 'the header of the token has an algorithm or a member that is not accepted'],
  'token-issuer-unknown': [401, 'the token is of an issuer that is not taken here'],
  'token-audience-mismatch': [401, 'the token is for another environment'],
  'token-signature-invalid': [401, 'the token is signed by no one key of its issuer'],
  'token-expired': [401, 'the token has expired'],
  'token-not-yet-valid': [401, 'the token is not valid yet'],
  'token-claims-refused': [401, 'the token is not that of a session, or lacks what proves one'],
  'user-unnamed': [403, 'the token names nobody who could be written into a receipt'],
  'session-mismatch': [403, 'the token is that of another session, or of another tool'],
  'session-start-refused': [403, 'the session cannot have begun then'],
  'repository-refused': [403, 'sessions of this environment get no receipts for that repository'],
  'not-found': [404, 'there is nothing here'],
  'method-refused': [405, 'this method is not offered here'],
  'request-too-large': [413, 'the request is larger than any that is granted'],
  'rate-limited': [429, 'the session has had as many receipts as it gets for now'],
  internal: [500, 'internal error'],
  busy: [503, 'too many requests are being worked on'],
  stopping: [503, 'the service is being stopped'],
  'vendor-keys-unavailable': [503, 'the keys of the issuer of the token are not available'],
  'signer-failed': [503, 'the receipt could not be signed'],
} as const satisfies { readonly [code: string]: readonly [number, string] }

/** Stable: clients and logs rely on them. */
export type ExchangeCode = keyof typeof table

/** It never crosses the room: clients see HTTP. */
export class ExchangeRefusal extends Error {
  override readonly name = 'ExchangeRefusal'
  readonly code: ExchangeCode
  /** Of the body, by its schema's names. */
  readonly member: string | undefined

  constructor(code: ExchangeCode, member?: string) {
    super(code)
    this.code = code
    this.member = member
  }

  get status(): number {
    return table[this.code][0]
  }

  /** The body of the answer. */
  get said(): { readonly code: ExchangeCode; readonly message: string; readonly member?: string } {
    return {
      code: this.code,
      message: table[this.code][1],
      ...(this.member === undefined ? {} : { member: this.member }),
    }
  }
}
