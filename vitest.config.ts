import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

// `npm run regress` adds the long runs, which live in files named *.regress.ts.
const long = process.env.SPINFIRE_REGRESS === '1' ? ['test/**/*.regress.ts'] : [];

// As in tsconfig.json: in the checkout the package is its source.
const alias = [
  { find: /^spinfire$/, replacement: fileURLToPath(new URL('src/index.ts', import.meta.url)) },
  { find: /^spinfire\/(\w+)$/, replacement: `${fileURLToPath(new URL('src', import.meta.url))}/$1/index.ts` },
];

export default defineConfig({
  resolve: { alias },
  test: { include: ['test/**/*.test.ts', ...long], testTimeout: 240_000, hookTimeout: 240_000 },
});
