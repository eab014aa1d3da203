/** The configuration that whoever can commit can write. */
import type { Edit } from './edit.ts'
import { inFile } from './in-file.ts'

const reading = ['collect/config/read-config.test.ts']

export const config: readonly Edit[] = [
  ...inFile(
    'collect/sessions/tools.ts',
    ['collect/sessions/own-tools.test.ts'],
    [
      {
        rule: 'A known tool behind a row of the repository',
        find: 'ask(knownNames) ?? (ownRows.length === 0 ? undefined : ask(own))',
        replace: '(ownRows.length === 0 ? undefined : ask(own)) ?? ask(knownNames)',
      },
    ],
  ),

  ...inFile(
    'collect/sessions/messages/agent-name.ts',
    ['collect/sessions/own-tools.test.ts'],
    [
      {
        rule: 'A harness of the repository in place of the tool that it ran',
        find: '!tools.isOwnName(part.name) &&',
        replace: '',
      },
      {
        rule: 'A tool that vanishes because it ran in one of the repository',
        find: "it.joint !== 'in' || table.isOwnName(it.name)",
        replace: "it.joint !== 'in'",
      },
    ],
  ),

  ...inFile('model/yaml/yaml-text.ts', reading, [
    {
      rule: 'A configuration of any size',
      find: 'if (bytes.length > bounds.bytes)',
      replace: 'if (false)',
    },
    { rule: 'A configuration in bytes that are no text', find: 'if (!isUtf8(bytes))', replace: 'if (false)' },
    { rule: 'A configuration that reads otherwise than it looks', find: 'if (hidden !== null)', replace: 'if (false)' },
    {
      rule: 'A member that its schema drops and nobody hears of',
      find: "if (key === 'key' && value === '__proto__')",
      replace: 'if (false)',
      tests: ['policy/policy.test.ts'],
    },
    {
      rule: 'A name that an escape makes another, and nobody sees',
      find: 'if (isUnseen(value))',
      replace: 'if (false)',
      tests: ['policy/policy.test.ts', ...reading],
    },
    { rule: 'A bomb of anchors and aliases', find: "anchor: 'an anchor (&)',", replace: '' },
    { rule: 'A tag in a configuration', find: "tag: 'a tag (!)',", replace: '' },
    {
      rule: 'Keys in many lines that fill the stack',
      find: 'if (!(thrown instanceof RangeError)) throw thrown',
      replace: 'throw thrown',
      tests: ['policy/policy.test.ts'],
    },
    {
      rule: 'Keys in one line that fill the stack',
      find: " || type === 'map-value-ind'",
      replace: '',
    },
    {
      rule: 'Keys below keys that fill the stack',
      find: 'if (open.length > 2 * limits.configDepth)',
      replace: 'if (false)',
    },
    {
      rule: 'Brackets that fill the stack',
      find: 'if (Math.max(depth, inLine) > limits.configDepth)',
      replace: 'if (false)',
    },
    { rule: 'Keys without end', find: 'if (parts > bounds.parts)', replace: 'if (false)' },
    { rule: 'A key that is there twice', find: 'uniqueKeys: true', replace: 'uniqueKeys: false' },
    { rule: 'A second document that nobody reads', find: "logLevel: 'error'", replace: "logLevel: 'silent'" },
  ]),

  ...inFile('collect/config/read-config.ts', reading, [
    { rule: 'A link in place of the folder', find: "if (type !== 'tree')", replace: 'if (false)' },
    {
      rule: 'A link in place of the configuration',
      find: 'if (!/^100(?:644|664|755)$/.test(found.mode))',
      replace: "if (found.type !== 'blob')",
    },
  ]),

  ...inFile('collect/config/config-bytes.ts', reading, [
    { rule: 'A name of no reader that turns nothing off', find: 'if (ids.includes(id)) continue', replace: 'continue' },
    {
      rule: 'A remote inside of a network',
      find: "if (inside.test(url.hostname.replace(/\\.$/, '')))",
      replace: 'if (false)',
    },
    {
      rule: 'A signer by a commit',
      find: 'unknown !== undefined && /^(?:(?:allowed|forge)-?signers|keyring)$/i.test(unknown)',
      replace: 'false',
    },
  ]),

  ...inFile('collect/config/own-tools.ts', reading, [
    {
      rule: 'A row with the address of a known tool',
      find: 'if (owner !== undefined && owner !== tool.id)',
      replace: 'if (false)',
    },
    { rule: 'A row that claims everybody', find: 'if (part.isEverybodys)', replace: 'if (false)' },
    {
      rule: 'A row with an id that is another’s name',
      find: "refuseName(tool.id, tool.id, here(['id']))",
      replace: '',
    },
    {
      rule: 'A name that is read before the tool in it',
      find: 'if (within === undefined || within === id ||',
      replace: 'if (true || within === undefined || within === id ||',
    },
    { rule: 'A model as a tool', find: 'if (isVariant || isFamily(name) ||', replace: 'if (false && isVariant ||' },
    {
      rule: 'A person as a tool, by a name of one word',
      find: 'firstNames: [id, ...names].filter((it) => isSingle(it) && knownTools.id(it) === undefined),',
      replace: '',
      tests: ['cli/config.test.ts'],
    },
  ]),

  ...inFile(
    'collect/git/remote.ts',
    ['collect/git/remote-names.test.ts'],
    [
      {
        rule: 'Nothing there, where one of several remotes did not say so',
        find: 'whole &&= answer.whole\n      if (side.store',
        replace: 'whole = answer.whole\n      if (side.store',
      },
    ],
  ),
  ...inFile(
    'attest/evidence-config.ts',
    ['cli/config.test.ts'],
    [
      {
        rule: 'A reader that is turned off and says that nothing is there',
        find: "outcome: 'not-collected'",
        replace: "outcome: 'nothing'",
      },
    ],
  ),
  ...inFile(
    'model/session-words.ts',
    ['cli/config.test.ts'],
    [
      {
        rule: 'An answer of readers that were all turned off',
        find: "it.outcome !== 'not-collected' && !bringNoSession.has(it.reader)",
        replace: "it.outcome !== 'not-collected'",
      },
    ],
  ),
  ...inFile(
    'predicates/build-provenance.ts',
    ['cli/config.test.ts'],
    [
      {
        rule: 'A configuration that is not signed',
        find: '...(sessions.config === undefined ? {} : { config: { ...sessions.config } }),',
        replace: '',
      },
    ],
  ),

  ...inFile(
    'attest/committed-name.ts',
    ['attest/configured-key.test.ts', 'attest/receipts.test.ts'],
    [
      { rule: 'A key behind a link', find: 'if (real !== file)', replace: 'if (false)' },
      {
        rule: 'A key that is committed, or a list of those who vouch',
        find: 'if (isBelow(real, await realpath(root)))',
        replace: 'if (false)',
      },
    ],
  ),

  ...inFile(
    'platform/owners-file.ts',
    ['attest/configured-key.test.ts', 'vouch/issue.test.ts'],
    [{ rule: 'A key that everybody can read', find: '(mode & 0o077) !== 0', replace: 'false' }],
  ),
]
