import { defineConfig } from 'vitest/config';

// `npm run regress` adds the long runs, which live in files named *.regress.ts.
const long = process.env.SPINFIRE_REGRESS === '1' ? ['test/**/*.regress.ts'] : [];

export default defineConfig({
  test: { include: ['test/**/*.test.ts', ...long], testTimeout: 240_000, hookTimeout: 240_000 },
});
