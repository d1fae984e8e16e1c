import { describe, expect, it } from 'vitest'
import { commandOf } from './clue-keys.ts'

const press = (key: string, held: Partial<KeyboardEvent> = {}) =>
  commandOf({
    key,
    shiftKey: false,
    ctrlKey: false,
    metaKey: false,
    altKey: false,
    isComposing: false,
    ...held,
  })

describe('a key on a row', () => {
  it.each([
    ['ArrowUp', 'up'],
    ['k', 'up'],
    ['ArrowDown', 'down'],
    ['j', 'down'],
    [' ', 'toggle'],
    ['x', 'toggle'],
    ['Enter', 'open'],
    ['a', 'assign'],
    ['A', 'assign'],
    ['n', 'new'],
    ['/', 'search'],
    ['、', 'search'],
    ['?', 'help'],
    ['？', 'help'],
    ['Tab', null],
    ['Escape', null],
    ['q', null],
    ['1', null],
  ])('%s is %s', (key, command) => expect(press(key)).toBe(command))

  it.each([
    ['ArrowUp', 'extend-up'],
    ['ArrowDown', 'extend-down'],
    ['?', 'help'],
  ])('with Shift %s is %s', (key, command) => expect(press(key, { shiftKey: true })).toBe(command))

  it.each(['ctrlKey', 'metaKey', 'altKey', 'isComposing'] as const)('with %s is the browser’s', (held) => {
    for (const key of ['a', 'n', ' ', 'Enter', 'ArrowDown']) expect(press(key, { [held]: true })).toBeNull()
  })
})
