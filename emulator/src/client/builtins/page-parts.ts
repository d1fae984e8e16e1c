import type { WindowConfig } from '../app-config.ts'
import { dashed, type Behaviour, type Builtin } from './define.ts'

const text = ({ data }: Builtin, name: string) => String(data[name] ?? '')

/** Says that a property is used which the emulator does not draw. */
const refuse = (self: Builtin, tag: string, names: readonly string[]) => {
  for (const name of names) if (self.data[name]) self.host.missing(`<${tag} ${dashed(name)}>`)
}

/** Sizes, style and colours of its page; on a phone it works as the page's first node only. */
export const pageMeta: Behaviour = {
  attached(self) {
    const parent = self.dom.parentElement
    if (parent?.localName !== 'wx-page' || parent.firstElementChild !== self.dom)
      self.host.wrong('<page-meta> must be the first node of a page')
    refuse(self, 'page-meta', ['scrollTop', 'backgroundTextStyle', 'pageOrientation'])
  },
  changed(self, name) {
    const background = text(self, 'backgroundColor')
    if (background || name === 'backgroundColor')
      self.host.changeWindow(self.dom, { pageBackground: background || undefined })
    self.host.drawPageMeta(self.dom, {
      rootFontSize: text(self, 'rootFontSize'),
      pageFontSize: text(self, 'pageFontSize'),
      pageStyle: text(self, 'pageStyle'),
      rootBackgroundColor: text(self, 'rootBackgroundColor'),
    })
  },
}

const inks: Record<string, WindowConfig['textStyle']> = { '#ffffff': 'white', '#000000': 'black' }

/** The bar's words and colours, from inside `<page-meta>`. */
export const navigationBar: Behaviour = {
  attached(self) {
    if (self.dom.parentElement?.localName !== 'wx-page-meta')
      self.host.wrong('<navigation-bar> must stand in <page-meta>')
  },
  changed(self, name) {
    const settings = {
      title: ['title', text(self, 'title') || undefined],
      textStyle: ['frontColor', inks[text(self, 'frontColor').toLowerCase()]],
      background: ['backgroundColor', text(self, 'backgroundColor') || undefined],
      loading: ['loading', self.data.loading === true || undefined],
    } as const
    for (const [setting, [property, value]] of Object.entries(settings))
      if (value !== undefined || name === property) self.host.changeWindow(self.dom, { [setting]: value })
  },
}
