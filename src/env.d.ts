/// <reference types="vite/client" />

declare module '*.vue' {
  import type { DefineComponent } from 'vue'
  const component: DefineComponent
  export default component
}

interface ImportMetaEnv {
  /** Where the backend is, without a slash at the end. */
  readonly VITE_API_BASE_URL: string
  /** The template purposes to ask for, separated by commas; empty means all that the backend offers. */
  readonly VITE_TEMPLATE_PURPOSES: string
  /** Ask again when fewer messages than this are left: a whole number from 1 to 20. */
  readonly VITE_ASK_BELOW: string
  /** At least so many minutes between two panels nobody asked for: a whole number from 0 to 10080. */
  readonly VITE_ASK_PAUSE_MINUTES: string
}
