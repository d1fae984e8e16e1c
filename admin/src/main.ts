import { provideGlobalConfig, type ConfigProviderContext } from 'element-plus'
import { zhCn } from 'element-plus/es/locale/index'
import { createPinia } from 'pinia'
import { createApp } from 'vue'
import 'element-plus/theme-chalk/dark/css-vars.css'
import './styles/theme.css'
import App from './App.vue'
import { router } from './router.ts'
import { restoreTheme } from './theme.ts'

restoreTheme()
const app = createApp(App).use(createPinia()).use(router)
// its type of `locale` is written for Vue 3.5 and fits nothing under 3.4
provideGlobalConfig({ locale: zhCn } as unknown as ConfigProviderContext, app, true)
app.mount('#app')
