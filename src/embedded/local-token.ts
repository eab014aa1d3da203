/** Tokens of an embedded Sigstore from its state folder alone, whether it runs or not. */
import type { JSONWebKeySet } from 'jose'
import type { Claims } from '../model/provider.ts'
import { createIssuer } from './issuer.ts'
import type { Issuer, MintOptions } from './issuer.ts'
import { readMaterial } from './material.ts'
import { defaultIssuer } from './names.ts'
import { missingState } from './state-files.ts'

interface LocalTokenOptions extends MintOptions {
  /** `iss`, for a run that was started under another name. */
  readonly issuer?: string
  readonly now?: () => Date
}

/** A token of that Sigstore's issuer. Errors: `local-state-missing`, `local-state-malformed`. */
export async function mintLocalToken(state: string, claims: Claims, options: LocalTokenOptions = {}): Promise<string> {
  const { issuer, now, ...mint } = options
  const local = await issuerIn(state, issuer ?? defaultIssuer, now ?? (() => new Date()))
  return local.mint(claims, mint)
}

/** Its issuer and the keys to check such tokens. Errors as above. */
export async function readLocalIssuer(state: string): Promise<{ issuer: string; jwks: JSONWebKeySet }> {
  const { issuer, jwks } = await issuerIn(state, defaultIssuer, () => new Date())
  return { issuer, jwks }
}

async function issuerIn(state: string, issuer: string, now: () => Date): Promise<Issuer> {
  const material = await readMaterial(state)
  if (material === undefined) throw missingState(state)
  return createIssuer({ issuer, key: material.keys.issuer, now })
}
