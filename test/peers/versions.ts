/**
 * The servers and clients that Countersign is proven against: released versions, pinned, installed by `install.ts` into a
 * cache outside the clone. What these stand on is pinned in tools/, whose go.mod files must agree with this one.
 */

/** A tool and how to install it with its language's ordinary client. */
export type Tool = GoTool | GoModuleTool | PythonTool | PythonFileTool | PythonSourceTool | NpmTool | MavenTool

interface Common {
  readonly name: string
  readonly title: string
  readonly role: 'server' | 'client' | 'validator' | 'neighbour'
  readonly version: string
  /** Why this tool, and why this version. */
  readonly why: string
}

export interface GoTool extends Common {
  readonly kind: 'go'
  /** For `go install <package>@<version>`. */
  readonly package: string
  /** A file of the package's module that is kept beside the program. */
  readonly keeps?: string
}

/** Built in a module of ours, tools/<name>, whose go.mod and go.sum pin all that goes into it. */
export interface GoModuleTool extends Common {
  readonly kind: 'go-module'
  /** Its `version` is the tool's. */
  readonly module: string
  /** Absent: the module's own command. */
  readonly package?: string
}

/** Its dependencies are pinned in tools/<name>/constraints.txt. */
export interface PythonTool extends Common {
  readonly kind: 'python'
  /** For `pip install <package>==<version>`. */
  readonly package: string
  readonly command: string
}

/** One file of a package's source distribution. */
export interface PythonFileTool extends Common {
  readonly kind: 'python-file'
  readonly package: string
  readonly keeps: string
}

/** A package's whole source distribution, beside an environment to run it in; tools/<name>/constraints.txt pins that. */
export interface PythonSourceTool extends Common {
  readonly kind: 'python-source'
  readonly package: string
  /** What its tests need besides it. */
  readonly beside: readonly string[]
}

/** Its dependencies are pinned in tools/<name>/package-lock.json. */
export interface NpmTool extends Common {
  readonly kind: 'npm'
  readonly package: string
  /** Path of the program below node_modules. */
  readonly program: string
}

/** Jars: tools/<name>/pom.xml names the one that brings the others. */
export interface MavenTool extends Common {
  readonly kind: 'maven'
  /** Name of that one, without its version. */
  readonly jar: string
}

export const tools = [
  {
    kind: 'go',
    name: 'fulcio',
    title: 'Fulcio',
    role: 'server',
    package: 'github.com/sigstore/fulcio',
    version: 'v1.8.8',
    keeps: 'config/identity/config.yaml',
    why: 'the certificate authority; file-based, with the claim templates of the public instance',
  },
  {
    kind: 'go-module',
    name: 'trillian-memory',
    title: 'Trillian in memory',
    role: 'server',
    module: 'github.com/google/trillian',
    version: 'v1.8.0',
    why: 'the trees below CTFE and Rekor v1 without a database',
  },
  {
    kind: 'go',
    name: 'ctfe',
    title: 'CTFE',
    role: 'server',
    package: 'github.com/google/certificate-transparency-go/trillian/ctfe/ct_server',
    version: 'v1.3.3',
    why: 'the RFC 6962 certificate log, with Rekor v1',
  },
  {
    kind: 'go-module',
    name: 'tesseract',
    title: 'TesseraCT',
    role: 'server',
    module: 'github.com/transparency-dev/tesseract',
    version: 'v0.1.2',
    why: 'the static-ct-api certificate log, with Rekor v2; a command of ours around its handler, as its own needs unreleased revisions that not every module proxy has',
  },
  {
    kind: 'go',
    name: 'rekor-v2',
    title: 'Rekor v2',
    role: 'server',
    package: 'github.com/sigstore/rekor-tiles/v2/cmd/rekor-server/posix',
    version: 'v2.3.0',
    why: 'the transparency log on tiles; the first version that logs an envelope as hashedrekord alone',
  },
  {
    kind: 'go',
    name: 'timestamp-server',
    title: 'Timestamp authority',
    role: 'server',
    package: 'github.com/sigstore/timestamp-authority/v2/cmd/timestamp-server',
    version: 'v2.1.3',
    why: 'RFC 3161 timestamps; newer versions want Go 1.27',
  },
  {
    kind: 'go',
    name: 'rekor-v1',
    title: 'Rekor v1',
    role: 'server',
    package: 'github.com/sigstore/rekor/cmd/rekor-server',
    version: 'v1.5.4',
    why: 'the transparency log that every client still reads; newer versions want Go 1.27',
  },
  {
    kind: 'go',
    name: 'sigstore-go',
    title: 'sigstore-go (conformance client)',
    role: 'client',
    package: 'github.com/sigstore/sigstore-go/test/conformance',
    version: 'v1.3.0',
    why: 'the library below cosign and gh; newer versions want Go 1.27',
  },
  {
    kind: 'go',
    name: 'cosign',
    title: 'cosign',
    role: 'client',
    package: 'github.com/sigstore/cosign/v3/cmd/cosign',
    version: 'v3.1.3',
    why: 'what most people verify with',
  },
  {
    kind: 'python',
    name: 'sigstore-python',
    title: 'sigstore-python',
    role: 'client',
    package: 'sigstore',
    command: 'sigstore',
    version: '4.5.1',
    why: 'the strictest: X509_STRICT, exactly one SCT and one log entry',
  },
  {
    // `go install` asks for the list of its versions, which not every module proxy gives; a go.mod does without.
    kind: 'go-module',
    name: 'gh',
    title: 'gh attestation verify',
    role: 'client',
    module: 'github.com/cli/cli/v2',
    package: 'github.com/cli/cli/v2/cmd/gh',
    version: 'v2.95.0',
    why: 'what people on GitHub verify with',
  },
  {
    kind: 'npm',
    name: 'sarif-multitool',
    title: 'SARIF Multitool',
    role: 'validator',
    package: '@microsoft/sarif-multitool',
    program: '@microsoft/sarif-multitool-linux/Sarif.Multitool',
    version: '5.7.0',
    why: 'what SARIF 2.1.0 allows, and what GitHub asks for besides',
  },
  {
    kind: 'python-file',
    name: 'junit-schema',
    title: 'JUnit schema of pytest',
    role: 'validator',
    package: 'pytest',
    keeps: 'testing/example_scripts/junit-10.xsd',
    version: '9.0.2',
    why: 'the schema that Jenkins reads JUnit XML by',
  },
  {
    kind: 'python',
    name: 'xmlschema',
    title: 'xmlschema',
    role: 'validator',
    package: 'xmlschema',
    command: 'xmlschema-validate',
    version: '4.2.0',
    why: 'reads XML Schema without a library of the system',
  },
  {
    kind: 'python-source',
    name: 'python-tuf',
    title: 'python-tuf',
    role: 'validator',
    package: 'tuf',
    beside: ['cryptography', 'freezegun'],
    version: '7.0.1',
    why: 'the reference client of TUF: its own tests of its updater judge ours',
  },
  {
    kind: 'go',
    name: 'opa',
    title: 'OPA',
    role: 'validator',
    package: 'github.com/open-policy-agent/opa',
    version: 'v1.22.3',
    why: 'runs the example of docs/policy over `--format policy-input`',
  },
  {
    kind: 'npm',
    name: 'typst',
    title: 'typst for Node',
    role: 'validator',
    package: '@myriaddreamin/typst-ts-node-compiler',
    program: '@myriaddreamin/typst-ts-node-compiler/index.js',
    version: '0.7.0',
    why: 'the optional package that makes PDF of a log of reasoning',
  },
  {
    kind: 'maven',
    name: 'verapdf',
    title: 'veraPDF',
    role: 'validator',
    jar: 'greenfield-apps',
    version: '1.28.2',
    why: 'what PDF/UA-1 asks for, rule by rule',
  },
  {
    kind: 'npm',
    name: 'husky',
    title: 'husky',
    role: 'neighbour',
    package: 'husky',
    program: 'husky/bin.js',
    version: '9.1.7',
    why: 'sets core.hooksPath to a folder of the checkout',
  },
  {
    kind: 'npm',
    name: 'lefthook',
    title: 'lefthook',
    role: 'neighbour',
    // The package that holds the program: `lefthook` itself names one of them that was never released, and `npm ci` refuses it.
    package: 'lefthook-linux-x64',
    program: 'lefthook-linux-x64/bin/lefthook',
    version: '2.2.2',
    why: 'writes hooks anew and puts ours away',
  },
  {
    kind: 'python',
    name: 'pre-commit',
    title: 'pre-commit',
    role: 'neighbour',
    package: 'pre-commit',
    command: 'pre-commit',
    version: '4.7.0',
    why: 'writes hooks anew and goes on running ours',
  },
] as const satisfies readonly Tool[]

export type ToolName = (typeof tools)[number]['name']

export function toolNamed(name: ToolName): Tool {
  const tool = tools.find((it) => it.name === name)
  if (tool === undefined) throw new Error(`there is no tool ${name}`)
  return tool
}
