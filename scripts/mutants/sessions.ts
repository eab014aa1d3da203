/** AI sessions: what of a record counts, how records are joined, how far each was checked. */
import type { Edit } from './edit.ts'
import { inFile } from './in-file.ts'

const whole = 'collect/sessions/collect.test.ts'
const carried = 'collect/sessions/carried-lines.test.ts'

export const sessions: readonly Edit[] = [
  ...inFile(
    'collect/sessions/level.ts',
    ['collect/sessions/level.test.ts'],
    [
      {
        rule: 'A forge that vouches for what it only merged',
        find: "if (signer !== 'person' && signer !== 'agent-platform')",
        replace: 'if (signer === undefined)',
      },
      { rule: 'A receipt for another change', find: '|| !agrees(receipt)', replace: '' },
    ],
  ),

  ...inFile(
    'collect/sessions/session-id.ts',
    ['collect/sessions/session-id.test.ts'],
    [
      { rule: 'A token or an e-mail address as a session', find: '|| isUnpublishable(id)', replace: '' },
      {
        rule: 'What was typed behind the address of a session',
        find: ' || /\\s/.test(url)',
        replace: '',
      },
    ],
  ),

  ...inFile(
    'collect/sessions/models.ts',
    ['collect/sessions/models.test.ts'],
    [
      {
        rule: 'A token behind the name of a known model',
        find: 'if (isUnpublishable(last.slice(start, start + found.length))) return undefined',
        replace: '',
      },
      { rule: 'A token in the place of a model', find: ' && !isUnpublishable(name)', replace: '' },
    ],
  ),

  ...inFile(
    'collect/sessions/tools.ts',
    ['collect/sessions/tools.test.ts'],
    [
      {
        rule: 'A sentence, an address or a path as a tool',
        find: 'canBeName(name) ? slugOf(name) : unknownTool',
        replace: 'slugOf(name)',
      },
    ],
  ),

  ...inFile(
    'collect/sessions/tool-version.ts',
    ['collect/sessions/session-id.test.ts'],
    [{ rule: 'A token behind the version of a tool', find: ' && !isUnpublishable(text)', replace: '' }],
  ),

  ...inFile(
    'collect/sessions/sound-record.ts',
    ['collect/sessions/sound-record.test.ts'],
    [
      {
        rule: 'The raw text of a record as the version of a tool',
        find: 'return version === undefined ? undefined : toolVersion(version)',
        replace: 'return version',
      },
      {
        rule: 'The raw text of a record as a model',
        find: 'name === unknownModel || isKnown(soundModels, name, isModelName)',
        replace: 'true',
      },
      { rule: 'The raw text of a record as a session', find: ' || sessionId(id) !== id', replace: '' },
      { rule: 'The raw text of a record as a tool', find: ' && !isUnpublishable(name)', replace: '' },
    ],
  ),

  ...inFile(
    'collect/sessions/agent-trace/trace-format.ts',
    ['attest/secrets.test.ts'],
    [
      {
        rule: 'A reader that leaves the version of a tool to the gate behind it',
        find: 'version === undefined ? undefined : toolVersion(version)',
        replace: "version ?? toolVersion('')",
      },
    ],
  ),

  ...inFile(
    'collect/redact/unpublishable.ts',
    ['collect/redact/unpublishable.test.ts'],
    [
      { rule: 'An e-mail address in a name', find: 'holdsAddress.test(text) ||', replace: '' },
      { rule: 'The path of a machine in a name', find: 'holdsHome.test(text) ||', replace: '' },
      { rule: 'A secret in a name', find: '|| knownForms(text).length > 0', replace: '' },
    ],
  ),

  ...inFile(
    'collect/sessions/messages/examples.ts',
    ['fixtures/messages.test.ts', 'collect/sessions/messages/examples.test.ts'],
    [
      { rule: 'A trailer in indented code', find: 'indent >= margin + 4', replace: 'indent >= margin + 99' },
      { rule: 'A trailer between fences', find: 'open = opened(line, start)', replace: 'opened(line, start)' },
      {
        rule: 'A stray fence that hides what stands behind it',
        find: '(lastClosing.get(block)?.(signs) ?? -1) > start',
        replace: 'true',
      },
    ],
  ),

  ...inFile(
    'collect/sessions/messages/agent-name.ts',
    ['fixtures/messages.test.ts', 'collect/sessions/messages/agent-name.test.ts'],
    [
      {
        rule: 'A first name in a sentence as an AI session',
        find: "owner === tool || tools.kindOfName(name) === 'product'",
        replace: 'true',
      },
      {
        rule: 'A first name in a trailer as an AI session',
        find: "tools.kindOfName(name) !== 'first-name' || isTied ||",
        replace: 'true ||',
      },
      {
        rule: 'A person by the words before the address',
        find: 'person === undefined || owner === undefined) return []',
        replace: 'person === undefined) return []',
      },
      {
        rule: 'The vendor of a model, taken for the tool that ran it',
        find: 'isHarness(part) &&\n      part.tool !== undefined &&',
        replace: 'false &&',
      },
    ],
  ),

  ...inFile(
    'collect/sessions/identity.ts',
    ['fixtures/messages.test.ts', 'collect/sessions/identity.test.ts'],
    [
      {
        rule: 'A change that a person wrote, by the mark of who committed it',
        find: 'const wrote = remembered(authors, author, authorOf)',
        replace: 'const wrote = remembered(authors, author, authorOf) ?? remembered(authors, committer, authorOf)',
      },
      {
        rule: 'What an agent only carried, as its own work',
        find: "{ role: 'unknown', ...made }",
        replace: 'made',
      },
      {
        rule: 'A commit of a person that an agent rebased, as work of the agent',
        find: 'const isCarried = isOne || authored !== committed',
        replace: 'const isCarried = isOne',
      },
      {
        rule: 'The mark of an author on what a person wrote and it committed, because it is known by then',
        find: 'remembered(committers, committer,',
        replace: 'remembered(authors, committer,',
      },
      {
        rule: "A merge queue's commits as those of an AI reviewer",
        find: '|| owner.isCoAuthorOnly',
        replace: '',
      },
      {
        rule: 'A trial merge of GitHub as work of its author',
        find: 'parents.length > 1 &&',
        replace: 'false &&',
      },
    ],
  ),

  ...inFile(
    'collect/sessions/requester.ts',
    ['collect/sessions/requester.test.ts'],
    [
      {
        rule: 'An address in what is signed',
        find: 'address === undefined ? undefined : person(address)',
        replace: 'address as `hmac-sha256:${string}` | undefined',
      },
      {
        rule: 'A reviewer as who asked',
        find: 'people.size === 1 ? only : undefined',
        replace: 'only',
      },
      {
        rule: 'Who only stands beside a person that wrote, as who asked the agent',
        find: 'if (tools.ofAddress(author.address, author.name)?.tool !== tool) return undefined',
        replace: '',
      },
      {
        rule: 'A person who went on with the work of an agent, as who asked for it',
        find: '!(authored >= since) ||',
        replace: '',
      },
      {
        rule: 'A robot as a person',
        find: '!isRobot &&',
        replace: '',
      },
    ],
  ),

  ...inFile(
    'collect/sessions/join.ts',
    ['collect/sessions/requester.test.ts'],
    [
      {
        rule: 'One of two people who are both said to have asked',
        find: 'asked.size === 1 ? asked : []',
        replace: 'asked',
      },
    ],
  ),

  ...inFile(
    'attest/attest.ts',
    ['attest/changes.test.ts'],
    [
      {
        rule: 'People in a statement without a key that says whose hashes they are',
        find: 'if (changes === undefined) return undefined\n  return (config)',
        replace: 'return (config)',
      },
    ],
  ),

  ...inFile(
    'collect/sessions/tools.ts',
    ['fixtures/messages.test.ts', 'collect/sessions/identity.test.ts', 'collect/sessions/messages/forms.test.ts'],
    [
      {
        rule: "A login of a tool under somebody else's number",
        find: 'number !== undefined && named?.account.id !== undefined ? undefined : named',
        replace: 'named',
      },
      {
        rule: 'A renamed account as a person',
        find: 'if (numbered !== undefined) return numbered',
        replace: '',
      },
      {
        rule: 'A branch of a person called Devin',
        find: '/^1\\d{9}(?!\\d)/.test(rest) && rest.slice(10).startsWith(end)',
        replace: "rest !== ''",
      },
    ],
  ),

  ...inFile(
    'collect/sessions/messages/agent-name.ts',
    ['fixtures/messages.test.ts', 'collect/sessions/messages/forms.test.ts'],
    [
      {
        rule: 'A person without an address, as the tool of the same first name',
        find: 'return agentsIn(parts, tools, (part) => isNamedAsTool(part, tools))',
        replace: 'return agentsIn(parts, tools, () => true)',
      },
      {
        rule: 'A tool beside a person who has no address, as the author',
        find: 'if (!parts.every((it) => it.tool !== undefined || it.models.length > 0 || it.isAside)) return []',
        replace: '',
      },
    ],
  ),

  ...inFile(
    'collect/sessions/messages/footers.ts',
    ['fixtures/messages.test.ts', 'collect/sessions/messages/forms.test.ts'],
    [
      {
        rule: 'The end of a line in a sentence, as the signature of a tool',
        find: 'if (!isSentence) return text',
        replace: '',
      },
      {
        rule: 'Any comment of settings as that of a tool',
        find: "tools.kindOfName(commented) === 'first-name' ? undefined : tools.id(commented)",
        replace: 'tools.slug(commented)',
      },
      {
        rule: 'A person whom a sentence thanks, as a robot',
        find: "sign.includes('🤖')",
        replace: 'true',
      },
    ],
  ),

  ...inFile(
    'collect/sessions/session-draft.ts',
    ['collect/sessions/join.test.ts'],
    [
      {
        rule: 'A review in one commit, as the role of the session that it names',
        find: 'if (draft.id === undefined) draft.role',
        replace: 'draft.role',
      },
    ],
  ),

  ...inFile(
    'collect/sessions/messages/commit-message.ts',
    ['fixtures/messages.test.ts', 'collect/sessions/messages/forms.test.ts'],
    [
      {
        rule: 'A person who executes something, as a team of agents',
        find: 'hasPlace === true ||',
        replace: 'true ||',
      },
      {
        rule: 'A subject that quotes a merge, as a merge',
        find: 'isMerge ? mergedBranch(message) : undefined',
        replace: 'mergedBranch(message)',
      },
    ],
  ),

  ...inFile(
    'collect/sessions/messages/session-links.ts',
    ['fixtures/messages.test.ts', 'collect/sessions/messages/forms.test.ts'],
    [
      {
        rule: 'A session that a sentence mentions',
        find: 'isInText === true ?',
        replace: 'true ?',
      },
    ],
  ),

  ...inFile(
    'collect/sessions/models.ts',
    ['collect/sessions/models.test.ts'],
    [
      { rule: 'A provider, taken for a model', find: 'isProvider(name) || toolId(name)', replace: 'toolId(name)' },
      {
        rule: 'The account of a path, said with its model',
        find: 'steps.length <= 4 && steps.slice(0, -1).every((it) => /^[@~]?[A-Za-z0-9._-]{1,40}$/.test(it))',
        replace: 'true',
      },
      {
        rule: 'A person in brackets, said with a model',
        find: 'inner.length > 0 && inner.every(isAbout)',
        replace: 'true',
      },
    ],
  ),

  ...inFile(
    'collect/sessions/session-draft.ts',
    ['collect/sessions/join.test.ts'],
    [
      {
        rule: 'One model under several names as several',
        find: 'const model = normalModel(said)',
        replace: 'const model = said',
      },
      {
        rule: 'A record without an id that pins a session',
        find: 'if (content.session === undefined) return',
        replace: '',
      },
      {
        rule: 'Two digests of one session, of which one counts',
        find: 'return said === undefined || said === known ? known : disagreed',
        replace: 'return known',
      },
      {
        rule: 'A copied note that counts as a direct one',
        find: 'Math.max(draft.linkage, linkages.indexOf(linkage))',
        replace: 'Math.min(draft.linkage, linkages.indexOf(linkage))',
      },
    ],
  ),

  ...inFile(
    'collect/sessions/line-ranges.ts',
    ['collect/sessions/line-ranges.test.ts', whole],
    [
      {
        rule: 'Lines that the commit did not add',
        find: 'if (isAllowed[piece] === 1)',
        replace: 'if (true)',
      },
    ],
  ),

  ...inFile(
    'model/moved-lines.ts',
    [carried, 'model/moved-lines.test.ts'],
    [
      {
        rule: 'A line that somebody changed on the way into a change, as that of its session',
        find: ' || keys[at] !== owned.keys[index]',
        replace: '',
      },
      {
        rule: 'A line that a later commit wrote anew, as that of the session before',
        find: 'if (next !== undefined && next.oldFirst <= line) continue',
        replace: '',
      },
    ],
  ),

  ...inFile(
    'collect/sessions/carried-way.ts',
    [carried, 'collect/sessions/carried-way.test.ts'],
    [
      {
        rule: 'Lines that a note of a request does not claim, as those of its session',
        find: ' || range.first > line',
        replace: '',
      },
      {
        rule: 'Lines of the base, or of another request, as those that a change added',
        find: 'let kept = keptIn(held.get(path) ?? noOwnedLines(), lines, keys)',
        replace: 'let kept = held.get(path) ?? noOwnedLines()',
      },
      {
        rule: 'Lines of a rewritten commit that stand in other hunks by now',
        find: ' || !isSame(file.shape, shape)',
        replace: '',
      },
      { rule: 'Lines without end that are held', find: 'isLarge = left < 0', replace: 'isLarge = false' },
    ],
  ),

  ...inFile(
    'collect/sessions/carry-pass.ts',
    [carried],
    [
      {
        rule: 'What a merge in a request wrote itself, by its note',
        find: "(leg.kind === 'branch' || leg.kind === 'copy') && !isMerge",
        replace: "leg.kind === 'branch' || leg.kind === 'copy'",
      },
    ],
  ),

  ...inFile(
    'collect/sessions/line-notes.ts',
    [carried],
    [
      {
        rule: 'Lines of a request beside a note of the change, which has them too',
        find: ' && !here.has(it.change)',
        replace: '',
      },
      {
        rule: 'No lines of a session whose notes never say any',
        find: 'isWithoutLines !== true && ',
        replace: '',
        tests: ['collect/sessions/small/readers.test.ts'],
      },
    ],
  ),

  ...inFile(
    'collect/git/hunks.ts',
    ['collect/git/hunks.test.ts'],
    [
      {
        rule: 'Lines of a file with a name that is not read, as those of the file before',
        find: 'if (line === undefined) isNamed = false',
        replace: 'if (line === undefined) continue',
      },
    ],
  ),

  ...inFile(
    'collect/sessions/readers/git-ai-note.ts',
    [whole],
    [
      {
        rule: 'A note that was made for another commit',
        find: 'if (note.baseCommit !== commit && !isOfParent)',
        replace: 'if (false)',
      },
      {
        rule: "A line that is a person's and is also said to be AI's",
        find: 'return [...shares.filter(({ owner }) => owner !== human), ...shares.filter(({ owner }) => owner === human)]',
        replace: 'return shares',
      },
      {
        rule: 'Lines of a request beside a note of the change, which has them too',
        tests: [carried],
        find: 'before.filter(({ change }) => !here.has(change))',
        replace: 'before',
      },
    ],
  ),

  ...inFile(
    'collect/sessions/messages/own-models.ts',
    ['fixtures/messages.test.ts', 'collect/sessions/messages/agent-name.test.ts'],
    [
      {
        rule: 'Another assistant, told as the model of the one beside it',
        find: 'return own === undefined || own.test(normalModel(model))',
        replace: 'return true',
      },
    ],
  ),

  ...inFile(
    'collect/sessions/messages/name-parts.ts',
    ['fixtures/messages.test.ts', 'collect/sessions/messages/agent-name.test.ts'],
    [
      {
        rule: 'The id of a model, told as a tool',
        find: 'return isFamily(name) && behind.toLowerCase().startsWith(name.toLowerCase())',
        replace: 'return false',
      },
    ],
  ),

  ...inFile(
    'collect/sessions/messages/examples.ts',
    ['fixtures/messages.test.ts', 'collect/sessions/messages/examples.test.ts'],
    [
      {
        rule: 'A claim that a message shows as an example behind a colon',
        find: 'if (isIntroduced && margin !== 2 && indent > margin && shown.test(line)) return true',
        replace: '',
      },
      {
        rule: 'A claim between the dashes of AsciiDoc',
        find: 'closesAt = delimited(line, start, lineBefore)',
        replace: '',
      },
    ],
  ),
]
