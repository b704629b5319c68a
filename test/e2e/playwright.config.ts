/** End-to-end tests: a real browser with software GL against a real `ilium serve`, one at a time on a small machine. */
import { defineConfig } from 'playwright/test';
import { findChromium } from './support/findChromium.ts';

const executablePath = findChromium();

export default defineConfig({
  testDir: '.',
  testMatch: '*.spec.ts',
  outputDir: '../../out/e2e/results',
  globalSetup: './support/prepare.ts',
  workers: 1,
  fullyParallel: false,
  forbidOnly: Boolean(process.env['CI']),
  timeout: 120_000,
  expect: { timeout: 15_000 },
  reporter: [['list'], ['./support/figuresReporter.ts']],
  use: {
    browserName: 'chromium',
    viewport: { width: 1440, height: 900 },
    locale: 'en-GB',
    colorScheme: 'dark',
    screenshot: 'only-on-failure',
    actionTimeout: 15_000,
    launchOptions: {
      ...(executablePath === undefined ? {} : { executablePath }),
      args: [
        '--no-sandbox',
        '--use-gl=angle',
        '--use-angle=swiftshader',
        '--enable-unsafe-swiftshader',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
        // For the figures of memory: garbage can be collected when asked, and its size is told exactly.
        '--js-flags=--expose-gc',
        '--enable-precise-memory-info',
      ],
    },
  },
});
