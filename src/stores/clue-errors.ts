/** What can go wrong with a lead that only the phone knows of; cause and remedy are in docs/errors.zh-CN.md. */
export const clueErrors = {
  LB3001: '链接里没有线索编号，请从列表打开',
  LB3002: '您没有同意隐私保护指引，所以没有复制。可以再点一次复制并同意，或者长按文字选中复制。',
  LB3003: '小程序还没有声明要用剪贴板，所以没有复制，请联系管理员。可以长按文字选中复制。',
  LB3004: '没有复制成功，请长按文字选中复制。',
} as const
