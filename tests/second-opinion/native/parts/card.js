/* global Component */
/* eslint-disable @typescript-eslint/no-require-imports -- a mini-program's files are CommonJS */
const shared = require('../pages/native-data.js')
const counting = require('./counting.js')

Component({
  options: { multipleSlots: true },
  externalClasses: ['card-class'],
  behaviors: [counting],
  properties: { title: String, open: { type: Boolean, value: false } },
  data: { watched: '' },
  observers: {
    'title, open'(title, open) {
      shared.log.push(['card observed', title, open])
      this.setData({ watched: `${title}/${open}` })
    },
  },
  lifetimes: {
    created() {
      shared.log.push(['card created'])
    },
    attached() {
      shared.log.push(['card attached', this.data.title, this.data.count])
    },
    ready() {
      shared.log.push(['card ready'])
      this.triggerEvent('told', { doubled: this.data.doubled })
    },
    detached() {
      shared.log.push(['card detached'])
    },
  },
})
