/* global Behavior */
module.exports = Behavior({
  properties: { count: { type: Number, value: 0 } },
  data: { doubled: 0 },
  observers: {
    count(count) {
      this.setData({ doubled: count * 2 })
    },
  },
})
