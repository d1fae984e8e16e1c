import { TmplGroup } from 'glass-easel-template-compiler'
import { builtinTemplates } from '../client/builtin-templates.ts'
import type { Folder } from './folder.ts'
import type { Problem } from './problems.ts'
import { asWritten } from './wxml-spellings.ts'
import { aliasOf, withWxsGlobals, wxsSource } from './wxs.ts'

/** What the compiler says about a template (its TemplateParseError). Lines and columns count from 0. */
interface TemplateFinding {
  isError: boolean
  level: 'Note' | 'Warn' | 'Error' | 'Fatal'
  code: number
  message: string
  startLine: number
  startColumn: number
}

/** A warning to this compiler, an error to WeChat's own. */
const MISSING_END_TAG = 65543

/** All templates of the package and of the built-in components as one script expression: `{path: generator}`. */
export function compileTemplates(folder: Folder, report: (problem: Problem) => void): string {
  const group = new TmplGroup()
  try {
    for (const file of folder.files)
      if (file.endsWith('.wxs')) {
        const path = file.slice(0, -'.wxs'.length)
        group.addScript(path, wxsSource(folder.read(file)))
        const alias = aliasOf(path)
        group.addScript(alias.path, alias.source)
      }
    for (const file of folder.files) {
      if (!file.endsWith('.wxml')) continue
      const path = file.slice(0, -'.wxml'.length)
      const findings = group.addTmpl(path, asWritten(folder.read(file))) as TemplateFinding[]
      // a note is about style: data-userId is right, and is dataset.userid
      for (const finding of findings.filter(({ level }) => level !== 'Note'))
        report({
          file,
          line: finding.startLine + 1,
          column: finding.startColumn + 1,
          message: `模板写错了：${finding.message}`,
          level: finding.isError || finding.code === MISSING_END_TAG ? 'error' : 'warning',
        })
      const missing = [
        ...(group.getDirectDependencies(path) as string[]).map((used) => `${used}.wxml`),
        ...(group.getScriptDependencies(path) as string[]).map((used) => `${used}.wxs`),
      ].filter((used) => !folder.files.has(used))
      for (const used of missing)
        report({ file, message: `引用的文件不存在：${used} (missing)`, level: 'error' })
    }
    for (const { name, template } of builtinTemplates) group.addTmpl(`wx://${name}`, template)
    return withNullAsWord(withWxsGlobals(group.getTmplGenObjectGroups()))
  } finally {
    group.free()
  }
}

/** How this compiler's output makes text of a value. */
const TEXT_OF = "function(a){return a==null?'':String(a)}"

/**
 * A null in a template is the word null on a phone: its default component framework is exparser, whose compiler
 * leaves out undefined only. glass-easel's leaves out both, and an app tested with it alone would show the word.
 */
function withNullAsWord(groups: string): string {
  if (!groups.includes(TEXT_OF)) throw new Error('the template compiler writes texts in another way now')
  return groups.replace(TEXT_OF, "function(a){return a===undefined?'':String(a)}")
}
