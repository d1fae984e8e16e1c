import { TmplGroup } from 'glass-easel-template-compiler'
import type { ComponentConfig, MiniProgramPackage } from '../../protocol.ts'
import { builtinTemplates } from '../builtin-templates.ts'
import { subPackagesOf } from '../sub-packages.ts'

/** Files of a small mini-program by path, as they would stand in dist/build/mp-weixin. */
export type Files = Record<string, string>

/** A package for the client's own tests, made in memory. The emulator compiles real builds elsewhere. */
export function compile(files: Files, theme?: MiniProgramPackage['theme']): MiniProgramPackage {
  const app = JSON.parse(files['app.json'] ?? '{}') as { pages: string[] } & Record<string, unknown>
  const pages = [...app.pages, ...subPackagesOf(app).flatMap((part) => part.pages)]
  const group = new TmplGroup()
  for (const { name, template } of builtinTemplates) group.addTmpl(`wx://${name}`, template)
  const configs: Record<string, ComponentConfig> = {}
  const order: string[] = []
  for (const [file, text] of Object.entries(files)) {
    if (!file.endsWith('.wxml')) continue
    const path = file.replace(/\.wxml$/, '')
    group.addTmpl(path, text)
    configs[path] = {
      usingComponents: {},
      ...(JSON.parse(files[`${path}.json`] ?? '{}') as object),
      isPage: pages.includes(path),
    }
    order.push(path)
  }
  order.sort((a, b) => Number(configs[a]?.isPage) - Number(configs[b]?.isPage))
  const byEnding = (ending: string) => Object.entries(files).filter(([file]) => file.endsWith(ending))
  const styles = Object.fromEntries(
    byEnding('.wxss').map(([file, text]) => [file.replace('.wxss', ''), text]),
  )
  return {
    appid: 'wx1ead0be110000001',
    ...{ app, pages, order },
    configs,
    styles,
    scopedStyles: styles,
    scopes: {},
    sources: Object.fromEntries(byEnding('.js')),
    templates: new Function(`return ${group.getTmplGenObjectGroups()}`)() as Record<string, unknown>,
    ...(theme ? { theme } : {}),
  }
}
