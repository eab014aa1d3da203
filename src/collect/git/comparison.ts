/** How git compares files, whatever the configuration of the repository says. */
/** Arguments before the command. */
export function comparisonArgs(system: NodeJS.Platform): readonly string[] {
  return [
    'core.attributesFile=/dev/null',
    // On Windows these are what git init and the installer say, and right.
    ...(system === 'win32' ? [] : ['core.fileMode=true', 'core.symlinks=true', 'core.autocrlf=false']),
    // Where names differ in case, `makefile` is not the tracked `Makefile`.
    ...(system === 'win32' || system === 'darwin' ? [] : ['core.ignoreCase=false']),
  ].flatMap((setting) => ['-c', setting])
}
