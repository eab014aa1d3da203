/** Which text can be the version of a tool. */
import { isUnpublishable } from '../redact/unpublishable.ts'

/** As it stands; undefined for what is no version, or holds what nobody meant to publish. */
export function toolVersion(text: string): string | undefined {
  return /^v?\d[\w.+-]{0,63}$/.test(text) && !isUnpublishable(text) ? text : undefined
}
