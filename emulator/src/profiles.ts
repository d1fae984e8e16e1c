/**
 * Whose WeChat a phone runs. The sources disagree about some behaviours of the client (⚙ in wechat-platform.md §14);
 * a platform is one named answer to all of them. `strict` is their intersection: what works there works everywhere.
 */
export const platforms = ['strict', 'android', 'ios15', 'ios', 'devtools', 'windows'] as const
export type Platform = (typeof platforms)[number]

export interface ClientProfile {
  /** Promise continuations of a tap handler: iOS ≤ 15 loses the tap state, Android keeps it (H4). */
  microtasks: 'lost' | 'kept'
  /** After a sensitive call, whether a later `wx.request` of the same task still passes the state on (H7). */
  passesOnAfterSensitiveCall: boolean
  /** Base library ≥ 2.21.3: a form's submit counts as a tap (H9). */
  formSubmit: boolean
  /** Whether the settings page opens at all; WeChat for Windows has none (H28). */
  settingsPage: 'opens' | 'fails'
  /** What `openSetting` resolves with: how things stand on return, or as they stood before it opened (H28). */
  openSettingAnswer: 'current' | 'stale'
  /** Whether `getSetting` repeats the kept choices beside `itemSettings`, at the top level (H25). */
  keptAtTopLevel: boolean
  /** The devtools show their panel for any id (H52). */
  templateIds: 'checked' | 'unchecked'
}

const strict: ClientProfile = {
  microtasks: 'lost',
  passesOnAfterSensitiveCall: false,
  formSubmit: true,
  settingsPage: 'opens',
  openSettingAnswer: 'current',
  keptAtTopLevel: false,
  templateIds: 'checked',
}

export const clientProfiles: Readonly<Record<Platform, ClientProfile>> = {
  strict,
  android: { ...strict, microtasks: 'kept' },
  ios15: strict,
  ios: { ...strict, microtasks: 'kept' },
  devtools: { ...strict, templateIds: 'unchecked' },
  windows: { ...strict, settingsPage: 'fails' },
}
