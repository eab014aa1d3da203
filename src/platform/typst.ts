/** Typst, by an optional package: it has 51 MB, and few want PDF. */
import { createRequire } from 'node:module'
import { CountersignError } from '../errors.ts'

const typstPackage = '@myriaddreamin/typst-ts-node-compiler'

/** As much of the package as is used. */
interface Typst {
  readonly NodeCompiler: {
    create(): {
      pdf(
        document: { readonly mainFileContent: string; readonly inputs: { readonly [name: string]: string } },
        options: { readonly pdfStandard: 'ua-1'; readonly creationTimestamp: number },
      ): Uint8Array
    }
  }
}

/**
 * A tagged PDF (PDF/UA-1) of a document and its inputs; the same bytes for the same. `load` gives another package in a test. Errors:
 * `pdf-package-missing`, `pdf-failed` (no text of the document is in it).
 */
export function typesetPdf(
  source: string,
  inputs: { readonly [name: string]: string },
  load: () => unknown = () => createRequire(import.meta.url)(typstPackage) as unknown,
): Uint8Array {
  let typst: Typst
  try {
    typst = load() as Typst
  } catch (cause) {
    throw new CountersignError('pdf-package-missing', `PDF needs the package ${typstPackage}`, { cause })
  }
  try {
    return typst.NodeCompiler.create().pdf(
      { mainFileContent: source, inputs },
      { pdfStandard: 'ua-1', creationTimestamp: 0 },
    )
  } catch {
    // What the compiler says may hold text of the document.
    throw new CountersignError('pdf-failed', 'the PDF could not be typeset')
  }
}
