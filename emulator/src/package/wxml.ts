import { TmplGroup } from 'glass-easel-template-compiler'
import { builtinTemplates } from '../client/builtin-templates.ts'
import type { Folder } from './folder.ts'
import type { Problem } from './problems.ts'

/** What the compiler says about a template (its TemplateParseError). Lines and columns count from 0. */
interface TemplateFinding {
  isError: boolean
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
      if (file.endsWith('.wxs')) group.addScript(file.slice(0, -'.wxs'.length), folder.read(file))
    for (const file of folder.files) {
      if (!file.endsWith('.wxml')) continue
      const path = file.slice(0, -'.wxml'.length)
      for (const finding of group.addTmpl(path, folder.read(file)) as TemplateFinding[])
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
    return group.getTmplGenObjectGroups()
  } finally {
    group.free()
  }
}
