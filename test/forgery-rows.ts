/** The forgery table of SECURITY.md as data: each row makes its forgery with real cryptography, as somebody could. */
import { identityForgeries } from './forgeries/identity.ts'
import type { Forgery } from './forgeries/row.ts'

export const forgeries: readonly Forgery[] = [...identityForgeries]
