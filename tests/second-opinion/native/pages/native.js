/* global Component */
/* eslint-disable @typescript-eslint/no-require-imports -- a mini-program's files are CommonJS */
const shared = require('./native-data.js')

const log = (page, name, event) =>
  shared.log.push([
    name,
    event.type,
    event.target.id,
    event.target.dataset,
    event.currentTarget.id,
    event.currentTarget.dataset,
    event.type === 'tap' ? Object.keys(event.detail).sort() : event.detail,
  ])

Component({
  data: shared.first(),
  methods: {
    told(event) {
      log(this, 'told', event)
    },
    outer(event) {
      log(this, 'outer', event)
    },
    captured(event) {
      log(this, 'captured', event)
    },
    mutual(event) {
      log(this, 'mutual', event)
    },
    caught(event) {
      log(this, 'caught', event)
    },
    takeLog() {
      return shared.log.splice(0)
    },
  },
})
