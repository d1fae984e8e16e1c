// The names each room may use without importing them; a full `globals` list would allow `window` on a phone.
const on = (...names) => Object.fromEntries(names.map((name) => [name, 'readonly']))

export default {
  node: on(
    'process',
    'Buffer',
    'console',
    'setTimeout',
    'clearTimeout',
    'setInterval',
    'clearInterval',
    'setImmediate',
    'fetch',
    'URL',
    'URLSearchParams',
    'AbortController',
    'AbortSignal',
    'performance',
    '__dirname',
    'require',
    'module',
  ),
  phone: on('uni', 'wx', 'getApp', 'getCurrentPages', 'UniApp', 'console', 'setTimeout', 'clearTimeout'),
  browser: on(
    'window',
    'document',
    'location',
    'HTMLElement',
    'Event',
    'MouseEvent',
    'CustomEvent',
    'localStorage',
    'fetch',
    'navigator',
    'EventSource',
    'WebSocket',
  ),
}
