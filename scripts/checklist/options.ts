import { defaultProfile, type CloudProfile } from '../../emulator/src/cloud/profile.ts'
import { clientProfiles, type ClientProfile } from '../../emulator/src/profiles.ts'

/** `clientProfile` is the phone's half of the emulator's options, `profile` WeChat's servers'. */
export type OpenOption = `clientProfile.${keyof ClientProfile}` | `profile.${keyof CloudProfile}`

/** Which option answers a behaviour that the sources leave open (⚙). */
export const openOptions: Readonly<Record<string, readonly OpenOption[]>> = {
  H4: ['clientProfile.microtasks'],
  H5: ['clientProfile.completeAfterPress'],
  H7: ['clientProfile.passesOnAfterSensitiveCall'],
  H9: ['clientProfile.formSubmit'],
  H12: ['profile.maxTemplates'],
  H19: ['profile.grantCeiling'],
  H25: ['clientProfile.keptAtTopLevel'],
  H28: ['clientProfile.openSettingAnswer', 'clientProfile.settingsPage'],
  H33: ['profile.sessionKey', 'profile.sessionLifeMs'],
  H38: ['profile.leadingSlash', 'profile.concurrentSends'],
  H39: ['profile.refusedSends'],
  H44: ['profile.createTime'],
  H46: ['profile.silentPopupEvent'],
  H51: ['clientProfile.privacyRefusal'],
  H52: ['clientProfile.templateIds', 'clientProfile.subscribePanel'],
}

const defaults: Readonly<Record<string, unknown>> = {
  ...prefixed('clientProfile', clientProfiles.strict),
  ...prefixed('profile', defaultProfile),
}

/** What is played unless somebody says otherwise, as it is written in the config file. */
export const defaultOf = (option: OpenOption): string => JSON.stringify(defaults[option])

function prefixed(name: string, profile: object): Record<string, unknown> {
  return Object.fromEntries(Object.entries(profile).map(([key, value]) => [`${name}.${key}`, value]))
}
