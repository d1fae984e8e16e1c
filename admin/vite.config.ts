import vue from '@vitejs/plugin-vue'
import Components from 'unplugin-vue-components/vite'
import { ElementPlusResolver } from 'unplugin-vue-components/resolvers'
import { defineConfig } from 'vite'
import { precompressed } from './build/precompressed.ts'

/** Of its own room: the root's vite.config.ts builds the mini-program. */
export default defineConfig({
  root: import.meta.dirname,
  // Served at /admin/, or below whatever path a proxy adds.
  base: './',
  plugins: [
    vue(),
    // A page loads the components it shows, with their styles, and no others.
    Components({ dirs: [], resolvers: [ElementPlusResolver()], dts: 'src/components.d.ts' }),
    precompressed(),
  ],
  build: { target: 'es2022', reportCompressedSize: false },
  server: { host: '127.0.0.1', port: 5302, proxy: { '/admin': proxied(), '/sys': proxied() } },
})

/** `npm run dev -w admin` talks to the backend of `npm start`. */
function proxied() {
  return { target: 'http://127.0.0.1:5301' }
}
