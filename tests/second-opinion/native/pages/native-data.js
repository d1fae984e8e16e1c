/* global exports, wx */
/** What the parts and the page tell of themselves, in the order they do. */
exports.log = []

/** What the page begins with, unless the test left something else on the phone's disk. */
exports.first = () =>
  wx.getStorageSync('data') || {
    text: 'hello',
    count: 1,
    flag: true,
    mode: 'one',
    deep: { a: { b: 'b', c: 'c' } },
    list: [
      { id: 'i0', name: 'zero', tags: ['x', 'y'] },
      { id: 'i1', name: 'one', tags: [] },
    ],
  }
