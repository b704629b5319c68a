import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vitest/config';

const training = [
  'test/parity/**/*.test.ts',
  ...['compareExperiment', 'demo', 'tensorWebgpu', 'training', 'windowJobs'].map(
    (name) => `test/integration/${name}.test.ts`,
  ),
];

export default defineConfig({
  test: {
    // One worker per core; by itself Vitest leaves one core of two idle.
    maxWorkers: '100%',
    projects: [
      {
        test: {
          name: 'unit',
          include: ['test/unit/**/*.test.ts', 'test/architecture/**/*.test.ts'],
          testTimeout: 60_000,
        },
      },
      {
        // The window's controllers and components; those that need a document say so: `// @vitest-environment jsdom`.
        plugins: [svelte()],
        resolve: { conditions: ['browser'] },
        test: { name: 'window', include: ['test/renderer/**/*.test.ts'], testTimeout: 60_000 },
      },
      {
        test: {
          name: 'integration',
          include: ['test/integration/**/*.test.ts'],
          exclude: training,
          testTimeout: 600_000,
          hookTimeout: 600_000,
        },
      },
      {
        // These keep every core busy by themselves: one after the other, when all else is done.
        test: {
          name: 'training',
          include: training,
          testTimeout: 600_000,
          hookTimeout: 600_000,
          fileParallelism: false,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});
