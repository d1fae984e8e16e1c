/** What a key does while a row of the table has the focus. */
export type TableCommand =
  'up' | 'down' | 'extend-up' | 'extend-down' | 'toggle' | 'open' | 'assign' | 'new' | 'search' | 'help'

/** Those that mean the page or the selection, and not the row. */
export type PageCommand = Extract<TableCommand, 'assign' | 'new' | 'search' | 'help'>

type Key = Pick<KeyboardEvent, 'key' | 'shiftKey' | 'ctrlKey' | 'metaKey' | 'altKey' | 'isComposing'>

/** Null: the key is the browser's. */
export function commandOf({
  key,
  shiftKey,
  ctrlKey,
  metaKey,
  altKey,
  isComposing,
}: Key): TableCommand | null {
  if (ctrlKey || metaKey || altKey || isComposing) return null
  switch (key.length === 1 ? key.toLowerCase() : key) {
    case 'ArrowUp':
    case 'k':
      return shiftKey ? 'extend-up' : 'up'
    case 'ArrowDown':
    case 'j':
      return shiftKey ? 'extend-down' : 'down'
    case ' ':
    case 'x':
      return 'toggle'
    case 'Enter':
      return 'open'
    case 'a':
      return 'assign'
    case 'n':
      return 'new'
    // a Chinese keyboard types its own signs there
    case '/':
    case '、':
      return 'search'
    case '?':
    case '？':
      return 'help'
    default:
      return null
  }
}

/** For the dialog that lists them. */
export const keyList: readonly { keys: readonly string[]; does: string }[] = [
  { keys: ['↑', '↓', 'k', 'j'], does: '上一条、下一条' },
  { keys: ['空格', 'x'], does: '选择或取消选择这一条' },
  { keys: ['Shift+↑', 'Shift+↓'], does: '连续选择' },
  { keys: ['回车'], does: '打开详情' },
  { keys: ['a'], does: '分配所选；没有选择时分配这一条' },
  { keys: ['n'], does: '新建线索' },
  { keys: ['/'], does: '搜索' },
  { keys: ['?'], does: '显示这份按键表' },
]
