import uni from '@dcloudio/vite-plugin-uni'
import { defineConfig } from 'vite'

// what every uni-app project has, and one line for the program's content.js, which is CommonJS
export default defineConfig({
  plugins: [(typeof uni === 'function' ? uni : uni.default)()],
  build: { commonjsOptions: { include: [/node_modules/, /src\/content\.js$/] } },
})
