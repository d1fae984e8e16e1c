// Preloaded into the validators: they may look for updates or report, and a build must not depend on the outside.
// Every connection except to loopback fails at once, before a name is looked up.
const dns = require('node:dns')
const net = require('node:net')

const isLoopback = (host) => !host || /^(localhost$|127\.|::1$)/.test(host)
const refusal = (host) => Object.assign(new Error(`blocked: ${host}`), { code: 'ENETBLOCKED' })

const lookup = dns.lookup
dns.lookup = (host, options, callback) => {
  const [settings, done] = typeof options === 'function' ? [{}, options] : [options, callback]
  if (isLoopback(host)) return lookup(host, settings, done)
  process.nextTick(() => done(refusal(host)))
}

const connect = net.Socket.prototype.connect
net.Socket.prototype.connect = function (...args) {
  const first = Array.isArray(args[0]) ? args[0][0] : args[0]
  const isObject = first !== null && typeof first === 'object'
  const host = isObject ? first.host : typeof args[1] === 'string' ? args[1] : ''
  // Names go through dns.lookup above; only bare addresses have to be caught here.
  if ((isObject && first.path) || isLoopback(host) || !net.isIP(host)) return connect.apply(this, args)
  process.nextTick(() => this.destroy(refusal(host)))
  return this
}
