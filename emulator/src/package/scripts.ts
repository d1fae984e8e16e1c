import type * as esbuild from 'esbuild'
import { createRequire } from 'node:module'
import { compileFunction } from 'node:vm'
import type { Folder } from './folder.ts'
import type { Problem } from './problems.ts'

/** What the client wraps every file in; a file that does not parse would only fail when it is required. */
const wrapper = ['require', 'module', 'exports']

/** Only modules contain these at the beginning of a statement; what is in a string or comment is sorted out by parsing. */
const moduleSyntax = /(^|[\s;}])(import|export)\b/

/**
 * Every .js file as CommonJS, by path. A file with `import` or `export` is turned into CommonJS first, as the
 * developer tools do with `es6` or `enhance` on; lines keep their numbers as far as its problems go.
 */
export function readSources(folder: Folder, report: (problem: Problem) => void): Record<string, string> {
  const sources: Record<string, string> = {}
  for (const file of folder.files) {
    if (!file.endsWith('.js')) continue
    const source = folder.read(file)
    const problem = parse(source, file)
    sources[file] = source
    if (!problem) continue
    if (!moduleSyntax.test(source)) {
      report(problem)
      continue
    }
    const converted = toCommonJs(source, file)
    if (converted.kind === 'converted') sources[file] = converted.code
    else report(converted.problem)
  }
  return sources
}

const mistake = (file: string, message: string, line: number | undefined): Problem => ({
  file,
  ...(line !== undefined && { line }),
  message: `脚本写错了：${message}`,
  level: 'error',
})

function parse(source: string, file: string): Problem | undefined {
  try {
    compileFunction(source, wrapper, { filename: file })
    return undefined
  } catch (error) {
    const { message, stack = '' } = error as Error
    const line = /^.*:(\d+)\n/.exec(stack)?.[1]
    return mistake(file, message, line === undefined ? undefined : Number(line))
  }
}

function toCommonJs(
  source: string,
  file: string,
): { kind: 'converted'; code: string } | { kind: 'failed'; problem: Problem } {
  // loaded when a module turns up: most builds have none
  const { transformSync } = createRequire(import.meta.url)('esbuild') as typeof esbuild
  try {
    const { code } = transformSync(source, {
      format: 'cjs',
      platform: 'neutral',
      target: 'es2020',
      sourcefile: file,
      logLevel: 'silent',
    })
    return { kind: 'converted', code }
  } catch (error) {
    const first = (error as esbuild.TransformFailure).errors[0]
    return { kind: 'failed', problem: mistake(file, first?.text ?? String(error), first?.location?.line) }
  }
}
