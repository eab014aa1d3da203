/** What an attestation is made from: git, subjects, the CI job. */
import type { Edit } from './edit.ts'
import { inFile } from './in-file.ts'

const repository = ['collect/git/repository.test.ts']

export const collect: readonly Edit[] = [
  {
    rule: 'A password whose name stands in another member is kept',
    file: 'collect/redact/member-name.ts',
    find: '/^value$/i.test(member)',
    replace: "member === ''",
    tests: ['collect/transcripts/redacted-rows.test.ts'],
  },
  {
    rule: 'A password in three quotes is kept',
    file: 'collect/redact/named-values.ts',
    find: `(?:""(?=")|''(?='))?`,
    replace: '',
    tests: ['collect/redact/named-values.test.ts'],
  },
  ...inFile(
    'collect/ai-configuration/mcp-servers.ts',
    ['collect/ai-configuration/mcp-servers.test.ts'],
    [
      {
        rule: 'What stands under __proto__ in TOML or YAML, taken for a server or a variable',
        find: ' || named.some(hasProto)',
        replace: '',
      },
      {
        rule: 'A text in a list of variables that is no name but its value',
        find: '[...all].filter(isName)',
        replace: '[...all]',
      },
    ],
  ),
  ...inFile('collect/git/process.ts', repository, [
    {
      rule: 'A hook of the repository that runs',
      find: "'core.hooksPath=/dev/null',",
      replace: '',
      tests: ['collect/git/process.test.ts'],
    },
    {
      rule: 'A secret of the job, or another repository, in the environment of git',
      find: 'systemVariables.has(name.toUpperCase()) || gitVariables.test(name)',
      replace: 'true',
      tests: ['collect/git/process.test.ts'],
    },
    {
      rule: 'A commit that a replace ref puts in the place of another',
      find: "GIT_NO_REPLACE_OBJECTS: '1',",
      replace: '',
    },
  ]),

  ...inFile(
    'collect/git/settings.ts',
    ['collect/git/process.test.ts', 'collect/git/repository.test.ts'],
    [
      {
        rule: 'A filter of the repository that runs',
        find: 'settings.filter(\n    ([, key, value]) =>',
        replace: 'settings.filter(\n    ([, key, value]) => false &&',
      },
      {
        rule: 'An extension of Git LFS that runs',
        find: '(hasExtensions || !/^git-lfs',
        replace: '(!/^git-lfs',
      },
    ],
  ),

  ...inFile(
    'collect/git/worktree.ts',
    ['collect/git/worktree.test.ts', 'collect/git/repository.test.ts'],
    [
      {
        rule: 'A change that the flags of the index hide',
        find: 'GIT_INDEX_FILE: index',
        replace: '',
      },
      {
        rule: 'A checkout in the place of a submodule that is none',
        find: "if (!names.includes('.git')) return 'dirty'",
        replace: '',
      },
      {
        rule: 'A new file that an exclusion of the clone hides',
        find: "'ls-files', '--others', '-z'",
        replace: "'ls-files', '--others', '--exclude-standard', '-z'",
      },
      {
        rule: 'Attributes that no commit holds',
        find: "if (attributed) changed.add(['.git/info/attributes'])",
        replace: '',
      },
      {
        rule: 'A list of exclusions that ignores itself',
        find: '`--exclude-from=${ignored}`',
        replace: "'--exclude-per-directory=.gitignore'",
      },
      {
        rule: 'Attributes that no commit holds, in the tree',
        find: 'changed.add(untrackedAttributes(repository.root, listing, spared))',
        replace: '',
      },
      {
        rule: 'A missing file that a flag of the index hides where no checkout is sparse',
        find: 'if (missing.size === 0 || !sparse)',
        replace: 'if (missing.size === 0)',
      },
      {
        rule: 'A file that a sparse checkout left out, untold',
        find: 'sparse: sparse.count === 0 ?',
        replace: 'sparse: sparse.count >= 0 ?',
      },
      {
        rule: 'An untracked file that nobody counts',
        find: 'if (!(await isAttestation(root, path))) untracked.add(path)',
        replace: 'if (!(await isAttestation(root, path))) continue',
      },
      {
        rule: 'A file under the name of an output that is no attestation',
        find: '} else if (outputs.has(path) || looked.length',
        replace: '} else if (outputs.has(path)) return\n    else if (looked.length',
      },
    ],
  ),

  ...inFile(
    'collect/git/ignore-lists.ts',
    ['collect/git/ignore-lists.test.ts'],
    [
      {
        rule: 'A folder of a .gitignore whose name is a pattern',
        find: 'folder.replace(/[\\\\*?[]/g, (mark) => `\\\\${mark}`)',
        replace: 'folder',
      },
      {
        rule: 'A pattern of nothing, which would hide the whole folder',
        find: "if (rest === '' || rest === '/') return []",
        replace: '',
      },
    ],
  ),

  ...inFile(
    'collect/git/hashed-commits.ts',
    ['collect/git/integrity.test.ts', 'collect/git/commit-object.test.ts'],
    [
      {
        rule: 'A commit that was put in the place of another, under its id',
        find: 'if (!standsAt(asked, at, id)) throw altered(idIn(asked, at))',
        replace: '',
      },
      {
        rule: 'The same, of one that is too large to be held',
        find: "if (large.hash.digest('hex') !== id) throw altered(id)",
        replace: '',
      },
    ],
  ),

  ...inFile(
    'collect/git/commit-object.ts',
    ['collect/git/commit-object.test.ts'],
    [
      {
        rule: 'A signature behind a NUL, or in a header of another order, that is passed over as none',
        find: 'isSigned: nul >= 0 || ',
        replace: 'isSigned: ',
      },
    ],
  ),
  ...inFile(
    'collect/sessions/index.ts',
    ['collect/sessions/signed.test.ts'],
    [
      {
        rule: 'A signed commit whose signature nobody looks at',
        find: 'if (!visited.isSigned) unsigned.add(visited.commit)',
        replace: 'unsigned.add(visited.commit)',
      },
    ],
  ),

  ...inFile(
    'collect/git/lent-gits.ts',
    ['collect/git/commit-object.test.ts'],
    [
      {
        rule: 'An answer to another question than that which was asked',
        find: 'if (isDone && reading !== undefined)',
        replace: 'if (reading !== undefined)',
      },
      {
        rule: 'An answer from another repository than that which was asked',
        find: 'return reading?.cwd === cwd && reading.env === env ? reading : undefined',
        replace: 'return reading',
      },
    ],
  ),

  ...inFile(
    'collect/git/trees.ts',
    ['collect/git/integrity.test.ts', 'collect/git/trees.test.ts'],
    [
      {
        rule: 'A tree that was put in the place of another, under its id',
        find: 'whole(objectFormat, at.id ?? id, type, contents)',
        replace: '',
      },
      {
        rule: 'Trees that hold one another are walked up to a bound',
        find: 'if (entries > most) throw',
        replace: 'if (entries < 0) throw',
      },
    ],
  ),

  ...inFile(
    'collect/git/release-start.ts',
    ['collect/git/release-start.test.ts'],
    [
      {
        rule: 'A candidate between two releases, which would shorten the range',
        find: 'isFinal(it.version) || (',
        replace: 'true || (',
      },
      {
        rule: 'A release of another package',
        find: 'const own = tags.filter((it) => it.series === series)',
        replace: 'const own = tags',
      },
      {
        rule: 'A later version that lies below',
        find: 'compareVersions(it.version, version) < 0',
        replace: 'it.version !== version',
      },
      {
        rule: 'A tag on the released commit, which would leave nothing of the range',
        find: 'tags.filter((it) => it.commit !== commit).slice',
        replace: 'tags.slice',
      },
      {
        rule: 'A version that was made of the released commit',
        find: 'if (base === commit) continue',
        replace: '',
      },
      {
        rule: 'A version beside a branch for maintenance, which would take away commits that its line has not released',
        find: 'return isTrunk(branch) ? candidates.filter(isOfMajor) : []',
        replace: 'return candidates',
      },
      {
        rule: 'A released version that only the token names',
        find: '?? (known === undefined ? undefined : { name, commit, time: 0, ...known })',
        replace: '',
      },
    ],
  ),

  ...inFile(
    'collect/git/moving-tags.ts',
    ['collect/git/release-start.test.ts'],
    [
      {
        rule: 'A moving tag on the commit of a later version',
        find: 'own.longer.has(tag.commit) || ',
        replace: '',
      },
      {
        rule: 'A moving tag that was moved before its version was tagged',
        find: 'return long > 0 && long >= others.length - long',
        replace: 'return false',
      },
    ],
  ),

  ...inFile(
    'collect/ci/dispatch-inputs.ts',
    ['collect/ci/dispatch-inputs.test.ts'],
    [
      {
        rule: 'A secret in an input, signed for ever',
        find: 'values.push([name, without.text])',
        replace: 'values.push([name, text])',
      },
    ],
  ),

  ...inFile(
    'collect/redact/encoded-text.ts',
    ['collect/redact/encoded-text.test.ts'],
    [
      {
        rule: 'A secret in percent signs',
        find: '%(?:25)*(0[ad]|[2-7][0-9a-f])',
        replace: '%(?!.)(0[ad]|[2-7][0-9a-f])',
      },
      {
        rule: 'A secret in hex',
        find: 'inOrder([...escapesIn(text), ...hexIn(text)])',
        replace: 'inOrder(escapesIn(text))',
      },
      { rule: 'A secret in entities of HTML', find: '[4-9]\\d|1[01]\\d', replace: '[4-9]\\d' },
      { rule: 'All of a line that has one encoded character', find: 'lineStart(text, from), end)', replace: 'end)' },
    ],
  ),
  ...inFile(
    'collect/redact/key-tails.ts',
    ['collect/redact/encoded-text.test.ts'],
    [
      {
        rule: 'The tail of a private key',
        find: 'return from === undefined ? []',
        replace: 'return from !== undefined ? []',
      },
      { rule: 'Prose before the tail of a key', find: '(line < 2 ? 1 : leastOfLine)', replace: '0' },
    ],
  ),
  ...inFile(
    'collect/redact/secrets.ts',
    ['collect/redact/secrets.test.ts'],
    [
      {
        rule: 'The rest of a token that goes on',
        find: 'while (end < text.length && within',
        replace: 'while (end < 0 && within',
      },
      {
        rule: 'A secret of a form that the preset does not know',
        find: ' ...knownForms(text, found),',
        replace: '',
      },
    ],
  ),

  ...inFile(
    'collect/redact/secrets.ts',
    ['collect/redact/random-runs.test.ts'],
    [
      {
        rule: 'A secret of no known form that looks random',
        find: '    ...randomRuns(text, before),\n',
        replace: '',
      },
      {
        rule: 'A secret in escapes of JSON',
        find: '[unescapedText(text), decodedText(text)]',
        replace: '[decodedText(text)]',
      },
    ],
  ),

  ...inFile(
    'collect/redact/public-runs.ts',
    ['collect/redact/random-runs.test.ts'],
    [
      {
        rule: 'A secret that begins as an id does, and goes on',
        find: '[A-Za-z0-9_-]{12,64}$`)',
        replace: '[A-Za-z0-9_-]{12,}$`)',
      },
      {
        rule: 'A secret in the parameter of an address',
        find: '(isBehind && !/[=&?]$/.test(line))',
        replace: 'isBehind || /[=&?]$/.test(line)',
      },
    ],
  ),

  ...inFile(
    'collect/redact/formed-runs.ts',
    ['redaction/redaction.test.ts'],
    [
      {
        rule: 'A token that only its whole form tells',
        find: 'if (whole.test(run)) return [from, to]',
        replace: '',
      },
    ],
  ),

  ...inFile(
    'collect/redact/preset.ts',
    ['collect/redact/secrets.test.ts'],
    [
      {
        rule: 'Half of a secret, where a report says the wrong place',
        find: 'return at < 0 ? [0, text.length] : [at, at + secret.length]',
        replace: 'return [from, to]',
      },
      {
        rule: 'A comment in an input that turns the search off',
        find: "if (name === 'filter-comments') return false",
        replace: '',
      },
    ],
  ),

  ...inFile(
    'collect/redact/named-values.ts',
    ['collect/redact/named-values.test.ts'],
    [
      {
        rule: 'A passphrase of which all but its first word is signed',
        find: 'end += whole.length',
        replace: 'return to',
      },
      { rule: 'A password behind an option', find: 'isSecret: isGiven,', replace: 'isSecret: () => false,' },
      { rule: 'The end of a long value', find: 'return end.exec(text)?.index ?? to', replace: 'return to' },
      { rule: 'A version behind a password', find: String.raw`|v?\d+\.\d+\.\d|`, replace: '|' },
    ],
  ),

  ...inFile(
    'collect/redact/known-forms.ts',
    ['collect/redact/named-values.test.ts'],
    [
      {
        rule: 'A secret in base64',
        find: 'if (unencoded(plain, secretWordsIn(plain)).length > 0) places.push',
        replace: 'if (plain.length < 0) places.push',
      },
    ],
  ),

  ...inFile(
    'collect/redact/word-places.ts',
    ['collect/redact/known-forms.test.ts'],
    [
      {
        rule: 'A secret that stands over the end of a piece of the search',
        find: 'let row = before',
        replace: 'let row = 0',
      },
      {
        rule: 'A secret in capitals, or in small letters',
        find: 'const lower = code >= 0x41 && code <= 0x5a ? code + 0x20 : code',
        replace: 'const lower = code',
      },
      {
        rule: 'A secret at the end of a text',
        find: 'const end = text.length + looked - 1',
        replace: 'const end = text.length',
      },
    ],
  ),

  ...inFile(
    'collect/git/objects.ts',
    ['collect/git/integrity.test.ts'],
    [
      {
        rule: 'A note that was put in the place of another, under its id',
        find: "if (hash.digest('hex') !== id) throw altered(id)",
        replace: '',
      },
    ],
  ),

  ...inFile(
    'collect/git/repository.ts',
    ['collect/git/worktree.test.ts', 'collect/git/repository.test.ts'],
    [
      {
        rule: 'A working tree that is another folder',
        find: 'if (!(await isSameFolder(root, await nearestCheckout(cwd))))',
        replace: 'if (false)',
      },
    ],
  ),

  ...inFile(
    'collect/git/history.ts',
    ['collect/git/history.test.ts'],
    [
      {
        rule: 'A release whose history is cut',
        find: "if (cut && options.allowShallow === 'refuse')",
        replace: 'if (false)',
      },
      {
        rule: 'A path that never was there, which leaves an empty release',
        find: "if (last === '') throw noPath(path)",
        replace: '',
      },
    ],
  ),

  ...inFile('collect/git/remote-uri.ts', repository, [
    {
      rule: 'The user of a remote in a signed statement',
      find: "isShell && parsed.username === 'git' ? 'git@' : ''",
      replace: "parsed.username === '' ? '' : parsed.username + '@'",
    },
  ]),

  ...inFile(
    'collect/subjects/paths.ts',
    ['collect/subjects/subjects.test.ts'],
    [
      {
        rule: 'A link that leads out of the working folder',
        find: 'if (real !== written && !isBelow(real, root))',
        replace: 'if (false)',
      },
      {
        rule: 'What was signed before, signed as an artifact',
        find: 'const companion = companionOf(place, own)',
        replace: 'const companion = undefined as Companion | undefined',
      },
      {
        rule: 'What was signed before under a name of its own, signed as an artifact',
        find: '(leftOut.get(place) ?? (await companionByContent(match, names)))',
        replace: '(undefined as Companion | undefined)',
      },
      {
        rule: 'A file called as a glob, which hides all others',
        find: 'matches: await matched(path, root, own, most) }',
        replace: 'matches: isFile ? new Map() : await matched(path, root, own, most) }',
      },
    ],
  ),

  ...inFile(
    'collect/subjects/companion-content.ts',
    ['collect/subjects/subjects.test.ts'],
    [
      {
        rule: 'A checksum file that lists nothing that is here',
        find: 'name !== basename(place) && named.has(name)',
        replace: 'true',
      },
      {
        rule: 'The id of a commit taken for a checksum',
        find: "if (!digestEnding.test(parts[end] ?? '')) continue",
        replace: '',
      },
      {
        rule: 'A signature of what is not here',
        find: 'return (await lstat(path).catch(() => undefined))?.isDirectory() === false',
        replace: 'return true || (await lstat(path))',
      },
      {
        rule: 'What countersign itself has told, signed as an artifact',
        find: "if (isOwnDocument(json)) return 'own report'",
        replace: '',
      },
      {
        rule: 'A private key taken for a certificate',
        find: "if (code === 'certificate-alone' || code === 'signature-alone') return true",
        replace: 'if (code !== undefined) return true',
      },
    ],
  ),

  ...inFile(
    'collect/subjects/checksum-lists.ts',
    ['collect/subjects/checksum-lists.test.ts'],
    [
      {
        rule: 'A manifest that holds digests besides, taken for a list of checksums',
        find: "if (row === undefined || row.name === '') return undefined",
        replace: "if (row === undefined || row.name === '') continue",
      },
      {
        rule: 'Dates taken for checksums',
        find: '(weak.length > 0 && !weak.some((it) => /[a-f]/i.test(it)))',
        replace: 'false',
      },
    ],
  ),

  ...inFile(
    'collect/subjects/subjects.ts',
    ['collect/subjects/subjects.test.ts'],
    [
      {
        rule: 'One name for two files',
        find: 'if (known !== undefined && algorithmsOf(known).some(',
        replace: 'if (known !== undefined && [].some(',
      },
      {
        rule: 'A name that shows as another',
        find: 'return holdsUnseen(name) ||',
        replace: 'return',
      },
    ],
  ),

  ...inFile(
    'collect/ci/token-request.ts',
    ['collect/ci/token-request.test.ts'],
    [
      {
        rule: 'The secret of a job sent in the clear',
        find: 'if (target === null || !isSecure(target))',
        replace: 'if (target === null)',
      },
      {
        rule: 'A secret that an error of fetch would repeat',
        find: String.raw`if (!/^[\x21-\x7e]+$/.test(secret))`,
        replace: 'if (false)',
      },
      {
        rule: 'The secret of a job taken along by a redirect',
        find: "redirect: 'error'",
        replace: "redirect: 'follow'",
      },
      {
        rule: 'A token for an audience that the environment has chosen',
        find: "target.searchParams.set('audience', audience)",
        replace: "target.searchParams.append('audience', audience)",
      },
    ],
  ),

  ...inFile(
    'collect/ci/index.ts',
    ['collect/ci/token.test.ts', 'providers/made-up.test.ts'],
    [
      {
        rule: 'A token in the place of its path, in an error',
        find: "readRegularFile(path, limits.tokenBytes, 'the identity token file')",
        replace: 'readRegularFile(path, limits.tokenBytes, path)',
      },
    ],
  ),

  ...inFile(
    'collect/subjects/subjects.ts',
    ['collect/subjects/subjects.test.ts'],
    [
      {
        rule: 'A BLAKE2 digest, signed as a sha512',
        find: 'refuseOtherDigests(basename(path))',
        replace: '',
      },
    ],
  ),
]
