/// <reference types="vite/client" />

declare module '*.vue' {
  import type { DefineComponent } from 'vue'
  const component: DefineComponent
  export default component
}

interface ImportMetaEnv {
  /** Where the backend is, without a slash at the end. */
  readonly VITE_API_BASE_URL: string
}
