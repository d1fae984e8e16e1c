/* global Component */
/* eslint-disable @typescript-eslint/no-require-imports -- a mini-program's files are CommonJS */
const shared = require('../pages/native-data.js')

Component({
  relations: { './list': { type: 'parent' } },
  properties: {
    name: {
      type: String,
      value: 'nobody',
      observer(now, before) {
        shared.log.push(['item named', now, before])
      },
    },
  },
  lifetimes: {
    attached() {
      shared.log.push(['item attached', this.data.name])
    },
    detached() {
      shared.log.push(['item detached', this.data.name])
    },
  },
  methods: {
    tapped() {
      this.triggerEvent('told', { name: this.data.name }, { bubbles: true, composed: true })
    },
  },
})
