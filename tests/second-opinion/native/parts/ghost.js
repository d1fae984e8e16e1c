/* global Component */
Component({ options: { virtualHost: true }, properties: { tone: { type: String, value: 'none' } } })
