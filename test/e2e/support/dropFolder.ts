/** Drops a folder on the window as a file manager does: the browser makes the DataTransfer with its directory entries itself. */
import type { Page } from 'playwright/test';

export async function dropFolder(page: Page, folder: string): Promise<void> {
  const session = await page.context().newCDPSession(page);
  const place = { x: 600, y: 400 };
  const data = { items: [], files: [folder], dragOperationsMask: 1 };
  for (const type of ['dragEnter', 'dragOver', 'drop'] as const)
    await session.send('Input.dispatchDragEvent', { type, ...place, data });
  await session.detach();
}
