import postcss, { CssSyntaxError, type AtRule, type Root, type Rule } from 'postcss'
import selectorParser, { type Identifier } from 'postcss-selector-parser'
import { builtinTemplates } from '../client/builtin-templates.ts'
import { browserLengths } from '../client/lengths.ts'
import { resolvePath, type Folder } from './folder.ts'
import type { Problem } from './problems.ts'

/** Tags that the runtime writes as `wx-NAME`. */
const hostTags = new Set([...builtinTemplates.map(({ name }) => name), 'page'])

/** A name without a dash is one that a browser may know better; page and body are the same to WeChat. */
function hostTag(tag: string): string {
  if (tag === 'body') return 'wx-page'
  return hostTags.has(tag) || !tag.includes('-') ? `wx-${tag}` : tag
}

/** glass-easel's, on the element of a component with styles of its own: their prefix. */
const HOST_ATTRIBUTE = 'wx-host'

/** Where the runtime keeps a node's id (glass-easel with writeExtraInfoToAttr). */
const ID_ATTRIBUTE = 'exparser\\:info-attr-id'

/** Compiles wxss files of one package to what the browser understands. */
export interface StyleCompiler {
  /** `classPrefix` scopes the classes to one component. */
  compile(file: string, classPrefix?: string): string
}

export function styleCompiler(folder: Folder, report: (problem: Problem) => void): StyleCompiler {
  /** `within`: the files whose @import led here. */
  function parse(file: string, within: readonly string[]): Root {
    const empty = () => postcss.root()
    try {
      const root = postcss.parse(folder.read(file), { from: file })
      root.walkAtRules('import', (rule) => {
        const target = resolvePath(file, importTarget(rule))
        const problem = !folder.files.has(target)
          ? `@import 的文件不存在：${target} (missing)`
          : [...within, file].includes(target)
            ? `@import 绕回了 ${target} (circular)`
            : undefined
        if (problem !== undefined) {
          report({ file, ...startOf(rule), message: problem, level: 'error' })
          rule.remove()
        } else rule.replaceWith(parse(target, [...within, file]))
      })
      return root
    } catch (error) {
      if (!(error instanceof CssSyntaxError)) throw error
      const { line, column, reason } = error
      report({
        file,
        ...(line !== undefined && { line }),
        ...(column !== undefined && { column }),
        message: `样式写错了：${reason}`,
        level: 'error',
      })
      return empty()
    }
  }

  return {
    compile(file, classPrefix) {
      const root = parse(file, [])
      root.walkDecls((declaration) => {
        declaration.value = browserLengths(declaration.value)
      })
      root.walkRules((rule) => {
        if (isKeyframe(rule)) return
        try {
          rule.selector = selectorsFor(classPrefix).processSync(rule.selector)
        } catch (error) {
          const from = rule.source?.input.from === undefined ? file : rule.source.input.file
          const message = `选择器写错了：${rule.selector} (${(error as Error).message.split('\n')[0]})`
          report({ file: relativeTo(folder, from, file), ...startOf(rule), message, level: 'error' })
        }
      })
      return root.toString()
    },
  }
}

const importTarget = (rule: AtRule) => rule.params.replace(/^url\(|\)$|['"\s]/g, '')

const isKeyframe = ({ parent }: Rule) =>
  parent?.type === 'atrule' && (parent as AtRule).name.endsWith('keyframes')

const startOf = ({ source }: AtRule | Rule): { line?: number; column?: number } =>
  source?.start ? { line: source.start.line, column: source.start.column } : {}

/** postcss makes `from` absolute; the folder's own name of the file is the tail of it. */
const relativeTo = (folder: Folder, absolute: string | undefined, fallback: string): string =>
  [...folder.files].find((name) => absolute?.replaceAll('\\', '/').endsWith(`/${name}`)) ?? fallback

/** Tags get `wx-`, classes their component's prefix, `:host` finds its element, `#id` the attribute too, with an id's weight. */
const selectorsFor = (classPrefix: string | undefined) =>
  selectorParser((selectors) => {
    selectors.walkTags((tag) => {
      tag.value = hostTag(tag.value)
    })
    selectors.walkPseudos((pseudo) => {
      if (pseudo.value === ':host' && classPrefix !== undefined)
        pseudo.replaceWith(attributeIs(HOST_ATTRIBUTE, classPrefix))
    })
    selectors.walkClasses((name) => {
      if (classPrefix !== undefined) name.value = `${classPrefix}--${name.value}`
    })
    const ids: Identifier[] = []
    selectors.walkIds((id) => void ids.push(id))
    for (const id of ids) {
      const attribute = attributeIs(ID_ATTRIBUTE, id.value)
      const alternatives = [attribute, id.clone({})].map((node) =>
        selectorParser.selector({ value: '', nodes: [node] }),
      )
      id.replaceWith(selectorParser.pseudo({ value: ':is', nodes: alternatives }))
    }
  })

function attributeIs(attribute: string, value: string) {
  const made = selectorParser.attribute({ attribute, operator: '=', value: '', quoteMark: '"', raws: {} })
  made.setValue(value, { quoteMark: '"' })
  return made
}
