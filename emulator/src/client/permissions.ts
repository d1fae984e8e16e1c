import type { SettingsPermission, ShellUi } from './wx/shell-ui.ts'

/** The scopes that WeChat asks its user about, and its words for them. */
export const scopes = {
  'scope.userLocation': '获取你的位置信息',
  'scope.userFuzzyLocation': '获取你的模糊位置信息',
  'scope.userLocationBackground': '在后台获取你的位置信息',
  'scope.record': '使用你的麦克风',
  'scope.camera': '使用你的摄像头',
  'scope.bluetooth': '使用你的蓝牙',
  'scope.writePhotosAlbum': '保存图片或视频到你的相册',
  'scope.addPhoneContact': '添加到你的联系人',
  'scope.addPhoneCalendar': '添加到你的日历',
  'scope.werun': '获取你的微信运动步数',
} as const
export type Scope = keyof typeof scopes
export const isScope = (name: string): name is Scope => Object.hasOwn(scopes, name)

/** What one account allowed one mini-program; a refusal is remembered until the settings page changes it. */
export class Permissions {
  private readonly key: string
  private readonly asking = new Map<Scope, Promise<boolean>>()

  constructor(
    private readonly storage: Storage,
    openid: string,
    appid: string,
    /** Who asks the user; without one nothing is allowed. */
    private readonly shell?: Pick<ShellUi, 'askPermission'>,
  ) {
    this.key = `mini-program-permissions:${openid}:${appid}`
  }

  /** What `getSetting` tells: only what was asked for before (wechat-platform.md §2.1). */
  get authSetting(): Readonly<Record<string, boolean>> {
    return JSON.parse(this.storage.getItem(this.key) ?? '{}') as Record<string, boolean>
  }

  /** The settings page's switches. */
  rows(): SettingsPermission[] {
    return Object.entries(this.authSetting).flatMap(([scope, allowed]) =>
      isScope(scope)
        ? [{ scope, label: scopes[scope], allowed, set: (on: boolean) => this.set(scope, on) }]
        : [],
    )
  }

  set(scope: Scope, allowed: boolean): void {
    this.storage.setItem(this.key, JSON.stringify({ ...this.authSetting, [scope]: allowed }))
  }

  /** Asks once; a dialog that goes without an answer leaves it open. `why` is app.json's own reason. */
  ask(scope: Scope, why: string): Promise<boolean> {
    const known = this.authSetting[scope]
    if (known !== undefined) return Promise.resolve(known)
    const underway = this.asking.get(scope)
    if (underway) return underway
    const { shell } = this
    if (!shell) return Promise.resolve(false)
    const asked = new Promise<boolean>((resolve) =>
      shell.askPermission({ what: scopes[scope], why }, (allowed) => {
        this.asking.delete(scope)
        if (allowed !== null) this.set(scope, allowed)
        resolve(allowed === true)
      }),
    )
    this.asking.set(scope, asked)
    return asked
  }

  clear(): void {
    this.storage.removeItem(this.key)
  }
}
