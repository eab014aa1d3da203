/** A request that a service of the embedded Sigstore does not grant, as the real services say it. */

/** gRPC status codes (google.rpc.Code) that Fulcio and rekor-tiles put beside the HTTP status. */
const grpcCodes: { readonly [httpStatus: number]: number } = {
  400: 3,
  401: 16,
  403: 7,
  404: 5,
  409: 6,
  413: 8,
  503: 14,
}

interface RefusalDetail {
  /** `code` of the JSON body; by default the gRPC code that belongs to the status. */
  readonly code?: number
  readonly headers?: { readonly [name: string]: string }
}

/**
 * Becomes `{ code, message }` with that HTTP status. It never crosses the room: clients see HTTP. `message` must not quote
 * the request, which can hold a token.
 */
export class Refusal extends Error {
  override readonly name = 'Refusal'
  readonly status: number
  readonly code: number
  readonly headers: { readonly [name: string]: string }

  constructor(status: number, message: string, detail: RefusalDetail = {}) {
    super(message)
    this.status = status
    this.code = detail.code ?? grpcCodes[status] ?? 13
    this.headers = detail.headers ?? {}
  }
}
