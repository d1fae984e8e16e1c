/**
 * Whose WeChat a phone runs. The sources disagree about some behaviours of the client (⚙ in wechat-platform.md §14);
 * a platform is one named answer to all of them. `strict` is their intersection: what works there works everywhere.
 */
export const platforms = ['strict', 'android', 'ios15', 'ios', 'devtools', 'windows'] as const
export type Platform = (typeof platforms)[number]

/** What the phone says it is (`getDeviceInfo`, `getAppBaseInfo`). */
export interface DeviceIdentity {
  brand: string
  model: string
  system: string
  platform: 'ios' | 'android' | 'devtools' | 'windows'
  /** Of WeChat. */
  version: string
  /** Of the base library. */
  SDKVersion: string
}

export interface ClientProfile {
  /** Promise continuations of a tap handler: iOS ≤ 15 loses the tap state, Android keeps it (H4). */
  microtasks: 'lost' | 'kept'
  /** Whether a modal's `complete` has it too: every revision of the document says so, few rely on it (H5). */
  completeAfterPress: 'lost' | 'held'
  /** After a sensitive call, whether a later `wx.request` of the same task still passes the state on (H7). */
  passesOnAfterSensitiveCall: boolean
  /** Base library ≥ 2.21.3: a form's submit counts as a tap (H9). */
  formSubmit: boolean
  /** Whether the settings pages open at all; WeChat for Windows has none (H28). */
  settingsPage: 'opens' | 'fails'
  /** What `openSetting` resolves with: how things stand on return, or as they stood before it opened (H28). */
  openSettingAnswer: 'current' | 'stale'
  /** Whether `subscriptionsSetting` repeats the kept choices beside its `itemSettings` (H25). */
  keptAtTopLevel: boolean
  /** The devtools show their panel for any id (H52). */
  templateIds: 'checked' | 'unchecked'
  /** Who draws the subscribe panel: WeChat, or the devtools in its place (H52). */
  subscribePanel: 'wechat' | 'simulated'
  /** `errno` of a refused privacy agreement: 104 in most reports, 103 for some APIs (H51). */
  privacyRefusal: 103 | 104
  device: DeviceIdentity
}

const wechat = { version: '8.0.54', SDKVersion: '3.7.0' }
/** The drawn phone has the size of these two; each stands for the last system it can run. */
const iPhone8: DeviceIdentity = {
  ...{ brand: 'iPhone', model: 'iPhone 8<iPhone10,1>', system: 'iOS 16.7.10', platform: 'ios' },
  ...wechat,
}
const iPhone7: DeviceIdentity = { ...iPhone8, model: 'iPhone 7<iPhone9,1>', system: 'iOS 15.8.3' }

const strict: ClientProfile = {
  microtasks: 'lost',
  completeAfterPress: 'lost',
  passesOnAfterSensitiveCall: false,
  formSubmit: true,
  settingsPage: 'opens',
  openSettingAnswer: 'current',
  keptAtTopLevel: false,
  templateIds: 'checked',
  subscribePanel: 'wechat',
  privacyRefusal: 104,
  device: iPhone8,
}
/** What every revision of the document says of a real client, and `strict` does without. */
const documented: ClientProfile = { ...strict, completeAfterPress: 'held' }

export const clientProfiles: Readonly<Record<Platform, ClientProfile>> = {
  strict,
  android: {
    ...documented,
    microtasks: 'kept',
    device: { brand: 'google', model: 'Pixel 6', system: 'Android 14', platform: 'android', ...wechat },
  },
  ios15: { ...documented, device: iPhone7 },
  ios: { ...documented, microtasks: 'kept' },
  devtools: {
    ...documented,
    templateIds: 'unchecked',
    subscribePanel: 'simulated',
    device: {
      ...iPhone8,
      brand: 'devtools',
      model: 'iPhone 6/7/8',
      system: 'iOS 10.0.1',
      platform: 'devtools',
    },
  },
  windows: {
    ...documented,
    settingsPage: 'fails',
    device: {
      ...{ brand: 'microsoft', model: 'microsoft', system: 'Windows 10 x64', platform: 'windows' },
      ...wechat,
    },
  },
}

/** A platform's answers with the ones that somebody wants otherwise. */
export const profileOf = (platform: Platform, overrides: Partial<ClientProfile> = {}): ClientProfile => ({
  ...clientProfiles[platform],
  ...overrides,
})

const oneOf =
  (...choices: unknown[]) =>
  (value: unknown) =>
    choices.includes(value)

const checks: Record<keyof ClientProfile, (value: unknown) => boolean> = {
  microtasks: oneOf('lost', 'kept'),
  completeAfterPress: oneOf('lost', 'held'),
  passesOnAfterSensitiveCall: oneOf(true, false),
  formSubmit: oneOf(true, false),
  settingsPage: oneOf('opens', 'fails'),
  openSettingAnswer: oneOf('current', 'stale'),
  keptAtTopLevel: oneOf(true, false),
  templateIds: oneOf('checked', 'unchecked'),
  subscribePanel: oneOf('wechat', 'simulated'),
  privacyRefusal: oneOf(103, 104),
  device: isDevice,
}

function isDevice(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false
  const device = value as Record<string, unknown>
  return (
    Object.keys(iPhone8).every((name) => typeof device[name] === 'string') &&
    Object.values(clientProfiles).some(({ device: { platform } }) => platform === device.platform)
  )
}

/** What is wrong with answers that came as JSON, as a line that names the member; undefined: nothing. */
export function clientProfileProblem(profile: unknown): string | undefined {
  if (typeof profile !== 'object' || profile === null || Array.isArray(profile))
    return 'clientProfile 应当是对象 (must be an object)'
  for (const [name, value] of Object.entries(profile)) {
    const isValid = Object.entries(checks).find(([known]) => known === name)?.[1]
    if (!isValid)
      return `clientProfile 里的 ${name} 不认识 (unknown)，可用：${Object.keys(checks).join('、')}`
    if (!isValid(value))
      return `clientProfile 里的 ${name} 不能是 ${JSON.stringify(value)} (not a value of it)`
  }
  return undefined
}
