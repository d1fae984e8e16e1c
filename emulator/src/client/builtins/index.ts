import type * as glassEasel from 'glass-easel'
import { builtinTemplates } from '../builtin-templates.ts'
import { checkbox, checkboxGroup, label, radio, radioGroup, switchControl } from './choices.ts'
import { defineBuiltin, type Behaviour, type BuiltinHost } from './define.ts'
import { navigationBar, pageMeta } from './page-parts.ts'
import { button, hovering, navigator } from './pressing.ts'
import { image, picker, scrollView, swiper, text } from './showing.ts'
import { typing } from './typing.ts'

const behaviours: Record<string, Behaviour> = {
  view: hovering({ hoverClass: 'none', start: 50, stay: 400 }),
  text,
  label,
  button,
  input: typing,
  textarea: typing,
  switch: switchControl,
  checkbox,
  radio,
  'checkbox-group': checkboxGroup,
  'radio-group': radioGroup,
  picker,
  image,
  'scroll-view': scrollView,
  swiper,
  navigator,
  'page-meta': pageMeta,
  'navigation-bar': navigationBar,
}

/** Makes every built-in tag known to `space`. */
export function defineBuiltins(
  space: glassEasel.ComponentSpace,
  templates: Record<string, unknown>,
  host: BuiltinHost,
): void {
  for (const template of builtinTemplates)
    defineBuiltin(space, templates, template, behaviours[template.name] ?? {}, host)
}
