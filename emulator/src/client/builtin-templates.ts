/**
 * The built-in components of WeChat that this emulator draws: names, template source, property types.
 * Pure data: the package compiler (node) reads it too, to add each template as `wx://NAME`.
 */
export type BuiltinPropertyType = 'string' | 'number' | 'boolean' | 'any'

export interface BuiltinTemplate {
  name: string
  /** wxml; a tag `h5-x` becomes the DOM element `x`. */
  template: string
  properties: Readonly<Record<string, BuiltinPropertyType>>
}

const common = { hidden: 'boolean', ariaLabel: 'string', ariaRole: 'string', role: 'string' } as const
const hover = {
  hoverClass: 'string',
  hoverStartTime: 'any',
  hoverStayTime: 'any',
  hoverStopPropagation: 'boolean',
} as const
const typing = {
  value: 'any',
  placeholder: 'string',
  placeholderStyle: 'string',
  placeholderClass: 'string',
  disabled: 'boolean',
  maxlength: 'any',
  focus: 'boolean',
  autoFocus: 'boolean',
  confirmType: 'string',
  confirmHold: 'boolean',
  cursorSpacing: 'any',
  cursor: 'any',
  adjustPosition: 'any',
  holdKeyboard: 'boolean',
  name: 'string',
} as const

const component = (
  name: string,
  template: string,
  properties: Record<string, BuiltinPropertyType> = {},
): BuiltinTemplate => ({ name, template, properties: { ...common, ...properties } })

const container = (name: string, properties: Record<string, BuiltinPropertyType> = {}) =>
  component(name, '<slot/>', properties)

export const builtinTemplates: readonly BuiltinTemplate[] = [
  container('view', hover),
  container('text', { selectable: 'boolean', userSelect: 'boolean', space: 'string', decode: 'boolean' }),
  container('cover-view'),
  container('label', { for: 'string' }),
  container('form', { reportSubmit: 'boolean' }),
  container('button', {
    ...hover,
    type: 'string',
    size: 'string',
    plain: 'boolean',
    disabled: 'boolean',
    loading: 'boolean',
    formType: 'string',
    openType: 'string',
  }),
  component('input', '<h5-input/>', {
    ...typing,
    type: 'string',
    password: 'boolean',
    alwaysEmbed: 'boolean',
  }),
  component('textarea', '<h5-textarea/>', {
    ...typing,
    autoHeight: 'boolean',
    fixed: 'boolean',
    disableDefaultPadding: 'boolean',
    showConfirmBar: 'any',
  }),
  component('switch', '<h5-input/>', {
    checked: 'boolean',
    disabled: 'boolean',
    type: 'string',
    color: 'string',
    name: 'string',
  }),
  component('checkbox', '<h5-input/><slot/>', {
    value: 'string',
    checked: 'boolean',
    disabled: 'boolean',
    color: 'string',
  }),
  component('radio', '<h5-input/><slot/>', {
    value: 'string',
    checked: 'boolean',
    disabled: 'boolean',
    color: 'string',
  }),
  container('checkbox-group', { name: 'string' }),
  container('radio-group', { name: 'string' }),
  container('picker', {
    mode: 'string',
    range: 'any',
    rangeKey: 'string',
    value: 'any',
    disabled: 'boolean',
    headerText: 'string',
    name: 'string',
  }),
  component('image', '<h5-img/>', {
    src: 'string',
    mode: 'string',
    lazyLoad: 'boolean',
    webp: 'boolean',
    showMenuByLongpress: 'boolean',
  }),
  container('scroll-view', {
    scrollX: 'boolean',
    scrollY: 'boolean',
    scrollTop: 'any',
    scrollLeft: 'any',
    scrollIntoView: 'string',
    scrollWithAnimation: 'boolean',
    upperThreshold: 'any',
    lowerThreshold: 'any',
    enableFlex: 'boolean',
    enhanced: 'boolean',
    showScrollbar: 'any',
  }),
  container('swiper', {
    current: 'number',
    autoplay: 'boolean',
    interval: 'any',
    duration: 'any',
    circular: 'boolean',
    vertical: 'boolean',
    indicatorDots: 'boolean',
  }),
  container('swiper-item', { itemId: 'string' }),
  container('page-meta', {
    rootFontSize: 'string',
    pageFontSize: 'string',
    pageStyle: 'string',
    rootBackgroundColor: 'string',
    backgroundColor: 'string',
    // the drawn phone has no bounce to show these behind
    backgroundColorTop: 'string',
    backgroundColorBottom: 'string',
    backgroundTextStyle: 'string',
    scrollTop: 'string',
    pageOrientation: 'string',
  }),
  container('navigation-bar', {
    title: 'string',
    loading: 'boolean',
    frontColor: 'string',
    backgroundColor: 'string',
  }),
  container('navigator', { ...hover, url: 'string', openType: 'string', delta: 'any', target: 'string' }),
]
