export { startEmulator, type Emulator } from './node/emulator.ts'
export type { EmulatorOptions } from './node/options.ts'
export { accountNumber, startCloud, type CloudServerOptions, type RunningCloud } from './node/start-cloud.ts'
export { StartError } from './node/start-error.ts'
export type { DeskActionConfig } from './node/desk-actions.ts'
export type { Cloud } from './cloud/cloud.ts'
export type { Account } from './cloud/options.ts'
export type { CloudProfile } from './cloud/profile.ts'
export { BadPushTarget, type PushTarget } from './cloud/push/target.ts'
export type { PushFault } from './cloud/push/faults.ts'
export type { PushRecord, PushVerification } from './cloud/push/record.ts'
export type { AcceptedSend } from './cloud/send.ts'
export type { EnvVersion, PrivacyAgreement, PrivacyApi } from './release.ts'
export { connectEmulator, EmulatorRefusal, type EmulatorControl } from './control/index.ts'
export { BadState } from './cloud/state-reader.ts'
export type {
  CallRecord,
  ClockState,
  CloudCall,
  Fault,
  FaultEntry,
  LatencyState,
  NewAccount,
  PhoneFault,
  PhoneState,
  SavedState,
} from './protocol.ts'
