/** A difference between the two hosts that is known, and whose page each of them shows another text for. */
export interface Limit {
  name: string
  /** Who is right, and how we know. */
  right: string
  files: Record<string, string>
  /** Tapped before the page is read. */
  tap?: string
  /** The texts of the page in order, joined by |. */
  ours: string
  theirs: string
}

const page = (wxml: string, definition: string, more: Record<string, string> = {}) => ({
  'page.wxml': wxml,
  'page.js': `Component(${definition})`,
  ...more,
})

/**
 * All of them lie in j-component, which draws exparser's templates outside of WeChat, or in what its differ leaves
 * untold; none lies in exparser. Where a suite steps around one of them it says so and names this list.
 */
export const limits: Limit[] = [
  {
    name: 'rows that change their places',
    right: 'ours, as wx:key is documented; its differ counts places while it moves',
    files: page(
      '<text id="go" bindtap="go">go</text><text wx:for="{{list}}" wx:key="*this">{{item}}</text>',
      "{ data: { list: ['a', 'b'] }, methods: { go() { this.setData({ list: ['c', 'b', 'a'] }) } } }",
    ),
    tap: '#go',
    ours: 'go|c|b|a',
    theirs: 'go|c|a|b',
  },
  {
    name: 'the order in which rows are told that they leave',
    right: 'nobody says; its differ removes from the end',
    files: page(
      '<text id="go" bindtap="go">{{log}}</text><part-a wx:for="{{list}}" wx:key="*this" name="{{item}}" bind:left="left"/>',
      "{ data: { list: ['a', 'b'], log: 'go' }, methods: { go() { getApp().left = ''; this.setData({ list: [] }); this.setData({ log: getApp().left }) } } }",
      {
        'page.json': '{ "usingComponents": { "part-a": "./part" } }',
        'part.json': '{ "component": true }',
        'part.wxml': '<view/>',
        'part.js':
          'Component({ properties: { name: String }, lifetimes: { detached() { getApp().left += this.data.name } } })',
      },
    ),
    tap: '#go',
    ours: 'ab',
    theirs: 'ba',
  },
  {
    name: 'what was given to setData and is changed afterwards',
    right: 'ours: this.data keeps the object itself, the template has a copy (“数据字段拷贝控制”)',
    files: page(
      '<text id="go" bindtap="go">{{same}}</text>',
      "{ data: { same: '' }, methods: { go() { const o = { a: 1 }; this.setData({ o }); this.setData({ same: this.data.o === o ? 'kept' : 'copied' }) } } }",
    ),
    tap: '#go',
    ours: 'kept',
    theirs: 'copied',
  },
  {
    name: 'two listeners for one event on one node',
    right: 'ours: capture and bubble phase are two; it keeps one listener for each name',
    files: page(
      '<text id="go" bindtap="bubble" capture-bind:tap="capture">{{log}}</text>',
      "{ data: { log: '' }, methods: { bubble() { this.setData({ log: this.data.log + 'b' }) }, capture() { this.setData({ log: this.data.log + 'c' }) } } }",
    ),
    tap: '#go',
    ours: 'cb',
    theirs: 'c',
  },
  {
    name: 'a property that is set to what it was',
    right: 'both: glass-easel tells observers of every setting, its differ does not set again',
    files: page(
      '<text id="go" bindtap="go">go</text><part-a name="{{name}}"/>',
      "{ data: { name: 'a' }, methods: { go() { this.setData({ name: 'a' }) } } }",
      {
        'page.json': '{ "usingComponents": { "part-a": "./part" } }',
        'part.json': '{ "component": true }',
        'part.wxml': '<text>{{times}}</text>',
        'part.js':
          'Component({ properties: { name: String }, data: { times: 0 }, observers: { name() { this.setData({ times: this.data.times + 1 }) } } })',
      },
    ),
    tap: '#go',
    ours: 'go|2',
    theirs: 'go|1',
  },
  {
    name: 'an attribute whose value is undefined',
    right: 'nobody says; it makes an empty text of it',
    files: page(
      '<text id="go" data-x="{{nothing.here}}" bindtap="go">{{kind}}</text>',
      "{ data: { kind: '' }, methods: { go(e) { this.setData({ kind: typeof e.target.dataset.x }) } } }",
    ),
    tap: '#go',
    ours: 'undefined',
    theirs: 'string',
  },
  {
    name: 'mark: on events',
    right: 'ours: documented since base library 2.7.1; it does not hand it on',
    files: page(
      '<view mark:who="outer"><text id="go" bindtap="go">{{who}}</text></view>',
      "{ data: { who: '' }, methods: { go(e) { this.setData({ who: e.mark ? e.mark.who : 'none' }) } } }",
    ),
    tap: '#go',
    ours: 'outer',
    theirs: 'none',
  },
]
