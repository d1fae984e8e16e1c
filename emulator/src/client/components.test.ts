// @vitest-environment jsdom
import { expect, test, vi } from 'vitest'
import { screen } from './screen.ts'
import { onePage, startPhone, tap } from './testing/launch.ts'

const component = (tag: string, js: string, wxml: string, options: object = {}) => ({
  [`${tag}.js`]: `const log = globalThis.testLog; ${js}`,
  [`${tag}.json`]: JSON.stringify({ component: true, ...options }),
  [`${tag}.wxml`]: wxml,
})
const using = (...tags: string[]) => ({
  'pages/a.json': JSON.stringify({
    usingComponents: Object.fromEntries(tags.map((tag) => [tag, `/${tag}`])),
  }),
})

test('a component that is wx://form-field is collected by the form; what is inside a component is not', () => {
  const phone = startPhone(
    onePage(
      'on(e) { log.push(e.detail.value) }',
      '<form bindsubmit="on"><input name="own" value="1"/><x-field name="field"/><x-inner/><x-group/><x-button id="b"/></form>',
      {
        ...using('x-field', 'x-inner', 'x-group', 'x-button'),
        ...component(
          'x-field',
          "Component({ behaviors: ['wx://form-field'], attached() { this.setData({ value: 'two' }) } })",
          '<input name="hidden" value="x"/>',
        ),
        ...component('x-inner', 'Component({})', '<input name="inner" value="x"/>'),
        ...component(
          'x-group',
          "Component({ behaviors: ['wx://form-field-group'] })",
          '<switch name="grouped" checked/>',
        ),
        ...component(
          'x-button',
          "Component({ behaviors: ['wx://form-field-button'] })",
          '<button id="go" form-type="submit"/>',
        ),
      },
    ),
  )
  phone.tapId('go')
  expect(phone.log()).toEqual([{ own: '1', field: 'two', grouped: true }])
})

test('wx://component-export: selectComponent gives what is exported, without it the component', () => {
  const phone = startPhone(
    onePage(
      "onReady() { log.push(this.selectComponent('#e'), this.selectComponent('#n').is, this.selectAllComponents('.c').length) }",
      '<x-e id="e" class="c"/><x-n id="n" class="c"/>',
      {
        ...using('x-e', 'x-n'),
        ...component(
          'x-e',
          "Component({ behaviors: ['wx://component-export'], export() { return { mine: 1 } } })",
          '',
        ),
        ...component('x-n', 'Component({ behaviors: [], export() { return { mine: 2 } } })', ''),
      },
    ),
  )
  expect(phone.log()).toEqual([{ mine: 1 }, 'x-n', 2])
})

test('an unknown wx:// behavior is named', () => {
  const phone = startPhone(
    onePage('', '<x-a/>', {
      ...using('x-a'),
      ...component('x-a', "Component({ behaviors: ['wx://hologram'] })", ''),
    }),
  )
  expect(phone.inspection.errors.map(({ message }) => message)).toEqual([
    'the behavior wx://hologram is not part of this emulator',
  ])
})

test('behaviors, observers, relations, page lifetimes and selectOwnerComponent', async () => {
  const phone = startPhone({
    ...onePage('', '<x-list><x-item n="1"/><x-item n="2"/></x-list>', {
      ...using('x-list', 'x-item'),
      ...component(
        'x-list',
        `const shared = Behavior({ data: { from: 'behavior' }, methods: { hi() { return this.data.from } }, lifetimes: { attached() { log.push('behavior attached') } } })
         Component({ behaviors: [shared], relations: { './x-item': { type: 'child', linked(item) { log.push('linked ' + item.data.n) } } },
           attached() { log.push('list attached ' + this.hi()) }, ready() { log.push(this.getRelationNodes('./x-item').length + ' items') },
           pageLifetimes: { show() { log.push('page shown') }, hide() { log.push('page hidden') } } })`,
        '<slot/>',
      ),
      ...component(
        'x-item',
        `Component({ properties: { n: Number }, data: { _pure: 1 }, options: { pureDataPattern: /^_/ }, relations: { './x-list': { type: 'parent' } },
          observers: { 'n, _pure'(n, pure) { log.push('observed ' + n + pure) } }, ready() { log.push('owner ' + this.selectOwnerComponent().is) } })`,
        '{{_pure}}',
      ),
    }),
  })
  const log = phone.log() as string[]
  expect(log).toContain('list attached behavior')
  expect(log.filter((line) => line.startsWith('linked'))).toEqual(['linked 1', 'linked 2'])
  expect(log).toContain('2 items')
  expect(log.filter((line) => line === 'page shown')).toHaveLength(1)
  expect(log.filter((line) => line === 'owner pages/a')).toHaveLength(2)
  phone.program.hide()
  expect(log.at(-1)).toBe('page hidden')
  expect(document.querySelector('x-item')?.textContent).toBe('')
})

test('named slots, virtualHost, externalClasses, generics by template and include', () => {
  const phone = startPhone(
    onePage(
      "data: { rows: [{ t: 'a' }, { t: 'b' }] }",
      `<import src="/parts.wxml"/><x-card my-class="big"><text slot="head">H</text><text>B</text></x-card>
       <template is="row" wx:for="{{rows}}" wx:key="t" data="{{...item, index}}"/><include src="/tail.wxml"/>`,
      {
        'parts.js': 'Component({})',
        'tail.js': 'Component({})',
        'parts.wxml': '<template name="row"><text class="row">{{index}}{{t}}</text></template>',
        'tail.wxml': '<text class="tail">tail</text>',
        ...using('x-card'),
        ...component(
          'x-card',
          "Component({ options: { multipleSlots: true, virtualHost: true }, externalClasses: ['my-class'] })",
          '<view class="my-class"><slot name="head"/>|<slot/></view>',
        ),
      },
    ),
  )
  expect(document.querySelector('.we-page x-card')).toBeNull()
  expect(document.querySelector('.we-page .big')?.textContent).toBe('H|B')
  expect([...document.querySelectorAll('.we-page .row, .we-page .tail')].map((e) => e.textContent)).toEqual([
    '0a',
    '1b',
    'tail',
  ])
  expect(phone.inspection.errors).toEqual([])
})

test('triggerEvent reaches the page with its detail; setUpdatePerformanceListener is taken', () => {
  const phone = startPhone(
    onePage('on(e) { log.push([e.type, e.detail, e.target.id]) }', '<x-a id="a" bind:picked="on"/>', {
      ...using('x-a'),
      ...component(
        'x-a',
        "Component({ attached() { this.setUpdatePerformanceListener({ withDataPaths: true }, () => {}) }, methods: { go() { this.triggerEvent('picked', { n: 1 }) } } })",
        '<view id="v" bindtap="go"/>',
      ),
    }),
  )
  tap(phone.byId('v'))
  expect(phone.log()).toEqual([['picked', { n: 1 }, 'a']])
})

test('animate calls back when it ends, clearAnimation too; an animation attribute plays step by step', async () => {
  const phone = startPhone(
    onePage(
      `data: { moved: {} }, onReady() {
        this.animate('#v', [{ opacity: 0, rotate: 10 }, { opacity: 1, translateX: 20 }], 10, () => { log.push('animated'); this.clearAnimation('#v', { opacity: true }, () => log.push('cleared')) })
        this.setData({ moved: { actions: [
          { animates: [{ type: 'translateX', args: [10] }, { type: 'rotate', args: [90] }], option: { transition: { duration: 5 } } },
          { animates: [{ type: 'style', args: ['opacity', 0.5] }, { type: 'style', args: ['width', '100rpx'] }], option: { transition: { duration: 5, timingFunction: 'ease', delay: 1 } } },
        ] } })
      }`,
      '<view id="v"/><view id="m" animation="{{moved}}"/>',
    ),
  )
  const { style } = phone.byId('m')
  await vi.waitFor(() => expect(phone.log()).toEqual(['animated', 'cleared']))
  await vi.waitFor(() => expect(style.opacity).toBe('0.5'))
  expect([style.transform, style.transition]).toEqual(['translateX(10px) rotate(90deg)', 'all 5ms ease 1ms'])
})

test('app code’s style comes and goes, a built-in’s own stays', () => {
  const phone = startPhone(
    onePage(
      "data: { s: 'height: 10px; color: red' }, go() { this.setData({ s: 'height: 20px' }) }",
      '<scroll-view id="s" scroll-y style="{{s}}"/><view id="go" bindtap="go"/>',
    ),
  )
  const { style } = phone.byId('s')
  phone.tapId('go')
  expect([style.height, style.color, style.overflowY]).toEqual(['20px', '', 'auto'])
})

test('a 2d canvas is found by node(); the old kind is named', async () => {
  const phone = startPhone(
    onePage(
      "onReady() { this.createSelectorQuery().select('#c').fields({ node: true, size: true }).select('#old').node().exec((all) => log.push(all[0].node.tagName, typeof all[0].node.createImage, all[1])) }",
      '<canvas id="c" type="2d"/><canvas id="old" canvas-id="x"/>',
    ),
  )
  await vi.waitFor(() => expect(phone.log()).toEqual(['CANVAS', 'function', { node: null }]))
  expect(phone.inspection.errors.map(({ message }) => message)).toEqual([
    '<canvas canvas-id> without type="2d" is not part of this emulator',
  ])
  screen.flush()
})
