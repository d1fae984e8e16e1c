import type * as glassEasel from 'glass-easel'
import { builtinTemplates } from '../builtin-templates.ts'
import { canvas } from './canvas.ts'
import { checkbox, checkboxGroup, radio, radioGroup, switchControl } from './choices.ts'
import { matchMedia, pageContainer, rootPortal } from './containers.ts'
import { defineBuiltin, type Behaviour, type BuiltinHost } from './define.ts'
import { label } from './forms.ts'
import { coverImage, image } from './images.ts'
import { icon, progress } from './indicators.ts'
import { movableArea, movableView } from './moving.ts'
import { navigationBar, pageMeta } from './page-parts.ts'
import { pickerView, pickerViewColumn } from './picker-view.ts'
import { picker } from './picking.ts'
import { button, hovering, navigator } from './pressing.ts'
import { richText } from './rich-text.ts'
import { scrollView } from './scrolling.ts'
import { slider } from './sliding.ts'
import { swiper, swiperItem } from './swiping.ts'
import { text } from './texts.ts'
import { typing } from './typing.ts'

const behaviours: Record<string, Behaviour> = {
  view: hovering({ hoverClass: 'none', start: 50, stay: 400 }),
  text,
  icon,
  progress,
  'rich-text': richText,
  label,
  button,
  input: typing,
  textarea: typing,
  switch: switchControl,
  checkbox,
  radio,
  'checkbox-group': checkboxGroup,
  'radio-group': radioGroup,
  slider,
  picker,
  'picker-view': pickerView,
  'picker-view-column': pickerViewColumn,
  image,
  'cover-image': coverImage,
  'scroll-view': scrollView,
  swiper,
  'swiper-item': swiperItem,
  'movable-area': movableArea,
  'movable-view': movableView,
  'match-media': matchMedia,
  'page-container': pageContainer,
  'root-portal': rootPortal,
  canvas,
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
