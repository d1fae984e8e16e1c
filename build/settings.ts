import { loadEnv } from 'vite'
import type { BuildSettings } from './configuration.ts'

/** What operations adds to the build's settings; none of it reaches the phone. */
export interface OpsSettings extends BuildSettings {
  WECHAT_PRIVATE_KEY_PATH?: string
  WECHAT_CI_ROBOT?: string
  WECHAT_ACCESS_TOKEN?: string
  WECHAT_SECRET?: string
  WECHAT_API_BASE?: string
}

/**
 * The settings of a mode as the command line and HBuilderX both see them.
 * @param root the folder of the .env files
 */
export const readSettings = (mode: string, root: string): OpsSettings =>
  loadEnv(mode, root, ['VITE_API_BASE_URL', 'VITE_TEMPLATE_PURPOSES', 'VITE_ASK_', 'WECHAT_'])
