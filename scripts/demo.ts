import { fileURLToPath } from 'node:url'

/** What the demo and the story's tests agree on. None of it is secret: it works against the emulator only. */
const appid = 'wx1ead0be110000001'
const secret = 'emulated-secret'
const templateId = 'TPL_CLUE_ASSIGNED_0000000000000000000000001'
const assignLabel = '分配一条线索'
const pushToken = 'emulatedPushToken'
const pushAesKey = 'emulatedEncodingAESKey000000000000000000001'

const password = 'leadbell-demo'

/** The demo's field staff, each with a phone: whoever logs in there binds it. */
const staff = [
  { username: 'chen', nickname: '小舟' },
  { username: 'lin', nickname: '林可' },
  { username: 'zhao', nickname: '一鸣' },
  { username: 'sun', nickname: '晓楠' },
  { username: 'xu', nickname: '许言' },
].map((person, n) => ({ ...person, password, openid: `oLeadbellDemoPhone00000000${n + 1}` }))

export const demo = {
  account: { username: 'chen', password },
  /** Of the back office. */
  clerk: { username: 'wang', password },
  openid: 'oLeadbellDemoPhone000000001',
  templateId,
  assignLabel,
  wechat: { appid, secret },
  /** What WeChat shows as the mini-program's picture: the back office's bell. */
  icon: fileURLToPath(new URL('../admin/public/favicon.svg', import.meta.url)),
  staff,
  phones: staff.map(({ openid, nickname }) => ({ openid, nickname: `${nickname}的手机` })),

  /** The environment of the demo's backend: trial mode on an embedded database. */
  serverEnv: (it: {
    port: number
    wechatUrl: string
    dataDir: string
    adminToken: string
    /** The built page of the back office. @default admin/dist */
    adminDir?: string
  }) => ({
    TRIAL: '1',
    HOST: '127.0.0.1',
    PORT: String(it.port),
    DATA_DIR: it.dataDir,
    ADMIN_TOKEN: it.adminToken,
    WECHAT_API_BASE: it.wechatUrl,
    WECHAT_APPID: appid,
    WECHAT_SECRET: secret,
    WECHAT_PUSH_TOKEN: pushToken,
    WECHAT_PUSH_AES_KEY: pushAesKey,
    WECHAT_TEMPLATES: JSON.stringify([{ templateId, title: '新线索提醒', purpose: 'clue-assigned' }]),
    ...(it.adminDir && { ADMIN_DIR: it.adminDir }),
    // A demo must not end up in somebody's PostgreSQL.
    DATABASE_URL: '',
  }),

  /** What is shown beside the phone. */
  beside: (serverUrl: string) => ({ title: '线索铃后台', url: `${serverUrl}/admin/` }),

  /** Where the emulated WeChat tells the backend what happened, and how: 安全模式, JSON. */
  pushTarget: (serverUrl: string) => ({
    url: `${serverUrl}/wechat/events`,
    token: pushToken,
    aesKey: pushAesKey,
    mode: 'encrypted' as const,
    format: 'json' as const,
  }),

  /** The emulator's button that does what a clerk does: a new lead for whoever is logged in on the phone. */
  assignAction: (serverUrl: string, adminToken: string) => ({
    name: 'assign',
    label: assignLabel,
    method: 'POST' as const,
    url: `${serverUrl}/trial/assign`,
    headers: { authorization: `Bearer ${adminToken}` },
    body: { openid: '{{openid}}' },
  }),
}
