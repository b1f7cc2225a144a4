import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

/** Builds the console into `dist/console`, which the server hands out. `npx vite` serves it for development. */
const server = process.env['MILLRACE_URL'] ?? 'http://127.0.0.1:8080'

export default defineConfig({
  root: 'src/console',
  plugins: [react()],
  build: {
    outDir: '../../dist/console',
    emptyOutDir: true,
    // The page's policy allows nothing but files from here: no data: addresses.
    assetsInlineLimit: 0,
    // The pages ship as one stylesheet, so that none is ever shown without its own.
    cssCodeSplit: false,
  },
  server: { proxy: { '/api': { target: server, changeOrigin: true, headers: { origin: server } } } },
})
