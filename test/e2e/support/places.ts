import { resolve } from 'node:path';

/** The project's folder. */
export const root = resolve(import.meta.dirname, '../../..');
/** Where `fillWorkspace` leaves the workspace that tests copy. */
export const preparedWorkspace = resolve(root, 'out/e2e/workspace');
